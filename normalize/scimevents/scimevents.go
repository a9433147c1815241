// Package scimevents reads SCIM events: security event tokens (RFC 8417) of the
// profile of RFC 9967, in which a SCIM server tells what it has done. Other than
// an exchange seen from outside they are the target's own word, so a change
// that they report counts as confirmed.
//
// A token comes as its claims in JSON, or as a compact JWT in a JSON string, by
// itself, as the member set, or in the sets of a poll (RFC 8936). Signatures are
// not verified here, which each record says; what is encrypted is refused. The
// completion of an asynchronous request becomes an action of the run that its
// txn names, and that of a whole bulk request a run with its actions.
//
// Reference: https://www.rfc-editor.org/rfc/rfc9967
package scimevents

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format reads tokens.
var Format = normalize.Format{
	Name:     "scim.events",
	Version:  1,
	Title:    "SCIM events (RFC 9967): security event tokens as claims or as compact JWT, signatures not verified",
	Ref:      "https://www.rfc-editor.org/rfc/rfc9967",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapToken,
}

func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		sets, set := v.Get("sets"), v.Get("set")
		switch {
		case sets.Kind() == jsonx.Object:
			for m := sets.First(); m.Exists(); m = m.Next() {
				yield(m)
			}
		case set.Kind() == jsonx.String:
			yield(set)
		default:
			yield(v)
		}
	})
}

// token is the token at hand.
type token struct {
	c      *normalize.Context
	claims jsonx.Value
	header jsonx.Value // of a JWT
	signed bool

	id, txn, run string
	sequence     int64
	at, recorded normalize.Micros
	atText       string
	subject      jsonx.Value
	uri          string // of the subject: "/Users/2b2f"
}

func mapToken(c *normalize.Context, v jsonx.Value) error {
	t := token{c: c, claims: v}
	if v.Kind() == jsonx.String {
		if err := t.decode(v); err != nil {
			return err
		}
	}
	if t.claims.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a security event token, which is an object of claims or a compact JWT")
	}
	if err := t.read(); err != nil {
		return err
	}
	events := t.claims.Get("events")
	switch {
	case !events.Exists() || events.IsNull():
		return normalize.Missing(t.claims, "events")
	case events.Kind() != jsonx.Object:
		return normalize.WrongType(events, "an object of events by URI")
	case events.Len() == 0:
		return normalize.Invalid(events, normalize.MissingField, "the token holds no event")
	}
	for e := events.First(); e.Exists(); e = e.Next() {
		if err := t.event(e, events.Len() > 1); err != nil {
			return err
		}
	}
	return nil
}

func (t *token) read() (err error) {
	if t.id, err = t.c.Required(t.claims, "jti"); err != nil {
		return err
	}
	if t.recorded, _, err = t.numericDate("iat"); err != nil {
		return err
	}
	if t.recorded == 0 {
		return normalize.Missing(t.claims, "iat")
	}
	if t.at, t.atText, err = t.numericDate("toe"); err != nil { // time of event
		return err
	}
	if t.at == 0 {
		t.at, t.atText = t.recorded, t.claims.Get("iat").Text()
	}
	t.txn = t.claims.Get("txn").Text()
	t.run = t.txn
	if base, index, ok := cutLast(t.txn); ok {
		t.run, t.sequence = base, index+1
	}
	t.subject = t.claims.Get("sub_id")
	t.uri = t.subject.Get("uri").Text()
	return nil
}

// cutLast takes the index of an operation of a bulk request off its txn. Other
// colons are part of it, as in a URN.
func cutLast(txn string) (base string, index int64, ok bool) {
	colon := strings.LastIndexByte(txn, ':')
	if colon <= 0 {
		return "", 0, false
	}
	n, err := strconv.ParseUint(txn[colon+1:], 10, 31)
	return txn[:colon], int64(n), err == nil
}

// numericDate reads seconds since 1970 with or without a fraction.
func (t *token) numericDate(claim string) (normalize.Micros, string, error) {
	v := t.claims.Get(claim)
	if _, whole := v.Int(); whole || v.Kind() != jsonx.Number {
		at, err := t.c.EpochTime(v, time.Second)
		return at, v.Text(), err
	}
	secs, err := strconv.ParseFloat(v.Text(), 64)
	if err != nil || math.Abs(secs) > 1e11 {
		return 0, "", normalize.Invalid(v, normalize.BadTime, "want seconds since 1970, got %.40s", v.Raw())
	}
	at, _, err := t.c.TextTime(time.UnixMicro(int64(math.Round(secs * 1e6))).UTC().Format(time.RFC3339Nano))
	if err != nil {
		return 0, "", normalize.Invalid(v, normalize.BadTime, "%s", err)
	}
	return at, v.Text(), nil
}
