package temporal

import (
	"encoding/base64"
	"unicode/utf8"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// appendValue appends v with the payloads in it decoded, for what is encoded
// cannot be searched for secrets. What is no JSON inside is left out.
func appendValue(c *normalize.Context, dst []byte, key string, v jsonx.Value) []byte {
	switch {
	case isPayload(v):
		return appendPayload(c, dst, key, v)
	case !hasPayload(v):
		return c.AppendMasked(dst, key, v)
	case v.Kind() == jsonx.Array:
		dst = append(dst, '[')
		for m := v.First(); m.Exists(); m = m.Next() {
			dst = appendValue(c, comma(dst), key, m)
		}
		return append(dst, ']')
	default:
		dst = append(dst, '{')
		for m := v.First(); m.Exists(); m = m.Next() {
			dst = appendMember(c, dst, m.Key(), m)
		}
		return append(dst, '}')
	}
}

func appendMember(c *normalize.Context, dst []byte, key string, v jsonx.Value) []byte {
	dst = append(normalize.AppendString(comma(dst), key), ':')
	return appendValue(c, dst, key, v)
}

func comma(dst []byte) []byte {
	if last := dst[len(dst)-1]; last == '{' || last == '[' {
		return dst
	}
	return append(dst, ',')
}

// isPayload recognises {"metadata":{"encoding":…},"data":…}.
func isPayload(v jsonx.Value) bool { return v.At("metadata", "encoding").Kind() == jsonx.String }

func hasPayload(v jsonx.Value) bool {
	if isPayload(v) {
		return true
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		if hasPayload(m) {
			return true
		}
	}
	return false
}

func appendPayload(c *normalize.Context, dst []byte, key string, v jsonx.Value) []byte {
	encoding := unbase64(v.At("metadata", "encoding"))
	switch encoding {
	case "binary/null":
		return append(dst, "null"...)
	case "json/plain", "json/protobuf":
		var doc jsonx.Doc
		if inner, err := doc.Parse([]byte(unbase64(v.Get("data")))); err == nil {
			return c.AppendMasked(dst, key, inner)
		}
	}
	dst = append(normalize.AppendString(append(dst, `{"encoding":`...), encoding), `,"data":`...)
	return append(c.AppendWithheld(dst, key), '}')
}

// unbase64 returns the text that v encodes, or v itself where it is no base64 of
// a text: tools differ in what they decode.
func unbase64(v jsonx.Value) string {
	text, err := base64.StdEncoding.DecodeString(v.Str())
	if err != nil || !utf8.Valid(text) {
		return v.Str()
	}
	return string(text)
}

// list returns the payloads in {"payloads":[…]}, or v itself, which tools write
// as a plain array.
func list(v jsonx.Value) jsonx.Value {
	if inner := v.Get("payloads"); inner.Kind() == jsonx.Array {
		return inner
	}
	return v
}

// payload writes what was asked and answered as Record.Payload.
func payload(c *normalize.Context, input, result jsonx.Value) string {
	if !input.Exists() && !result.Exists() {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		if input.Exists() {
			dst = appendMember(c, dst, "request", list(input))
		}
		if result.Exists() {
			dst = appendMember(c, dst, "response", list(result))
		}
		return append(dst, '}')
	})
}

// stepLog writes events with the names of Record.StepLog first. What is in the
// payload of the record is left out.
func stepLog(c *normalize.Context, events []event) string {
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i := range events {
			dst = appendEvent(c, append(comma(dst), '{'), &events[i])
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}

func appendEvent(c *normalize.Context, dst []byte, e *event) []byte {
	dst = appendMember(c, dst, "time", e.v.Get("eventTime"))
	dst = appendMember(c, dst, "name", e.v.Get("eventType"))
	for m := e.v.First(); m.Exists(); m = m.Next() {
		switch {
		case m.Key() == "eventTime" || m.Key() == "eventType" || m.IsNull():
		case m == e.attributes && m.Kind() == jsonx.Object:
			dst = append(comma(dst), `"attributes":{`...)
			for a := m.First(); a.Exists(); a = a.Next() {
				if key := a.Key(); key != "input" && key != "result" && !a.IsNull() {
					dst = appendMember(c, dst, key, a)
				}
			}
			dst = append(dst, '}')
		default:
			dst = appendMember(c, dst, m.Key(), m)
		}
	}
	return dst
}
