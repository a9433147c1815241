package normalize

import (
	"unsafe"

	"github.com/runledger/runledger/normalize/jsonx"
)

// Embedded returns the object or array that v holds as JSON text inside a
// string, or v itself if it is no such text.
func (c *Context) Embedded(v jsonx.Value) jsonx.Value {
	s := v.Str()
	if len(s) < 2 || s[0] != '{' && s[0] != '[' {
		return v
	}
	src := unsafe.Slice(unsafe.StringData(s), len(s)) // only read
	inner, end, err := c.doc.ParseNext(src, 0)
	if err != nil || end != len(s) {
		return v
	}
	return inner
}
