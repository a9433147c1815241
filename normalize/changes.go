package normalize

import "github.com/runledger/runledger/normalize/jsonx"

// change is one attribute that got another value.
type change struct {
	path     string
	from, to jsonx.Value
}

// Change remembers that the attribute at path went from one value to another;
// either may be Missing where the source does not tell it.
func (c *Context) Change(path string, from, to jsonx.Value) {
	if from.Exists() || to.Exists() {
		c.changes = append(c.changes, change{path, from, to})
	}
}

// Changes returns the changes remembered since the last call as JSON for
// Record.Changes, [{"path","from","to"}] with secrets masked, or "".
func (c *Context) Changes() string {
	if len(c.changes) == 0 {
		return ""
	}
	start := c.arena.mark()
	dst := append(c.arena.buf, '[')
	for i, ch := range c.changes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"path":`...)
		ch.path = c.redact.maskName(ch.path)
		dst = AppendString(dst, ch.path)
		dst = c.appendSide(dst, `,"from":`, ch.path, ch.from)
		dst = c.appendSide(dst, `,"to":`, ch.path, ch.to)
		dst = append(dst, '}')
	}
	c.arena.buf = append(dst, ']')
	c.changes = c.changes[:0]
	return c.arena.since(start)
}

func (c *Context) appendSide(dst []byte, label, path string, v jsonx.Value) []byte {
	if !v.Exists() {
		return dst
	}
	return c.redact.appendJSON(append(dst, label...), v, path)
}
