package query

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Reason says what kind of trouble an Error is. The set is closed: it is a
// metric label, and the HTTP status follows from it.
type Reason string

// The reasons.
const (
	Invalid     Reason = "invalid"     // the question cannot be understood
	NotFound    Reason = "not_found"   // no such thing, or not for this caller
	Ambiguous   Reason = "ambiguous"   // several things are meant
	Busy        Reason = "busy"        // too many questions at once
	TooBig      Reason = "too_big"     // more memory or time than one question may take
	Unavailable Reason = "unavailable" // the database did not answer
)

// Error is a question that was not answered.
type Error struct {
	Reason  Reason
	Field   string   // the parameter that is wrong, if one is
	Value   string   // what it held
	Allowed []string // what it may hold
	Detail  string
	Err     error
}

// Error returns one line for people.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Field != "" {
		fmt.Fprintf(&b, "%s: ", e.Field)
	}
	b.WriteString(e.Detail)
	if len(e.Allowed) > 0 {
		fmt.Fprintf(&b, "; want one of %s", strings.Join(e.Allowed, ", "))
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func invalid(field, value, format string, args ...any) *Error {
	return &Error{Reason: Invalid, Field: field, Value: value, Detail: fmt.Sprintf(format, args...)}
}

// codes of ClickHouse that say that a question was too big.
var tooBig = map[int32]string{
	159: "took longer than one question may; ask for a shorter time range",
	160: "would take longer than one question may; ask for a shorter time range",
	241: "needs more memory than one question may take; ask for a shorter time range",
	396: "has more rows than one question may; ask for a shorter time range",
}

// databaseError says what a failed statement means to who asked.
func databaseError(statement string, err error) *Error {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		if detail, ok := tooBig[exception.Code]; ok {
			return &Error{Reason: TooBig, Detail: detail}
		}
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return &Error{Reason: TooBig, Detail: tooBig[159]}
	}
	return &Error{Reason: Unavailable, Detail: "ask the database for " + statement, Err: err}
}
