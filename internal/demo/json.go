package demo

import (
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// obj is a JSON object: keys and values by turns, in the order in which a
// vendor writes them. Members that are nil, an empty string or an empty list
// are left out.
type obj []any

// list is a JSON array of objects.
type list []obj

// null is a member that is written as null.
type null struct{}

// layout is RFC 3339 with milliseconds, as most vendors write it.
const layout = "2006-01-02T15:04:05.000Z"

func (o obj) bytes() []byte { return appendJSON(nil, o) }

func appendJSON(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendString(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case bool:
		return strconv.AppendBool(dst, v)
	case null:
		return append(dst, "null"...)
	case time.Time:
		dst = append(dst, '"')
		dst = v.UTC().AppendFormat(dst, layout)
		return append(dst, '"')
	case obj:
		return appendObject(dst, v)
	case list:
		return appendList(dst, v)
	case []string:
		return appendList(dst, v)
	default:
		panic(fmt.Sprintf("demo: no JSON for %T", v))
	}
}

func appendObject(dst []byte, o obj) []byte {
	dst = append(dst, '{')
	for i := 0; i < len(o); i += 2 {
		if absent(o[i+1]) {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = appendString(dst, o[i].(string))
		dst = append(dst, ':')
		dst = appendJSON(dst, o[i+1])
	}
	return append(dst, '}')
}

func appendList[T any](dst []byte, l []T) []byte {
	dst = append(dst, '[')
	for i, v := range l {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendJSON(dst, v)
	}
	return append(dst, ']')
}

func absent(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case time.Time:
		return v.IsZero()
	case obj:
		return v == nil
	case list:
		return v == nil
	case []string:
		return v == nil
	default:
		return false
	}
}

// appendString appends s, which is UTF-8, as a JSON string.
func appendString(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' || c >= utf8.RuneSelf {
			continue
		}
		dst = append(dst, s[start:i]...)
		if c == '"' || c == '\\' {
			dst = append(dst, '\\', c)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		start = i + 1
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}
