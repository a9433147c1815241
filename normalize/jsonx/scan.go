package jsonx

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

func skipSpace(src []byte, i int) int {
	for i < len(src) && src[i] <= ' ' && (src[i] == ' ' || src[i] == '\n' || src[i] == '\r' || src[i] == '\t') {
		i++
	}
	return i
}

func literal(src []byte, i int, word string) (int, *Error) {
	if end := i + len(word); end <= len(src) && string(src[i:end]) == word {
		return end, nil
	}
	for n := range word {
		if i+n == len(src) || src[i+n] != word[n] {
			return i, want(word, src, i+n)
		}
	}
	return i + len(word), nil
}

// number returns the offset after the number at src[i].
func number(src []byte, i, most int) (int, *Error) {
	start := i
	if src[i] == '-' {
		i++
	}
	first, signs := i, i-start
	if i = afterDigits(src, i); i == first {
		if i == start {
			return i, want("a value", src, i)
		}
		return i, want("a digit after '-'", src, i)
	}
	if src[first] == '0' && i > first+1 {
		return i, fail(Malformed, first, "number with a leading zero")
	}
	if i < len(src) && src[i] == '.' {
		from := i + 1
		if i = afterDigits(src, from); i == from {
			return i, want("a digit after '.'", src, i)
		}
		signs++
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		from := i + 1
		if from < len(src) && (src[from] == '+' || src[from] == '-') {
			from++
		}
		signs += from - i
		if i = afterDigits(src, from); i == from {
			return i, want("a digit in the exponent", src, i)
		}
	}
	if i-start-signs > most {
		return i, over(NumberTooLong, start, most, "digits")
	}
	return i, nil
}

func afterDigits(src []byte, i int) int {
	for i < len(src) && src[i]-'0' <= 9 {
		i++
	}
	return i
}

// plain returns the offset of the first byte at or after src[i] that is a
// quote, a backslash, a control or not ASCII.
func plain(src []byte, i int) int {
	for i+8 <= len(src) {
		if hit := special(binary.LittleEndian.Uint64(src[i:])); hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
		i += 8
	}
	for i < len(src) && src[i]^0x02 > ' ' && src[i] < utf8.RuneSelf && src[i] != '\\' {
		i++
	}
	return i
}

// special sets the high bit of the first byte of w that is not plain, and
// maybe of later ones.
func special(w uint64) uint64 {
	const ones = 0x0101010101010101
	// Xor with 2 moves the quote next to the controls: all below 0x21. A
	// borrow only reaches bytes after a hit, so the first hit is exact.
	return ((w ^ 0x02*ones - 0x21*ones) | (w ^ '\\'*ones - ones) | w) & (0x80 * ones)
}

// rest scans the string whose text starts at src[start], where src[i] is the
// first byte that is not plain. It returns the offset after the closing quote
// and, if there were escapes, the index of the decoded text plus one.
func (d *Doc) rest(src []byte, start, i, most int) (end int, ref uint32, bad *Error) {
	mark, copied, escaped := len(d.arena), start, false
	for {
		if i == len(src) {
			return i, 0, want("the closing quote", src, i)
		}
		switch c := src[i]; {
		case c == '"':
			if !escaped {
				if i-start > most {
					return i, 0, over(StringTooLong, start-1, most, "bytes")
				}
				return i + 1, 0, nil
			}
			mark = d.grow(mark, src[copied:i])
			if len(d.arena)-mark > most {
				return i, 0, over(StringTooLong, start-1, most, "bytes")
			}
			text := d.arena[mark:]
			d.decoded = append(d.decoded, unsafe.String(unsafe.SliceData(text), len(text)))
			return i + 1, uint32(len(d.decoded)), nil
		case c == '\\':
			mark = d.grow(mark, src[copied:i])
			var r rune
			if r, i, bad = escape(src, i); bad != nil {
				return i, 0, bad
			}
			var buf [utf8.UTFMax]byte
			mark = d.grow(mark, utf8.AppendRune(buf[:0], r))
			copied, escaped = i, true
		case c < ' ':
			return i, 0, want("an escape for a control character", src, i)
		default:
			r, n := utf8.DecodeRune(src[i:])
			if r == utf8.RuneError && n <= 1 {
				if !utf8.FullRune(src[i:]) {
					return i, 0, want("the rest of a character", src, len(src))
				}
				return i, 0, fail(BadUTF8, i, "no character starts like this")
			}
			i += n
		}
		i = plain(src, i)
		if len(d.arena)-mark > most || i-copied > most {
			return i, 0, over(StringTooLong, start-1, most, "bytes")
		}
	}
}

// grow appends text to the string that starts at arena[mark]. If the chunk is
// full the string moves to a new one, where it starts at the returned mark;
// complete strings stay where they are.
func (d *Doc) grow(mark int, text []byte) int {
	if cap(d.arena)-len(d.arena) >= len(text) {
		d.arena = append(d.arena, text...)
		return mark
	}
	part := d.arena[mark:]
	chunk := make([]byte, 0, max(4<<10, 2*cap(d.arena), 2*(len(part)+len(text))))
	d.arena = append(append(chunk, part...), text...)
	return 0
}

// escape decodes the escape at src[i], a backslash.
func escape(src []byte, i int) (rune, int, *Error) {
	if i+1 == len(src) {
		return 0, i, want("an escape", src, i+1)
	}
	switch c := src[i+1]; c {
	case '"', '\\', '/':
		return rune(c), i + 2, nil
	case 'b':
		return '\b', i + 2, nil
	case 'f':
		return '\f', i + 2, nil
	case 'n':
		return '\n', i + 2, nil
	case 'r':
		return '\r', i + 2, nil
	case 't':
		return '\t', i + 2, nil
	case 'u':
		r, bad := hex4(src, i+2)
		if bad != nil || !utf16.IsSurrogate(r) {
			return r, i + 6, bad
		}
		if i+8 <= len(src) && src[i+6] == '\\' && src[i+7] == 'u' {
			low, bad := hex4(src, i+8)
			if bad != nil {
				return 0, i, bad
			}
			if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
				return pair, i + 12, nil
			}
		}
		return utf8.RuneError, i + 6, nil
	}
	return 0, i, want(`one of "\/bfnrtu after a backslash`, src, i+1)
}

func hex4(src []byte, i int) (r rune, bad *Error) {
	for n := i; n < i+4; n++ {
		if n >= len(src) {
			return 0, want("four hex digits", src, len(src))
		}
		switch c := src[n]; {
		case c-'0' <= 9:
			r = r<<4 | rune(c-'0')
		case c|0x20-'a' <= 5:
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, want("four hex digits", src, n)
		}
	}
	return r, nil
}
