package otel

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// identifier returns the id of that many bytes in lower-case hexadecimal. OTLP
// writes it so; a generic encoder of protobuf writes base64.
func (s *span) identifier(key string, size int) (string, error) {
	v := s.v.Get(key)
	text, err := s.c.Required(s.v, key)
	if err != nil {
		return "", err
	}
	if len(text) == 2*size && isHex(text) {
		return strings.ToLower(text), nil
	}
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) == size {
		return hex.EncodeToString(raw), nil
	}
	return "", normalize.Invalid(v, normalize.BadValue, "want %d hexadecimal digits, or %d bytes in base64, got %.40q", 2*size, size, text)
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// flatten sets plain, resource and scope: the same JSON with each list of keys
// and values as an object, so that all else can look up and mask by name.
func (s *span) flatten() error {
	resource, scope := around(s.c.Root, s.v)
	dst := make([]byte, 0, len(s.v.Raw())+len(resource.Raw())+len(scope.Raw())+64)
	dst = appendPlain(append(dst, `{"span":`...), s.v)
	dst = appendPlain(append(dst, `,"resource":`...), resource)
	dst = appendPlain(append(dst, `,"scope":`...), scope)
	var doc jsonx.Doc
	v, err := doc.Parse(append(dst, '}'))
	var syntax *jsonx.Error
	switch {
	case errors.As(err, &syntax) && syntax.Code == jsonx.DuplicateKey:
		return normalize.Invalid(s.v, normalize.DuplicateKey, "attributes: %s", syntax.Detail)
	case err != nil: // what is within the limits in one form need not be so in the other
		return normalize.Invalid(s.v, normalize.LimitExceeded, "attributes: %s", err)
	}
	s.plain, s.resource, s.scope = v.Get("span"), v.Get("resource"), v.Get("scope")
	return nil
}

func appendPlain(dst []byte, v jsonx.Value) []byte {
	switch v.Kind() {
	case jsonx.Missing:
		return append(dst, "null"...)
	case jsonx.Object:
		dst = append(dst, '{')
		for m := v.First(); m.Exists(); m = m.Next() {
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(dst, m.Key()), ':')
			if m.Key() == "attributes" && m.Kind() == jsonx.Array {
				dst = appendPairs(dst, m)
			} else {
				dst = appendPlain(dst, m)
			}
		}
		return append(dst, '}')
	case jsonx.Array:
		dst = append(dst, '[')
		for i := v.First(); i.Exists(); i = i.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = appendPlain(dst, i)
		}
		return append(dst, ']')
	default:
		return append(dst, v.Raw()...)
	}
}

// appendPairs appends a list of KeyValue as one object.
func appendPairs(dst []byte, list jsonx.Value) []byte {
	dst = append(dst, '{')
	for kv := list.First(); kv.Exists(); kv = kv.Next() {
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(normalize.AppendString(dst, kv.Get("key").Text()), ':')
		dst = appendAny(dst, kv.Get("value"))
	}
	return append(dst, '}')
}

// appendAny appends an AnyValue without the name of its type.
func appendAny(dst []byte, v jsonx.Value) []byte {
	if v.Kind() != jsonx.Object {
		return appendPlain(dst, v)
	}
	m := v.First()
	switch m.Key() {
	case "intValue":
		if n, ok := m.Int(); ok { // 64 bits are a string in JSON of protobuf
			return strconv.AppendInt(dst, n, 10)
		}
	case "arrayValue":
		dst = append(dst, '[')
		for i := m.Get("values").First(); i.Exists(); i = i.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = appendAny(dst, i)
		}
		return append(dst, ']')
	case "kvlistValue":
		return appendPairs(dst, m.Get("values"))
	case "stringValue", "boolValue", "doubleValue", "bytesValue":
	default: // of a later version: as it came
		return appendPlain(dst, v)
	}
	return appendPlain(dst, m)
}
