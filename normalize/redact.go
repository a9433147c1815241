package normalize

import (
	"slices"
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize/jsonx"
)

// Masked stands where a secret was.
const Masked = "[redacted]"

// redaction remembers which members of one element were masked.
type redaction struct {
	fields []string
	sparse bool // leave out members that are null
}

// note remembers that a member of that name was masked.
func (x *redaction) note(name string) {
	if !slices.Contains(x.fields, name) {
		x.fields = append(x.fields, name)
	}
}

// names returns the names of the masked members, separated by blanks.
func (x *redaction) names(a *arena) string {
	if len(x.fields) == 0 {
		return ""
	}
	start := a.mark()
	for i, name := range x.fields {
		if i > 0 {
			a.buf = append(a.buf, ' ')
		}
		a.buf = append(a.buf, name...)
	}
	return a.since(start)
}

// appendJSON appends v as compact JSON in the order of the source, secrets
// masked. An object that a secret name points to is masked as a whole.
func (x *redaction) appendJSON(dst []byte, v jsonx.Value, key string) []byte {
	switch v.Kind() {
	case jsonx.Object:
		if secretKey(key) && v.Len() > 0 {
			x.note(key)
			return AppendString(dst, Masked)
		}
		dst = append(dst, '{')
		for m := v.First(); m.Exists(); m = m.Next() {
			if x.sparse && m.IsNull() {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = AppendString(dst, m.Key())
			dst = append(dst, ':')
			dst = x.appendJSON(dst, m, m.Key())
		}
		return append(dst, '}')
	case jsonx.Array:
		dst = append(dst, '[')
		for i, m := 0, v.First(); m.Exists(); i, m = i+1, m.Next() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = x.appendJSON(dst, m, key)
		}
		return append(dst, ']')
	case jsonx.String:
		s, raw := v.Str(), v.Raw()
		if masked := x.mask(key, s); masked != s || len(raw) != len(s)+2 {
			return AppendString(dst, masked)
		}
		return append(dst, raw...) // no escapes in it, nothing masked
	default:
		if v.Kind() == jsonx.Number && secretKey(key) {
			x.note(key)
			return AppendString(dst, Masked)
		}
		return append(dst, v.Raw()...)
	}
}

// mask returns s, or what may be stored instead of it.
func (x *redaction) mask(key, s string) string {
	switch {
	case s == "":
		return s
	case secretKey(key):
		x.note(key)
		return Masked
	case s[0] == '/' || strings.IndexByte(s, ':') > 0 && strings.Contains(s, "://"):
		if masked, found := maskURL(s); found {
			x.note(key)
			return masked
		}
	}
	return s
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
	k := buf[:len(key)]
	switch string(k) {
	case "sig", "pwd", "cookie", "set-cookie", "authorization", "proxy-authorization", "jwt", "assertion":
		return true
	case "nexttoken":
		return false
	}
	for i := range len(k) - 5 {
		switch k[i] {
		case 'p':
			if hasAnyPrefix(k[i:], "password", "passwd", "privatekey", "private_key") {
				return true
			}
		case 's':
			if hasAnyPrefix(k[i:], "secret") {
				return true
			}
		case 'a':
			if hasAnyPrefix(k[i:], "apikey", "api_key", "api-key") {
				return true
			}
		}
	}
	return len(k) >= 5 && string(k[len(k)-5:]) == "token"
}

func lower(c byte) byte {
	if c-'A' < 26 {
		c += 'a' - 'A'
	}
	return c
}

func hasAnyPrefix(k []byte, words ...string) bool {
	for _, w := range words {
		if len(k) >= len(w) && string(k[:len(w)]) == w {
			return true
		}
	}
	return false
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
	{letters("passwd"), 0},
	{letters("key"), 0},
	{letters("token"), 0},
	{letters("sig"), 3},
	{letters("pwd"), 3},
	{letters("jwt"), 3},
	{letters("cookie"), 6},
	{letters("cookie"), 10},
	{letters("assertion"), 9},
	{letters("authorization"), 13},
	{letters("authorization"), 19},
}

func letters(word string) (set uint32) {
	for i := range len(word) {
		set |= 1 << (word[i] & 31)
	}
	return set
}

// maskURL cuts the credentials out of a URL: user info and signing parameters.
func maskURL(s string) (string, bool) {
	found := false
	if at := strings.IndexByte(s, '@'); at > 0 {
		if scheme := strings.Index(s, "://"); scheme > 0 && scheme+3 < at {
			if user := s[scheme+3 : at]; !strings.ContainsAny(user, "/?#") && strings.Contains(user, ":") {
				s, found = s[:scheme+3]+Masked+s[at:], true
			}
		}
	}
	for _, param := range [...]string{"sig=", "signature=", "X-Amz-Signature=", "X-Goog-Signature=", "token=", "access_token=", "code="} {
		at := indexParam(s, param)
		if at < 0 {
			continue
		}
		start := at + len(param)
		end := start + strings.IndexAny(s[start:]+"&", "&# \"'")
		s, found = s[:start]+Masked+s[end:], true
	}
	return s, found
}

func indexParam(s, param string) int {
	for _, lead := range [...]string{"?", "&"} {
		if i := strings.Index(s, lead+param); i >= 0 {
			return i + 1
		}
	}
	return -1
}

// AppendString appends s as a JSON string.
func AppendString(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		start = i + 1
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

// AppendJSON appends r as one JSON object without its empty fields: what
// `runledger normalize` prints.
func AppendJSON(dst []byte, r *Record) []byte {
	dst = append(dst, `{"kind":"`...)
	dst = append(dst, r.Kind.String()...)
	dst = append(dst, '"')
	for i := range fields {
		dst = appendField(dst, &fields[i], r)
	}
	return append(dst, '}')
}

func appendField(dst []byte, f *Field, r *Record) []byte {
	before := len(dst)
	dst = append(dst, ',', '"')
	dst = append(dst, f.Name...)
	dst = append(dst, '"', ':')
	switch f.Type {
	case Text:
		if s := f.Text(r); s != "" {
			if isJSON(f.Name) {
				return append(dst, s...)
			}
			return AppendString(dst, s)
		}
	case Int:
		if n := f.Int(r); n != 0 {
			return strconv.AppendInt(dst, n, 10)
		}
	case Time:
		if n := Micros(f.Int(r)); n != 0 {
			return AppendString(dst, n.String())
		}
	case Flag:
		if f.Flag(r) {
			return append(dst, "true"...)
		}
	case UUID:
		if id := f.ID(r); id != (ID{}) {
			return AppendString(dst, id.String())
		}
	case Digest:
		if h := f.Hash(r); *h != (Hash{}) {
			return AppendString(dst, h.String())
		}
	}
	return dst[:before]
}

// isJSON reports whether a field holds JSON text, to be shown as it is.
func isJSON(name string) bool {
	switch name {
	case "unmapped", "counts", "step_log", "changes", "payload", "tool_calls":
		return true
	default:
		return false
	}
}
