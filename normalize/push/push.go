// Package push reads the CloudEvents contract of this product: the types rl.*
// that any application, script or person can send. Each type is one file here,
// or belongs to a format of its own that is read the same way bare.
//
// Reference: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
package push

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cerby"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/idaas"
	"github.com/runledger/runledger/normalize/jsonx"
	"github.com/runledger/runledger/normalize/scim"
	"github.com/runledger/runledger/normalize/zluri"
)

// Format reads every type of the contract, one by one, in binary mode, or in a
// batch.
var Format = normalize.Format{
	Name:     "cloudevents",
	Version:  1,
	Title:    "CloudEvents 1.0 with the types of this product (rl.*)",
	Ref:      "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindSubject, normalize.KindAction, normalize.KindAudit, normalize.KindAIStep},
	About:    about,
	Elements: cloudevents.Elements,
	Map:      mapEvent,
}

// eventType maps the data of one type of event.
type eventType struct {
	name string
	run  func(*normalize.Context, *cloudevents.Event) error
}

// types is the list, in alphabetical order.
func types() [8]eventType {
	return [...]eventType{
		{AIStepType, mapAIStep},
		{idaas.EntryType, idaas.MapEntry},
		{idaas.TaskType, idaas.MapTask},
		{AnnotationType, mapAnnotation},
		{AppType, mapApp},
		{cerby.Type, cerby.MapJob},
		{scim.Type, scim.MapExchange},
		{zluri.Type, zluri.MapRun},
	}
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	e, err := cloudevents.Read(c, v)
	if err != nil {
		return err
	}
	for _, t := range types() {
		if t.name == e.Type {
			return t.run(c, &e)
		}
	}
	var known []string
	for _, t := range types() {
		known = append(known, t.name)
	}
	return e.UnknownType(known...)
}

// occurred sets the event time of r: the member of the data, or else the time
// of the event; one of them has to be there.
func occurred(c *normalize.Context, r *normalize.Record, e *cloudevents.Event) error {
	v := e.Data.Get("occurred_at")
	at, err := cloudevents.Time(c, v)
	switch {
	case err != nil:
		return err
	case at != 0:
		r.EventTime, r.EventTimeNative = at, v.Str()
	case e.Time != 0:
		r.EventTime, r.EventTimeNative = e.Time, e.TimeText
	default:
		return normalize.Missing(e.Data, "occurred_at")
	}
	return nil
}

// actor sets who acted: an object with type, id, name and email, or a string
// that is an address or an id.
func actor(r *normalize.Record, v jsonx.Value) error {
	switch v.Kind() {
	case jsonx.Missing, jsonx.Null:
		return nil
	case jsonx.String:
		if r.ActorID = v.Str(); strings.Contains(r.ActorID, "@") {
			r.ActorType, r.ActorEmail = model.ActorUser, r.ActorID
		}
		return nil
	case jsonx.Object:
	default:
		return normalize.WrongType(v, "an object with type, id, name and email")
	}
	r.ActorID, r.ActorName, r.ActorEmail = v.Get("id").Text(), v.Get("name").Text(), v.Get("email").Text()
	switch t := v.Get("type"); {
	case t.Exists():
		kind := model.ActorType(t.Str())
		switch kind {
		case model.ActorUser, model.ActorSystem, model.ActorApp, model.ActorAgent, model.ActorVendorOperator:
			r.ActorType = kind
		default:
			return normalize.Invalid(t, normalize.BadValue, "want user, system, app, agent or vendor_operator, got %q", t.Text())
		}
	case r.ActorEmail != "":
		r.ActorType = model.ActorUser
	}
	return nil
}

// keepActor keeps the members of an actor that actor does not read.
func keepActor(c *normalize.Context, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "type", "id", "name", "email":
		default:
			c.KeepIn("actor", m)
		}
	}
}
