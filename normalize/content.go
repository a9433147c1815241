package normalize

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/runledger/runledger/normalize/jsonx"
)

// HashOf returns "sha256:" and the SHA-256 of a text as it is stored, or "" for
// an empty one: what is left to compare with once the text is gone.
func (c *Context) HashOf(stored string) string {
	if stored == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(stored))
	return c.Write(func(dst []byte) []byte { return hex.AppendEncode(append(dst, "sha256:"...), sum[:]) })
}

// Prose returns v, or the JSON that stands in it as Inner does, where v may as
// well be words that start with a bracket. It is Missing for JSON that was cut.
func Prose(v jsonx.Value) jsonx.Value {
	inner := Inner(v)
	if text := strings.TrimSpace(v.Str()); !inner.Exists() && strings.HasPrefix(text, "[") {
		if next := strings.TrimSpace(text[1:]); next == "" || !strings.Contains(`{["`, next[:1]) {
			return v
		}
	}
	return inner
}

// Members returns one JSON object of names and the JSON texts that follow
// them, without those that are empty, or "" if all are.
func (c *Context) Members(pairs ...string) string {
	text := c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i+1] == "" {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(AppendString(dst, pairs[i]), ':')
			dst = append(dst, pairs[i+1]...)
		}
		return append(dst, '}')
	})
	if text == "{}" {
		return ""
	}
	return text
}
