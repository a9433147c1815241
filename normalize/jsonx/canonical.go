package jsonx

import (
	"slices"
)

// AppendCanonical appends v in the form of RFC 8785: no white space, members
// sorted by key in UTF-16 order, as few escapes as possible. Numbers keep the
// text of the source, other than there. Missing appends nothing.
func AppendCanonical(dst []byte, v Value) []byte {
	switch v.Kind() {
	case String:
		return appendString(dst, v.Str())
	case Object:
		return appendMembers(dst, v)
	case Array:
		dst = append(dst, '[')
		for item := v.First(); item.Exists(); item = item.Next() {
			if item.i != v.i+1 {
				dst = append(dst, ',')
			}
			dst = AppendCanonical(dst, item)
		}
		return append(dst, ']')
	}
	return append(dst, v.Raw()...)
}

func appendMembers(dst []byte, v Value) []byte {
	var few [fewKeys]Value
	members := few[:0]
	for m := v.First(); m.Exists(); m = m.Next() {
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b Value) int { return compare(a.Key(), b.Key()) })
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, m.Key()), ':')
		dst = AppendCanonical(dst, m)
	}
	return append(dst, '}')
}

// compare orders UTF-8 as its UTF-16 code units would be: characters beyond
// 16 bits, which start with 0xf0 or more, come before U+E000 to U+FFFF, which
// start with 0xee or 0xef.
func compare(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := a[i], b[i]; x != y {
			if x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0) {
				x, y = y, x
			}
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c >= ' ':
			dst = append(dst, c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(dst, '"')
}
