package normalize

import (
	"encoding/base64"
	"math"
	"strings"
)

// The classes of bytes that tokens are made of.
const (
	lowerCase = 1 << iota
	upperCase
	digit
	mark // + / _ -
)

// class tells the class of each byte; 0 ends a run.
var class = func() (t [256]byte) {
	for c := range t {
		switch b := byte(c); {
		case b >= 'a' && b <= 'z':
			t[c] = lowerCase
		case b >= 'A' && b <= 'Z':
			t[c] = upperCase
		case b >= '0' && b <= '9':
			t[c] = digit
		case b == '+' || b == '/' || b == '_' || b == '-':
			t[c] = mark
		}
	}
	return t
}()

// known is a kind of secret that starts with a word of its own.
type known struct {
	prefix      string
	most, least int  // bytes of its body; most 0: no bound
	needs       byte // classes of bytes that its body holds
	rule        rule
}

var knownSecrets = [...]known{
	{"ghp_", 0, 20, 0, "github_token"},
	{"gho_", 0, 20, 0, "github_token"},
	{"ghu_", 0, 20, 0, "github_token"},
	{"ghs_", 0, 20, 0, "github_token"},
	{"ghr_", 0, 20, 0, "github_token"},
	{"github_pat_", 0, 20, 0, "github_token"},
	{"glpat-", 0, 16, 0, "gitlab_token"},
	{"glrt-", 0, 16, 0, "gitlab_token"},
	{"gldt-", 0, 16, 0, "gitlab_token"},
	{"xoxa-", 0, 10, digit, "slack_token"},
	{"xoxb-", 0, 10, digit, "slack_token"},
	{"xoxe-", 0, 10, digit, "slack_token"},
	{"xoxo-", 0, 10, digit, "slack_token"},
	{"xoxp-", 0, 10, digit, "slack_token"},
	{"xoxr-", 0, 10, digit, "slack_token"},
	{"xoxs-", 0, 10, digit, "slack_token"},
	{"xapp-", 0, 10, digit, "slack_token"},
	{"AKIA", 16, 16, upperCase, "aws_key"},
	{"ASIA", 16, 16, upperCase, "aws_key"},
	{"AIza", 0, 30, 0, "google_key"},
	{"GOCSPX-", 0, 20, 0, "google_key"},
	{"sk_live_", 0, 10, 0, "stripe_key"},
	{"sk_test_", 0, 10, 0, "stripe_key"},
	{"rk_live_", 0, 10, 0, "stripe_key"},
	{"rk_test_", 0, 10, 0, "stripe_key"},
	{"whsec_", 0, 20, 0, "webhook_secret"},
	{"sk-", 0, 20, digit, "api_key"},
	{"npm_", 36, 36, 0, "npm_token"},
	{"pypi-", 0, 40, 0, "pypi_token"},
	{"hf_", 0, 30, upperCase, "huggingface_token"},
	{"dop_v1_", 0, 40, 0, "digitalocean_token"},
	{"shpat_", 0, 30, 0, "shopify_token"},
	{"dapi", 34, 32, digit, "databricks_token"},
	{"LTAI", 26, 12, digit, "alibaba_key"},
}

// dotted are secrets whose own word ends at a full stop.
var dotted = [...]struct {
	word string
	rule rule
}{{"SG", "sendgrid_key"}, {"ya29", "google_token"}, {"hvs", "vault_token"}, {"hvb", "vault_token"}}

// leads are the bytes that knownSecrets start with.
var leads = func() (t [256]bool) {
	for _, k := range knownSecrets {
		t[k.prefix[0]] = true
	}
	return t
}()

// knownSecret returns the rule that token is a secret by, or "".
func knownSecret(token string) rule {
	if !leads[token[0]] {
		return ""
	}
	for i := range knownSecrets {
		k := &knownSecrets[i]
		if !strings.HasPrefix(token, k.prefix) {
			continue
		}
		body := token[len(k.prefix):]
		if len(body) >= k.least && (k.most == 0 || len(body) <= k.most) && classes(body)&k.needs == k.needs {
			return k.rule
		}
	}
	return ""
}

func classes(s string) (set byte) {
	for i := range len(s) {
		set |= class[s[i]]
	}
	return set
}

// Randomness from which on a run is taken for a secret.
const (
	minRandom    = 20   // bytes
	minEntropy   = 4.0  // bits in a byte
	minAlternate = 0.35 // of neighbours that are of different classes

	longRandom  = 32 // of so many bytes fewer signs are asked for
	longEntropy = 4.5
	longChanges = 0.28
)

// random reports whether s looks drawn by lot. Random base62 holds all three
// classes and changes between them at two of three steps; words in camel case
// change at one of four. Hexadecimal, UUIDs, ULIDs and base32 have one case.
func random(s string) bool {
	const letters, all = lowerCase | upperCase, lowerCase | upperCase | digit
	set := classes(s)
	if len(s) < minRandom || set&letters != letters || vendorID(s) {
		return false
	}
	changes, steps := 0, 0
	for i := 1; i < len(s); i++ {
		a, b := class[s[i-1]]&all, class[s[i]]&all
		if a == 0 || b == 0 {
			continue
		}
		steps++
		if a != b {
			changes++
		}
	}
	alternate := float64(changes) / float64(max(steps, 1))
	switch {
	case alternate < longChanges:
		return false
	case len(s) >= longRandom && (set&digit != 0 || alternate >= minAlternate) && entropy(s) >= longEntropy:
		return true
	default:
		return set&digit != 0 && alternate >= minAlternate && entropy(s) >= minEntropy
	}
}

// entropy is in bits for each byte.
func entropy(s string) float64 {
	var count [256]uint16
	for i := range min(len(s), math.MaxUint16) {
		count[s[i]]++
	}
	var sum float64
	for _, n := range count {
		if n > 1 {
			sum += float64(n) * math.Log2(float64(n))
		}
	}
	return math.Log2(float64(len(s))) - sum/float64(len(s))
}

// vendorID reports whether s is an id as Okta makes them: 20 characters that
// start with its kind, 00u or 0oa.
func vendorID(s string) bool {
	return len(s) == 20 && s[0] == '0' && class[s[1]]&(lowerCase|digit) != 0 && class[s[2]]&(lowerCase|digit) != 0 && !strings.ContainsAny(s, "+/_-")
}

// basic reports whether s is the base64 of user:password.
func basic(s string) bool {
	s = strings.TrimRight(s, "=")
	plain, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return false
	}
	user, password, ok := strings.Cut(string(plain), ":")
	return ok && password != "" && user == strings.ToValidUTF8(user, "")
}

// harmless reports whether a value in a text says that there is none, or was
// masked before.
func harmless(s string) bool {
	if strings.Trim(s, "*") == "" || s[0] == '%' || placeholder(s) {
		return true
	}
	for _, word := range [...]string{"null", "none", "nil", "true", "false"} {
		if strings.EqualFold(s, word) {
			return true
		}
	}
	return false
}

// placeholder reports whether s starts with one: [redacted], <password>,
// ${PASSWORD}, {{password}}.
func placeholder(s string) bool {
	const most = 64
	if s == "" {
		return false
	}
	s = s[:min(len(s), most)]
	switch s[0] {
	case '[':
		return strings.HasPrefix(s, Masked[:len(Masked)-1])
	case '<':
		return strings.IndexByte(s, '>') > 0
	case '$', '{':
		return strings.IndexByte(s, '}') > 0
	}
	return false
}
