package normalize

import "strings"

// keyCache remembers what secretKey said: sources use the same names again.
type keyCache [256]struct {
	key    string
	secret bool
}

// secret is secretKey.
func (k *keyCache) secret(key string) bool {
	n := len(key)
	if n < 3 {
		return false
	}
	e := &k[byte(n*7+int(key[0])*31+int(key[n/2])*13+int(key[n-1])+int(key[n-2])*5)]
	if e.key != key {
		if n > 64 {
			return secretKey(key)
		}
		e.key, e.secret = strings.Clone(key), secretKey(key)
	}
	return e.secret
}

// secretKey reports whether a member of that name holds a secret.
func secretKey(key string) bool {
	if len(key) < 3 {
		return false
	}
	key = key[max(0, len(key)-64):] // of a long path, its end
	if !maybeSecret(key) {
		return false
	}
	var buf [64]byte
	for i := range len(key) {
		buf[i] = lower(key[i])
	}
	k := string(buf[:len(key)])
	switch k {
	case "sig", "pwd", "pass", "otp", "jwt", "secret_id", "cookie", "set-cookie", "authorization", "proxy-authorization", "samlresponse":
		return true
	}
	for _, end := range [...]string{"token", "assertion", "passcode", "passphrase", "subscription-key", "functions-key", "connectionstring", "connection_string", "accountkey", "account_key", "signingkey", "signing_key", "masterkey", "master_key"} {
		if strings.HasSuffix(k, end) {
			return !harmlessToken(k)
		}
	}
	for i := range len(k) - 5 {
		switch k[i] {
		case 'p', 's', 'a':
			if n := secretWord(k[i:]); n > 0 && !about(k[i+n:]) {
				return true
			}
		}
	}
	return false
}

// harmlessToken reports whether a token marks a place in a list, or is a digest.
func harmlessToken(k string) bool {
	switch k {
	case "hashed_token", "nexttoken", "next_token", "pagetoken", "page_token", "nextpagetoken", "next_page_token", "synctoken", "nextsynctoken", "skiptoken", "$skiptoken", "continuationtoken":
		return true
	default:
		return false
	}
}

var secretWords = [...]string{
	"password", "passwd", "privatekey", "private_key", "private-key",
	"secret",
	"apikey", "api_key", "api-key", "accesskey", "access_key", "access-key",
}

// secretWord returns the length of the word that k starts with, or 0.
func secretWord(k string) int {
	for _, w := range secretWords {
		if k[0] == w[0] && strings.HasPrefix(k, w) {
			return len(w)
		}
	}
	return 0
}

// about reports whether what follows a secret word in a name makes it the name
// of something about the secret: passwordChanged, passwordPolicies, accessKeyId.
func about(rest string) bool {
	if rest == "" {
		return false
	}
	rest = strings.TrimLeft(rest, "_-. ")
	for _, w := range [...]string{
		"polic", "change", "chang", "expir", "status", "type", "lastset", "last_set", "age", "count", "enabled", "required",
		"length", "strength", "history", "id", "name", "ref", "version", "reset", "sync", "strategy", "created", "updated", "rotat", "health",
	} {
		if strings.HasPrefix(rest, w) && !strings.Contains(rest, "token") {
			return true
		}
	}
	return false
}

// counting reports whether numbers of that name count or date something.
func counting(key string) bool {
	return len(key) > 2 && (strings.HasSuffix(key, "_at") || strings.HasSuffix(key, "At") || strings.HasSuffix(key, "s"))
}

// idKey reports whether a member of that name holds an id, a digest or a
// version: random, and no secret.
func idKey(key string) bool {
	key = key[max(0, len(key)-24):]
	var buf [24]byte
	for i := range len(key) {
		buf[i] = lower(key[i])
	}
	k := string(buf[:len(key)])
	for _, end := range [...]string{
		"id", "ids", "hash", "etag", "version", "digest", "checksum", "fingerprint", "thumbprint", "sha256", "sha1", "md5",
		"ref", "key", "keys", "urn", "cursor", "pagetoken", "synctoken", "nexttoken", "skiptoken", "nextlink", "path", "parents", "reference", "uniquequalifier",
	} {
		if strings.HasSuffix(k, end) {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if c-'A' < 26 {
		c += 'a' - 'A'
	}
	return c
}

// maybeSecret reports whether key has all the letters of a name that secretKey
// looks for, in whatever order, and its length: most names have not.
func maybeSecret(key string) bool {
	var have uint32
	for i := range len(key) {
		have |= 1 << (key[i] & 31)
	}
	for _, s := range secretLetters {
		if have&s.need == s.need && (s.length == 0 || s.length == len(key)) {
			return true
		}
	}
	return false
}

var secretLetters = [...]struct {
	need   uint32
	length int // of names that are secret as a whole only
}{
	{letters("secret"), 0},
	{letters("pas"), 0}, // password, passwd, passcode, passphrase
	{letters("key"), 0},
	{letters("token"), 0},
	{letters("assertion"), 0},
	{letters("connectionstring"), 0},
	{letters("sig"), 3},
	{letters("pwd"), 3},
	{letters("otp"), 3},
	{letters("jwt"), 3},
	{letters("cookie"), 6},
	{letters("cookie"), 10},
	{letters("authorization"), 13},
	{letters("authorization"), 19},
	{letters("samlresponse"), 12},
}

func letters(word string) (set uint32) {
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}
