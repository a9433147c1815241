package normalize

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Write keeps what build appends to dst: for the JSON fields of a Record that
// no single value of the source holds. build must not call Concat, JSON or Kept.
func (c *Context) Write(build func(dst []byte) []byte) string {
	start := c.arena.mark()
	c.arena.buf = build(c.arena.buf)
	c.redact.loose = true
	return c.arena.since(start)
}

// AppendMasked appends v as JSON, masked as a member named key would be.
func (c *Context) AppendMasked(dst []byte, key string, v jsonx.Value) []byte {
	return c.redact.appendJSON(dst, v, key)
}

// AppendMaskedText appends s as a JSON string, masked as a member named key
// would be.
func (c *Context) AppendMaskedText(dst []byte, key, s string) []byte {
	return AppendString(dst, c.redact.mask(key, s))
}

// Inner returns the JSON that stands in the string v, for bodies that were
// logged as text; any other v is returned as it is. It is Missing where the
// text starts like JSON and is none, as after a cut: what cannot be read cannot
// be masked, so it is not to be stored.
func Inner(v jsonx.Value) jsonx.Value {
	text := strings.TrimSpace(v.Str())
	if text == "" || text[0] != '{' && text[0] != '[' {
		return v
	}
	var doc jsonx.Doc
	inner, err := doc.Parse([]byte(text))
	if err != nil {
		return jsonx.Value{}
	}
	return inner
}

// AppendInner appends what Inner returns, masked as a member named key would
// be, or Masked where that is Missing.
func (c *Context) AppendInner(dst []byte, key string, v jsonx.Value) []byte {
	if inner := Inner(v); inner.Exists() {
		return c.AppendMasked(dst, key, inner)
	}
	return c.AppendWithheld(dst, key)
}

// AppendWithheld appends Masked and notes that a member named key was left out.
func (c *Context) AppendWithheld(dst []byte, key string) []byte {
	c.redact.note(key, byCut)
	return AppendString(dst, Masked)
}

// countWords are the keys of Record.Counts, in their order.
var countWords = [...]string{
	string(model.Success), string(model.Partial), string(model.Failure), string(model.Error),
	string(model.Timeout), string(model.Cancelled), string(model.Skipped),
	string(model.Queued), string(model.Started), string(model.Running), string(model.Waiting),
	string(model.Retrying), string(model.Finalizing), string(model.UnknownState),
}

// Counts returns Record.Counts for children: how many there are of each
// outcome, or of each state where they live. It is "" if there are none.
func (c *Context) Counts(children []model.Child) string {
	if len(children) == 0 {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		for _, word := range countWords {
			n := 0
			for _, child := range children {
				if child.State == model.Terminal && string(child.Outcome) == word || string(child.State) == word {
					n++
				}
			}
			if n == 0 {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(AppendString(dst, word), ':')
			dst = strconv.AppendInt(dst, int64(n), 10)
		}
		return append(dst, '}')
	})
}
