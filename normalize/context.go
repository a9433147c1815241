package normalize

import (
	"fmt"
	"slices"

	"github.com/runledger/runledger/normalize/jsonx"
)

// Context is what a Format's Map has at hand: the message, the place for its
// records, and the helpers every format needs.
type Context struct {
	Raw  Raw
	Root jsonx.Value // the document that the element at hand stands in

	format  *Format
	batch   *Batch
	arena   arena
	redact  redaction
	kept    []keptMember
	changes []change
}

func (c *Context) start(b *Batch, f *Format, raw Raw) {
	c.batch, c.format, c.Raw = b, f, raw
}

func (c *Context) element() {
	c.kept, c.changes = c.kept[:0], c.changes[:0]
	c.redact.start()
}

// New appends a record of kind k, its envelope filled in, and returns it. The
// pointer is valid until the next call of New.
func (c *Context) New(k Kind) *Record {
	n := len(c.batch.Records)
	c.batch.Records = slices.Grow(c.batch.Records, 1)[:n+1]
	r := &c.batch.Records[n]
	*r = Record{}
	r.Kind, r.TenantID, r.Source, r.SourceURI = k, c.Raw.Tenant, c.format.Name, c.Raw.SourceURI
	r.ParserVersion, r.ReceivedTime = c.format.Version, c.Raw.ReceivedTime
	return r
}

// Required returns the text of member key of v, or an error that names the path.
func (c *Context) Required(v jsonx.Value, key string) (string, error) {
	m := v.Get(key)
	if s := m.Text(); s != "" {
		return s, nil
	}
	if !m.Exists() || m.IsNull() || m.Str() == "" && m.Kind() == jsonx.String {
		return "", Missing(v, key)
	}
	return "", WrongType(m, "a string")
}

// Missing is the error for a required member of v that is absent or empty.
func Missing(v jsonx.Value, key string) *Error {
	return &Error{
		Reason: MissingField, Path: v.Path() + "." + key, Offset: v.Offset(),
		Detail: fmt.Sprintf("%q is required and absent or empty", key),
	}
}

// WrongType is the error for a value that is not what was wanted ("a string").
func WrongType(v jsonx.Value, want string) *Error {
	return &Error{
		Reason: BadType, Path: v.Path(), Offset: v.Offset(),
		Detail: fmt.Sprintf("want %s, got %s", want, v.Kind()),
	}
}

// Invalid is the error for a value that is of the right type and yet impossible.
func Invalid(v jsonx.Value, reason Reason, format string, args ...any) *Error {
	return &Error{Reason: reason, Path: v.Path(), Offset: v.Offset(), Detail: fmt.Sprintf(format, args...)}
}

// Time reads an RFC 3339 time from v (blank separator and missing zone allowed,
// the latter noted in the quality). A missing or null v gives 0, TimeOK, nil.
func (c *Context) Time(v jsonx.Value) (Micros, TimeQuality, error) {
	if !v.Exists() || v.IsNull() || v.Kind() == jsonx.String && v.Str() == "" {
		return 0, TimeOK, nil
	}
	if v.Kind() != jsonx.String {
		return 0, TimeOK, Invalid(v, BadTime, "want an RFC 3339 date-time, got %s %s", v.Kind(), clip(v.Raw()))
	}
	t, q, err := c.TextTime(v.Str())
	if err != nil {
		return 0, q, Invalid(v, BadTime, "%s", err)
	}
	return t, q, nil
}

// TextTime is Time for text that is no member; it refuses empty text.
func (c *Context) TextTime(s string) (Micros, TimeQuality, error) {
	t, q, err := ParseTime(s)
	if err == nil {
		err = c.plausible(t)
	}
	if err != nil {
		return 0, q, err
	}
	return t, q, nil
}

// EventTime sets the event time of r from v, which is required.
func (c *Context) EventTime(r *Record, v jsonx.Value) error {
	t, q, err := c.Time(v)
	if err != nil {
		return err
	}
	if t != 0 {
		r.EventTime, r.TimeQuality, r.EventTimeNative = t, q, v.Str()
	}
	return nil
}

// plausible refuses times that no record of automation can carry: they would
// keep a partition alive for ever, or open one for each poisoned event.
func (c *Context) plausible(t Micros) error {
	now := c.Raw.ReceivedTime
	switch {
	case t > now+MaxFuture:
		return fmt.Errorf("%s is more than %s after its arrival (%s)", t, hours(MaxFuture), now)
	case t < now-MaxAge:
		return fmt.Errorf("%s is more than 11 years before its arrival (%s); a unit mixed up?", t, now)
	}
	return nil
}

// Concat joins parts into one string in the Normalizer's own memory.
func (c *Context) Concat(parts ...string) string { return c.arena.concat(parts) }

// JSON returns v as compact JSON with secrets masked, and notes on the records
// of this element what was masked.
func (c *Context) JSON(v jsonx.Value) string {
	if !v.Exists() {
		return ""
	}
	start := c.arena.mark()
	c.arena.buf = c.redact.appendJSON(c.arena.buf, v, v.Key())
	return c.arena.since(start)
}

func clip(b []byte) []byte { return b[:min(len(b), 40)] }
