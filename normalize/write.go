package normalize

import "github.com/runledger/runledger/normalize/jsonx"

// Write keeps what build appends to dst: for the JSON fields of a Record that
// no single value of the source holds. build must not call Concat, JSON or Kept.
func (c *Context) Write(build func(dst []byte) []byte) string {
	start := c.arena.mark()
	c.arena.buf = build(c.arena.buf)
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
