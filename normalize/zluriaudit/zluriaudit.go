// Package zluriaudit reads the audit logs of Zluri, as its list operation
// returns them: the whole page, or an entry of it.
//
// Each entry is an audit record. The vendor documents the names of the events
// and not those of all members, so that some are read by more than one name.
// Runs are not told here in parts: an event such as rule_triggered names no
// run. They come by package zluri.
package zluriaudit

import (
	"strings"
	"time"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is zluri.audit.
var Format = normalize.Format{
	Name:     "zluri.audit",
	Version:  1,
	Title:    "Zluri audit logs",
	Ref:      "https://help.zluri.com/reference/getauditlogs",
	Emits:    []normalize.Kind{normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapEntry,
}

// elements peels a page, {"data":[…]}, also where the list stands one deeper.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	for _, at := range [...]jsonx.Value{root, root.Get("data")} {
		for _, key := range [...]string{"data", "audit_logs", "logs", "list", "results"} {
			if list := at.Get(key); list.Kind() == jsonx.Array {
				normalize.DefaultElements(list, yield)
				return
			}
		}
	}
	normalize.DefaultElements(root, yield)
}

func mapEntry(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an entry of the audit log, which is an object")
	}
	var e entry
	e.read(c, v)
	name := e.event.Text()
	switch {
	case name == "":
		return normalize.Missing(v, "event")
	case e.at.Text() == "":
		return normalize.Missing(v, "created_at")
	}
	r := c.New(normalize.KindAudit)
	r.NativeID, r.EventType, r.NativeType = e.id.Text(), name, "audit_log"
	if err := setTime(c, r, e.at); err != nil {
		return err
	}
	setParty(c, "actor", e.actor, &r.ActorID, &r.ActorName, &r.ActorEmail)
	if r.ActorType = model.ActorUser; r.ActorID == "" && r.ActorName == "" && r.ActorEmail == "" {
		r.ActorType = ""
	}
	setObject(c, r, &e)
	setEvent(r, name)
	r.Reason = e.text.Text()
	if r.Outcome == model.Failure {
		r.ErrorMessage = r.Reason
		classify(r)
	}
	r.Unmapped = c.Kept()
	return nil
}

// entry holds the members that are mapped.
type entry struct {
	id, event, at, text                   jsonx.Value
	actor, user, app, integration, object jsonx.Value
}

// read finds the members by the names that are in use; the first one of a kind
// wins, and the rest is kept.
func (e *entry) read(c *normalize.Context, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		field := e.field(m.Key())
		if field == nil || field.Exists() || m.IsNull() {
			c.Keep(m)
			continue
		}
		*field = m
		if scalar := field == &e.id || field == &e.event || field == &e.at || field == &e.text; scalar && m.Text() == "" {
			c.Keep(m)
		}
	}
}

func (e *entry) field(key string) *jsonx.Value {
	switch key {
	case "id", "_id", "audit_id", "log_id":
		return &e.id
	case "event", "event_type", "event_name", "action", "type":
		return &e.event
	case "created_at", "createdAt", "timestamp", "event_time", "date", "time":
		return &e.at
	case "message", "description", "text", "log":
		return &e.text
	case "actor", "performed_by", "initiated_by", "created_by", "done_by":
		return &e.actor
	case "user", "target_user", "affected_user":
		return &e.user
	case "app", "application":
		return &e.app
	case "integration":
		return &e.integration
	case "entity", "object", "target", "resource", "playbook", "rule":
		return &e.object
	default:
		return nil
	}
}

// setTime reads RFC 3339 text, or milliseconds since 1970.
func setTime(c *normalize.Context, r *normalize.Record, v jsonx.Value) (err error) {
	if _, number := v.Int(); !number {
		return c.EventTime(r, v)
	}
	if r.EventTime, err = c.EpochTime(v, time.Millisecond); err != nil {
		return err
	}
	r.EventTimeNative = v.Text()
	return nil
}

// setParty reads a person or a thing: {id, name, email}, or a text that is an
// address or a name.
func setParty(c *normalize.Context, parent string, v jsonx.Value, id, name, email *string) {
	if v.Kind() != jsonx.Object {
		if text := v.Text(); strings.Contains(text, "@") && email != nil {
			*email = text
		} else if text != "" {
			*name = text
		} else {
			c.Keep(v)
		}
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case (key == "id" || key == "_id") && m.Text() != "" && *id == "":
			*id = m.Text()
		case key == "name" && m.Text() != "":
			*name = m.Text()
		case key == "email" && m.Text() != "" && email != nil:
			*email = m.Text()
		default:
			c.KeepIn(parent, m)
		}
	}
}

// setObject says what was changed: the thing that is named, or else the person,
// the integration or the application.
func setObject(c *normalize.Context, r *normalize.Record, e *entry) {
	setParty(c, "user", e.user, &r.SubjectID, &r.SubjectName, &r.SubjectEmail)
	setParty(c, "app", e.app, &r.TargetAppID, &r.TargetApp, nil)
	switch {
	case e.object.Exists():
		r.ObjectType = e.object.Key()
		setParty(c, r.ObjectType, e.object, &r.ObjectID, &r.ObjectName, nil)
		if kind := e.object.Get("type").Text(); kind != "" {
			r.ObjectType = kind
		}
		if e.integration.Exists() {
			c.Keep(e.integration)
		}
	case e.integration.Exists():
		r.ObjectType = "integration"
		setParty(c, "integration", e.integration, &r.ObjectID, &r.ObjectName, nil)
	case e.user.Exists():
		r.ObjectType, r.ObjectID, r.ObjectName = "user", r.SubjectID, r.SubjectName
	case e.app.Exists():
		r.ObjectType, r.ObjectID, r.ObjectName = "application", r.TargetAppID, r.TargetApp
	}
}
