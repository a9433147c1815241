package normalize

import (
	"encoding/hex"
	"strings"
)

// fingerprint groups errors of one cause: the hash of class, category, code and
// the message with its variable parts (numbers, hexadecimal ids, quoted text,
// addresses, whom and what the record is about) taken out. It is 16 hexadecimal
// digits.
func (n *Normalizer) fingerprint(r *Record) string {
	start := n.ctx.arena.mark()
	n.ctx.arena.buf = appendTemplate(n.ctx.arena.buf, r.ErrorMessage, r.SubjectName, r.ObjectName)
	template := n.ctx.arena.since(start)
	id := n.hash.id("fingerprint", string(r.ErrorClass), string(r.ErrorCategory), r.ErrorCode, r.ErrorType, template)
	start = n.ctx.arena.mark()
	n.ctx.arena.buf = hex.AppendEncode(n.ctx.arena.buf, id[:8])
	return n.ctx.arena.since(start)
}

// appendTemplate appends message with names and words that vary replaced by '#'.
func appendTemplate(dst []byte, message string, names ...string) []byte {
	for i := 0; i < len(message); {
		c := message[i]
		if c == '"' || c == '\'' || c == '`' {
			if end := closing(message, i); end > 0 {
				dst = append(dst, '#')
				i = end + 1
				continue
			}
		}
		if !wordByte(c) {
			dst = append(dst, c)
			i++
			continue
		}
		if n := named(message[i:], names); n > 0 {
			dst = append(dst, '#')
			i += n
			continue
		}
		end := i
		for end < len(message) && wordByte(message[end]) {
			end++
		}
		if variable(message[i:end]) {
			dst = append(dst, '#')
		} else {
			dst = append(dst, message[i:end]...)
		}
		i = end
	}
	return dst
}

// named returns the length of the name that s starts with, or 0.
func named(s string, names []string) int {
	for _, name := range names {
		if n := len(name); n > 2 && strings.HasPrefix(s, name) && wordEnds(s[n:]) {
			return n
		}
	}
	return 0
}

// wordEnds reports whether rest does not go on with the word before it; a full
// stop ends a sentence, but stands inside of an address.
func wordEnds(rest string) bool {
	rest = strings.TrimPrefix(rest, ".")
	return rest == "" || !wordByte(rest[0])
}

// closing returns the index of the quote that closes the one at i, or 0.
func closing(s string, i int) int {
	if i > 0 && wordByte(s[i-1]) { // an apostrophe
		return 0
	}
	for j := i + 1; j < len(s) && j-i < 256; j++ {
		if s[j] == s[i] {
			return j
		}
	}
	return 0
}

func wordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
		c == '_' || c == '-' || c == '.' || c == '@' || c >= 0x80
}

// variable reports whether a word names one thing rather than a kind of thing.
func variable(w string) bool {
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' || w[i] == '@' {
			return true
		}
	}
	return false
}
