package scim

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// writeChanges writes the changes of a PATCH as Record.Changes. What a value
// was before is known only where a removal names it.
func (x *exchange) writeChanges() string {
	if x.method != "PATCH" {
		return ""
	}
	text := x.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		x.changes(func(ch change) {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = normalize.AppendString(append(dst, `{"op":`...), ch.op)
			dst = normalize.AppendString(append(dst, `,"path":`...), ch.path)
			if ch.value.Exists() {
				side := `,"to":`
				if ch.op == "remove" {
					side = `,"from":`
				}
				dst = x.c.AppendMasked(append(dst, side...), ch.path, ch.value)
			}
			dst = append(dst, '}')
		})
		return append(dst, ']')
	})
	if text == "[]" {
		return ""
	}
	return text
}

// payload writes the exchange as Record.Payload.
func (x *exchange) payload() string {
	return x.c.Write(func(dst []byte) []byte {
		dst = append(dst, `{"request":{"method":`...)
		dst = normalize.AppendString(dst, x.method)
		dst = x.c.AppendMaskedText(append(dst, `,"path":`...), "path", x.path)
		dst = x.appendHeaders(dst, "request_headers")
		switch {
		case x.request.Exists():
			dst = x.appendRequest(append(dst, `,"body":`...))
		case x.op == nil && x.data.Get("request_body").Str() != "":
			dst = x.c.AppendWithheld(append(dst, `,"body":`...), "request_body")
		}
		dst = append(dst, '}')
		if x.status == 0 {
			return append(dst, '}')
		}
		dst = strconv.AppendInt(append(dst, `,"response":{"status":`...), int64(x.status), 10)
		dst = x.appendHeaders(dst, "response_headers")
		switch {
		case x.response.Exists():
			dst = x.c.AppendMasked(append(dst, `,"body":`...), "body", x.response)
		case x.op == nil && x.data.Get("response_body").Str() != "":
			dst = x.c.AppendWithheld(append(dst, `,"body":`...), "response_body")
		}
		return append(dst, `}}`...)
	})
}

// appendHeaders appends the headers of an exchange; those of a bulk belong to
// none of its operations.
func (x *exchange) appendHeaders(dst []byte, member string) []byte {
	headers := x.data.Get(member)
	if x.op != nil || headers.Kind() != jsonx.Object {
		return dst
	}
	return x.c.AppendMasked(append(dst, `,"headers":`...), "headers", headers)
}

// appendRequest appends the body of the request. In a PATCH a secret stands
// under "value", so its path says whether it is one.
func (x *exchange) appendRequest(dst []byte) []byte {
	operations := fold(x.request, "Operations")
	if x.method != "PATCH" || operations.Kind() != jsonx.Array {
		return x.c.AppendMasked(dst, "body", x.request)
	}
	dst = append(dst, '{')
	for m := x.request.First(); m.Exists(); m = m.Next() {
		if strings.EqualFold(m.Key(), "Operations") {
			continue
		}
		dst = normalize.AppendString(dst, m.Key())
		dst = append(x.c.AppendMasked(append(dst, ':'), m.Key(), m), ',')
	}
	dst = append(dst, `"Operations":[`...)
	for o := operations.First(); o.Exists(); o = o.Next() {
		if dst[len(dst)-1] != '[' {
			dst = append(dst, ',')
		}
		dst = x.appendOperation(dst, o)
	}
	return append(dst, `]}`...)
}

func (x *exchange) appendOperation(dst []byte, o jsonx.Value) []byte {
	if o.Kind() != jsonx.Object {
		return x.c.AppendMasked(dst, "", o)
	}
	path := fold(o, "path").Str()
	dst = append(dst, '{')
	for m := o.First(); m.Exists(); m = m.Next() {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		key := m.Key()
		dst = append(normalize.AppendString(dst, key), ':')
		if strings.EqualFold(key, "value") && path != "" {
			key = path
		}
		dst = x.c.AppendMasked(dst, key, m)
	}
	return append(dst, '}')
}
