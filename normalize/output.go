package normalize

import "strconv"

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
