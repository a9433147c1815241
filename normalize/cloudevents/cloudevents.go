// Package cloudevents reads the envelope of CloudEvents 1.0 for the formats
// that come in it: structured mode, binary mode with headers of Kafka (ce_id)
// or HTTP (ce-id), and the array of a batch.
//
// It takes JSON data in the same message only. It is no Format: what the data
// mean is known to the packages that use it.
//
// Reference: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
package cloudevents

import (
	"bytes"
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Event is the context of one event, and its data. An attribute that the event
// does not have is empty.
type Event struct {
	ID, Source, Type           string
	Time, RecordedTime         normalize.Micros
	TimeText                   string // Time as the producer wrote it
	CorrelationID, CausationID string
	TraceID, SpanID            string // of the attribute traceparent
	Data                       jsonx.Value

	kind attribute   // the attribute type
	rest []attribute // those without a field
}

// Elements yields the events of a batch, or the one there is. Other than
// normalize.DefaultElements it opens no envelope, for in binary mode the
// payload is data.
func Elements(root jsonx.Value, yield func(jsonx.Value)) {
	if root.Kind() != jsonx.Array {
		yield(root)
		return
	}
	for v := root.First(); v.Exists(); v = v.Next() {
		yield(v)
	}
}

// Wrapped reports whether v is an event, in whatever mode: a format that also
// takes bare data asks before it reads.
func Wrapped(c *normalize.Context, v jsonx.Value) bool {
	return binary(c.Raw.Headers) || v.Get("specversion").Exists()
}

// OrBare is the Map of a format whose elements come as events of one type, or
// as their bare data. What names an element in errors: "a job".
func OrBare(what, eventType string, mapData func(*normalize.Context, *Event) error) func(*normalize.Context, jsonx.Value) error {
	return func(c *normalize.Context, v jsonx.Value) error {
		if v.Kind() != jsonx.Object {
			return normalize.WrongType(v, what+", which is an object")
		}
		if !Wrapped(c, v) {
			return mapData(c, &Event{Data: v})
		}
		e, err := Read(c, v)
		if err != nil {
			return err
		}
		if e.Type != eventType {
			return e.UnknownType(eventType)
		}
		return mapData(c, &e)
	}
}

// Read reads the event v. In binary mode the attributes are in the headers and
// v is the data.
func Read(c *normalize.Context, v jsonx.Value) (Event, error) {
	if binary(c.Raw.Headers) {
		return readBinary(c, v)
	}
	return readStructured(c, v)
}

func readStructured(c *normalize.Context, v jsonx.Value) (Event, error) {
	var e Event
	if v.Kind() != jsonx.Object {
		return e, normalize.WrongType(v, "a CloudEvent, which is an object")
	}
	attrs := attributes{at: v}
	for m := v.First(); m.Exists(); m = m.Next() {
		if err := attrs.addMember(m); err != nil {
			return e, err
		}
	}
	if m := v.Get("data_base64"); m.Exists() {
		return e, normalize.Invalid(m, normalize.BadValue, "data_base64 holds binary data: send JSON in data")
	}
	if e.Data = v.Get("data"); !e.Data.Exists() || e.Data.IsNull() {
		return e, normalize.Missing(v, "data")
	}
	return e, e.fill(c, &attrs)
}

func readBinary(c *normalize.Context, v jsonx.Value) (Event, error) {
	e := Event{Data: v}
	if len(v.Raw()) != len(bytes.TrimSpace(c.Raw.Value)) {
		return e, normalize.Invalid(v, normalize.BadValue, "headers describe one event, the payload holds several: send a batch in structured mode")
	}
	attrs := attributes{at: v, headers: true}
	for _, h := range c.Raw.Headers {
		if err := attrs.addHeader(h); err != nil {
			return e, err
		}
	}
	return e, e.fill(c, &attrs)
}

func binary(headers []normalize.Header) bool {
	for _, h := range headers {
		if name, ok := attributeOf(h.Key); ok && name == "specversion" {
			return true
		}
	}
	return false
}

// attributeOf returns the attribute that a header carries.
func attributeOf(key string) (string, bool) {
	if len(key) < 4 || !strings.EqualFold(key[:2], "ce") || key[2] != '_' && key[2] != '-' {
		return "", false
	}
	return strings.ToLower(key[3:]), true
}

// Record says on r where it comes from.
func (e *Event) Record(r *normalize.Record) {
	if e.Source != "" {
		r.SourceURI = e.Source
	}
	r.RecordedTime = e.RecordedTime
	r.CorrelationID, r.CausationID = e.CorrelationID, e.CausationID
	r.TraceID, r.SpanID = e.TraceID, e.SpanID
}

// Keep keeps for Record.Unmapped the attributes that Record does not take.
func (e *Event) Keep(c *normalize.Context) {
	for _, a := range e.rest {
		c.KeepText("cloudevents", a.name, a.text)
	}
}

// UnknownType is the error for an event whose type is none of those known.
func (e *Event) UnknownType(known ...string) error {
	return e.kind.fail(normalize.UnknownType, "unknown type %q; known: %s", e.Type, strings.Join(known, ", "))
}
