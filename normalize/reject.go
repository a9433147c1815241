package normalize

import (
	"errors"
	"fmt"
	"io"

	"github.com/runledger/runledger/normalize/jsonx"
)

// Reason says why a payload was rejected. It is a metric label and a column of
// the dead letters, so the set is closed.
type Reason string

// The closed set of reasons.
const (
	Malformed     Reason = "malformed"      // not the JSON it claims to be
	Truncated     Reason = "truncated"      // ends in the middle: a torn record
	BadEncoding   Reason = "bad_encoding"   // not UTF-8, or a broken compression
	DuplicateKey  Reason = "duplicate_key"  // two readers would disagree on it
	LimitExceeded Reason = "limit_exceeded" // too deep, too long, too many
	Empty         Reason = "empty"          // nothing in it
	MissingField  Reason = "missing_field"  // a required member is absent
	BadType       Reason = "bad_type"       // a member has the wrong type
	BadValue      Reason = "bad_value"      // a member has an impossible value
	BadTime       Reason = "bad_time"       // a time that cannot be read or cannot be
	UnknownType   Reason = "unknown_type"   // an event this format does not know
	UnknownSource Reason = "unknown_source" // no such format
	UnknownTenant Reason = "unknown_tenant" // the message does not say whose it is
)

// Reasons lists every Reason, for metrics and documentation.
func Reasons() []Reason {
	return []Reason{
		Malformed, Truncated, BadEncoding, DuplicateKey, LimitExceeded, Empty, MissingField,
		BadType, BadValue, BadTime, UnknownType, UnknownSource, UnknownTenant,
	}
}

// Error says what is wrong with an element, and where.
type Error struct {
	Reason Reason
	Path   string // JSON path, "$.outcome.result", or field of a line; empty when the text cannot be read
	Offset int    // byte offset in the payload
	Detail string // what was wanted and what was found
}

// Error reads as "bad_time at $.published (byte 17): …".
func (e *Error) Error() string {
	if e.Path == "" {
		return fmt.Sprintf("%s at byte %d: %s", e.Reason, e.Offset, e.Detail)
	}
	return fmt.Sprintf("%s at %s (byte %d): %s", e.Reason, e.Path, e.Offset, e.Detail)
}

// Reject is an element that became no record, kept with its bytes.
type Reject struct {
	Error   Error
	Element []byte // aliases the payload
}

func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Reason: BadValue, Detail: err.Error()}
}

func endOfStream(err error) bool { return errors.Is(err, io.EOF) }

func syntaxError(err error) error {
	var e *jsonx.Error
	switch {
	case endOfStream(err):
		return &Error{Reason: Empty, Detail: "the payload is empty"}
	case !errors.As(err, &e):
		return err
	}
	return &Error{Reason: reasonOf(e.Code), Offset: e.Offset, Detail: e.Detail}
}

func reasonOf(c jsonx.Code) Reason {
	switch c {
	case jsonx.Truncated:
		return Truncated
	case jsonx.BadUTF8:
		return BadEncoding
	case jsonx.DuplicateKey:
		return DuplicateKey
	case jsonx.TooDeep, jsonx.TooManyKeys, jsonx.TooManyItems, jsonx.StringTooLong, jsonx.NumberTooLong:
		return LimitExceeded
	case jsonx.Empty:
		return Empty
	default:
		return Malformed
	}
}
