package scimevents

import (
	"encoding/base64"
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// decode takes a compact JWT apart without verifying it.
func (t *token) decode(v jsonx.Value) error {
	parts := strings.Split(strings.TrimSpace(v.Str()), ".")
	switch len(parts) {
	case 3:
	case 5:
		return normalize.Invalid(v, normalize.BadValue, "the token is encrypted (JWE): decrypt it before it is sent here")
	default:
		return normalize.Invalid(v, normalize.BadValue, "want a compact JWT of three parts, got %d", len(parts))
	}
	var err error
	if t.header, err = segment(v, "header", parts[0]); err != nil {
		return err
	}
	if t.claims, err = segment(v, "claims", parts[1]); err != nil {
		return err
	}
	t.signed = parts[2] != ""
	return nil
}

// segment decodes one part of a JWT, which is an object.
func segment(at jsonx.Value, name, text string) (jsonx.Value, error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return jsonx.Value{}, normalize.Invalid(at, normalize.BadEncoding, "%s of the JWT: %s", name, err)
	}
	var doc jsonx.Doc
	v, err := doc.Parse(raw)
	if err != nil {
		return jsonx.Value{}, normalize.Invalid(at, normalize.Malformed, "%s of the JWT: %s", name, err)
	}
	if v.Kind() != jsonx.Object {
		return jsonx.Value{}, normalize.Invalid(at, normalize.BadType, "%s of the JWT: want an object, got %s", name, v.Kind())
	}
	return v, nil
}

// keepHeader keeps the header of the JWT, and says that nobody has checked the
// signature. Claims that came in the open have none.
func (t *token) keepHeader() {
	if !t.header.Exists() {
		return
	}
	for m := t.header.First(); m.Exists(); m = m.Next() {
		t.c.KeepIn("jwt", m)
	}
	if t.signed {
		t.c.KeepText("jwt", "signature", "not verified")
	} else {
		t.c.KeepText("jwt", "signature", "absent")
	}
}
