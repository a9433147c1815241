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
		switch m.Key() {
		case "id":
			t.id = m.Text()
		case "type":
			t.kind = m.Str()
		case "detail":
			if m.Len() > 0 {
				t.token = m.Get("requestApiTokenId").Text() != ""
				c.KeepIn("transaction", m)
			}
		default:
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

// read takes m in, or returns false if m is none of the usual members.
func (e *entity) read(m jsonx.Value) bool {
	switch m.Key() {
	case "id":
		e.id = m.Text()
	case "type":
		e.kind = m.Str()
	case "alternateId":
		e.alternate = known(m)
	case "displayName":
		e.name = known(m)
	default:
		return m.IsNull()
	}
	return true
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
	var account entity // the subject's account in an app
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
		case t.kind == "User" && r.SubjectID == "":
			r.SubjectID, r.SubjectName, r.SubjectEmail = t.id, t.name, t.email()
			whole = whole && (t.alternate == "" || r.SubjectEmail != "")
		case t.kind == "AppInstance" && r.TargetAppID == "":
			r.TargetAppID, r.TargetApp = t.id, t.name
			whole = whole && (t.alternate == "" || t.alternate == t.name)
		case r.ObjectType == "" && t.kind != "User":
			r.ObjectType, r.ObjectID, r.ObjectName = t.kind, t.id, t.name
			whole = whole && (t.alternate == "" || t.alternate == t.name)
			account = t
		default:
			whole = false
		}
	}
	r.Changes = c.Changes()
	if !whole {
		c.Keep(list)
	}
	if r.SubjectID == "" && account.kind == "AppUser" {
		r.SubjectName, r.SubjectEmail = account.name, account.email()
	}
	switch {
	case r.ObjectType != "":
	case r.SubjectID != "":
		r.ObjectType, r.ObjectID, r.ObjectName = "User", r.SubjectID, r.SubjectName
	case r.TargetAppID != "":
		r.ObjectType, r.ObjectID, r.ObjectName = "AppInstance", r.TargetAppID, r.TargetApp
	}
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
