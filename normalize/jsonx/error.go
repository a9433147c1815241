package jsonx

import (
	"fmt"
	"unicode/utf8"
)

// Code says why a text was refused. The set is closed, so that a code can be
// a metric label.
type Code string

// The codes.
const (
	Malformed     Code = "malformed"       // breaks the grammar of RFC 8259
	Truncated     Code = "truncated"       // ends inside a value: a torn record
	BadUTF8       Code = "bad_utf8"        // a string is not UTF-8
	DuplicateKey  Code = "duplicate_key"   // an object names a member twice
	TooDeep       Code = "too_deep"        // Limits.Depth
	TooManyKeys   Code = "too_many_keys"   // Limits.Keys
	TooManyItems  Code = "too_many_items"  // Limits.Items
	StringTooLong Code = "string_too_long" // Limits.StringBytes, or a text over 1 GiB
	NumberTooLong Code = "number_too_long" // Limits.NumberDigits
	Trailing      Code = "trailing"        // more text after the one value
	Empty         Code = "empty"           // nothing but white space
)

// Error is the error of every refused text.
type Error struct {
	Code   Code
	Offset int    // byte of the source at which it shows
	Detail string // what was wanted and what was there
}

// Error reads "malformed JSON at byte 17: want ':' after key, got 'x'".
func (e *Error) Error() string {
	return fmt.Sprintf("%s at byte %d: %s", e.Code.phrase(), e.Offset, e.Detail)
}

func (c Code) phrase() string {
	switch c {
	case BadUTF8:
		return "JSON with invalid UTF-8"
	case DuplicateKey:
		return "JSON with a duplicate key"
	case TooDeep:
		return "JSON nested too deep"
	case TooManyKeys:
		return "JSON object with too many keys"
	case TooManyItems:
		return "JSON array with too many items"
	case StringTooLong:
		return "JSON string too long"
	case NumberTooLong:
		return "JSON number too long"
	case Trailing:
		return "JSON with trailing text"
	}
	return string(c) + " JSON"
}

func fail(code Code, offset int, detail string) *Error {
	return &Error{Code: code, Offset: offset, Detail: detail}
}

func over(code Code, offset, limit int, unit string) *Error {
	return fail(code, offset, fmt.Sprintf("more than %d %s", limit, unit))
}

// want is the error for src[i] where something else has to stand, or for the
// end of src.
func want(what string, src []byte, i int) *Error {
	if i >= len(src) {
		return fail(Truncated, i, "want "+what+", got the end of the text")
	}
	if c := src[i]; c >= utf8.RuneSelf {
		return fail(Malformed, i, fmt.Sprintf("want %s, got byte 0x%02x", what, c))
	}
	return fail(Malformed, i, fmt.Sprintf("want %s, got %q", what, src[i]))
}
