package okta

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// transaction groups the events of one request (WEB) or of one job (JOB).
type transaction struct {
	id, kind string
	token    bool // made with an API token
}

func (t transaction) job() bool { return t.kind == "JOB" && t.id != "" }

func (t transaction) set(r *normalize.Record) {
	r.CorrelationID, r.TriggerNative = t.id, t.kind
	if t.job() {
		r.RunID = t.id
	}
}

func readTransaction(c *normalize.Context, v jsonx.Value) (t transaction) {
	if v.Kind() != jsonx.Object {
		c.Keep(v)
		return t
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case key == "id" && m.Text() != "":
			t.id = m.Text()
		case key == "type" && m.Str() != "":
			t.kind = m.Str()
		case key == "detail" && m.Kind() == jsonx.Object && m.Len() == 0:
		default:
			t.token = t.token || m.Get("requestApiTokenId").Text() != ""
			c.KeepIn("transaction", m)
		}
	}
	return t
}

func setTrigger(r *normalize.Record, t transaction) {
	switch {
	case r.Kind == normalize.KindAudit:
	case t.token || r.ActorType == model.ActorApp:
		r.TriggerKind = model.TriggerAPI
	case r.ActorType == model.ActorUser:
		r.TriggerKind = model.TriggerManual
	default:
		r.TriggerKind = model.TriggerUnknown
	}
}

func setActor(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.Keep(v)
		return
	}
	var a entity
	for m := v.First(); m.Exists(); m = m.Next() {
		if !a.read(m) {
			c.KeepIn("actor", m)
		}
	}
	r.ActorID, r.ActorName, r.ActorType = a.id, a.name, actorType(a.kind)
	if strings.HasPrefix(r.EventType, "support.") {
		r.ActorType = model.ActorVendorOperator
	}
	r.ActorEmail = a.email()
	if r.ActorType != model.ActorUser && r.ActorType != model.ActorSystem {
		c.KeepIn("actor", v.Get("type"))
	}
	if r.ActorEmail == "" && r.ActorType != model.ActorSystem && a.alternate != a.name {
		c.KeepIn("actor", v.Get("alternateId"))
	}
}

func actorType(kind string) model.ActorType {
	switch kind {
	case "User":
		return model.ActorUser
	case "SystemPrincipal":
		return model.ActorSystem
	case "PublicClientApp", "PublicClientAppEntity", "AppInstance", "App", "API Service Integration":
		return model.ActorApp
	case "AIAgent", "AI Agent", "WorkloadPrincipal":
		return model.ActorAgent
	default:
		return ""
	}
}

// entity is an actor or a target.
type entity struct{ id, kind, alternate, name string }

// read takes m in, or returns false if e has no place for it.
func (e *entity) read(m jsonx.Value) bool {
	if m.IsNull() {
		return true
	}
	switch m.Key() {
	case "id":
		e.id = m.Text()
		return e.id != ""
	case "type":
		e.kind = m.Str()
	case "alternateId":
		e.alternate = known(m)
	case "displayName":
		e.name = known(m)
	default:
		return false
	}
	return m.Kind() == jsonx.String
}

// known returns the text of m; Okta writes "unknown" where it has none.
func known(m jsonx.Value) string {
	if s := m.Str(); s != "unknown" {
		return s
	}
	return ""
}

func (e *entity) email() string {
	if e.kind == "User" || e.kind == "AppUser" {
		if strings.IndexByte(e.alternate, '@') > 0 {
			return e.alternate
		}
	}
	return ""
}

// setTargets sorts the targets into subject, app and object by their types;
// their order means nothing. The list is kept if a part of it found no field.
func setTargets(c *normalize.Context, r *normalize.Record, list jsonx.Value) {
	var subject, app, object entity
	whole := list.Kind() == jsonx.Array
	for v := list.First(); v.Exists(); v = v.Next() {
		var t entity
		for m := v.First(); m.Exists(); m = m.Next() {
			switch {
			case t.read(m):
			case m.Key() == "changeDetails" && m.Kind() == jsonx.Object:
				readChanges(c, m)
			default:
				whole = false
			}
		}
		switch {
		case t.kind == "User" && subject.kind == "":
			subject = t
		case t.kind == "AppInstance" && app.kind == "":
			app = t
		case t.kind != "User" && object.kind == "":
			object = t
		default:
			whole = false
		}
	}
	r.Changes = c.Changes()
	r.SubjectID, r.SubjectName, r.SubjectEmail = subject.id, subject.name, subject.email()
	r.TargetAppID, r.TargetApp = app.id, app.label()
	if subject.kind == "" && object.kind == "AppUser" { // only the account is named
		r.SubjectName, r.SubjectEmail = object.name, object.email()
	}
	switch {
	case object.kind != "":
	case subject.kind != "":
		object = subject
	default:
		object = app
	}
	r.ObjectType, r.ObjectID, r.ObjectName = object.kind, object.id, object.label()
	if !whole || !subject.told(r) || !app.told(r) || !object.told(r) {
		c.Keep(list)
	}
}

// label is how people call e: an account by its login, all else by its name.
func (e *entity) label() string {
	if e.name == "" || e.kind == "AppUser" && e.alternate != "" {
		return e.alternate
	}
	return e.name
}

// told reports whether the names of e all stand in r.
func (e *entity) told(r *normalize.Record) bool {
	for _, s := range [...]string{e.alternate, e.name} {
		switch s {
		case "", r.SubjectName, r.SubjectEmail, r.TargetApp, r.ObjectName:
		default:
			return false
		}
	}
	return true
}

// readChanges turns {"from":{…},"to":{…}} into one change for each member.
func readChanges(c *normalize.Context, v jsonx.Value) {
	from, to := v.Get("from"), v.Get("to")
	if from.Kind() != jsonx.Object || to.Kind() != jsonx.Object {
		c.Change("", from, to)
		return
	}
	for m := to.First(); m.Exists(); m = m.Next() {
		c.Change(m.Key(), from.Get(m.Key()), m)
	}
	for m := from.First(); m.Exists(); m = m.Next() {
		if !to.Get(m.Key()).Exists() {
			c.Change(m.Key(), m, jsonx.Value{})
		}
	}
}
