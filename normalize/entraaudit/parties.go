package entraaudit

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// setActor reads who did it: a user, or else an application. Where both are
// told the user is who acted, through the application.
func (e *entry) setActor(c *normalize.Context, r *normalize.Record) {
	var app jsonx.Value
	for m := e.initiator.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "user":
			setUser(c, r, m)
		case "app":
			app = m
		default:
			c.KeepIn("initiatedBy", m)
		}
	}
	switch {
	case app.Kind() != jsonx.Object:
		c.KeepIn("initiatedBy", app)
	case r.ActorID != "" || r.ActorName != "":
		if named(app) {
			c.KeepIn("initiatedBy", app)
		}
	default:
		setApp(c, r, app)
	}
	switch r.ActorType {
	case model.ActorUser:
		r.TriggerKind = model.TriggerManual
	case model.ActorApp:
		r.TriggerKind = model.TriggerAPI
	}
}

func setUser(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.KeepIn("initiatedBy", v)
		return
	}
	var login string
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			text(c, &r.ActorID, "initiatedBy.user", m)
		case "displayName":
			text(c, &r.ActorName, "initiatedBy.user", m)
		case "userPrincipalName":
			text(c, &login, "initiatedBy.user", m)
		default:
			keep(c, "initiatedBy.user", m, normalize.Inner(m))
		}
	}
	switch {
	case strings.IndexByte(login, '@') > 0:
		r.ActorEmail = login
	case r.ActorName == "":
		r.ActorName = login
	default:
		c.KeepText("initiatedBy.user", "userPrincipalName", login)
	}
	if r.ActorName == "" {
		r.ActorName = r.ActorEmail
	}
	if r.ActorID != "" || r.ActorName != "" {
		r.ActorType = model.ActorUser
	}
}

func setApp(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	var appID string
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "servicePrincipalId":
			text(c, &r.ActorID, "initiatedBy.app", m)
		case "displayName":
			text(c, &r.ActorName, "initiatedBy.app", m)
		case "appId":
			text(c, &appID, "initiatedBy.app", m)
		default:
			keep(c, "initiatedBy.app", m, normalize.Inner(m))
		}
	}
	if r.ActorID == "" {
		r.ActorID, appID = appID, ""
	}
	c.KeepText("initiatedBy.app", "appId", appID)
	if r.ActorID != "" || r.ActorName != "" {
		r.ActorType = model.ActorApp
	}
}

func named(v jsonx.Value) bool {
	for m := v.First(); m.Exists(); m = m.Next() {
		if m.Text() != "" {
			return true
		}
	}
	return false
}

// target is one of targetResources.
type target struct {
	id, name, login, kind string
	place                 string // "targetResources.0"
}

func (t *target) exists() bool { return t.id != "" || t.name != "" || t.login != "" || t.kind != "" }

// setTargets sorts the targets into subject, app and object by their types, and
// keeps what finds no field.
func (e *entry) setTargets(c *normalize.Context, r *normalize.Record) {
	var subject, app, object target
	i := 0
	for v := e.targets.First(); v.Exists(); v, i = v.Next(), i+1 {
		t := target{place: c.Concat("targetResources.", strconv.Itoa(i))}
		t.read(c, v)
		switch {
		case t.is("User") && !subject.exists():
			subject = t
		case (t.is("ServicePrincipal") || t.is("Application") || t.is("App")) && !app.exists():
			app = t
		case !t.is("User") && !object.exists():
			object = t
		default:
			t.keep(c, nil)
		}
	}
	r.Changes = c.Changes()
	r.SubjectID, r.SubjectName, r.SubjectEmail = subject.id, subject.label(), subject.email()
	r.TargetAppID, r.TargetApp = app.id, app.name
	about := &object
	switch {
	case object.exists():
	case subject.exists():
		about = &subject
	default:
		about = &app
	}
	r.ObjectType, r.ObjectID, r.ObjectName = about.kind, about.id, about.label()
	subject.keep(c, r)
	app.keep(c, r)
	object.keep(c, r)
}

func (t *target) read(c *normalize.Context, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.KeepAs("", t.place, v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			text(c, &t.id, t.place, m)
		case "displayName":
			text(c, &t.name, t.place, m)
		case "userPrincipalName":
			text(c, &t.login, t.place, m)
		case "type":
			text(c, &t.kind, t.place, m)
		case "modifiedProperties":
			t.readChanges(c, m)
		default:
			keep(c, t.place, m, normalize.Inner(m))
		}
	}
}

// readChanges reads a list of properties, or one that came without a list.
func (t *target) readChanges(c *normalize.Context, m jsonx.Value) {
	list := normalize.Inner(m)
	switch list.Kind() {
	case jsonx.Object:
		readChange(c, list)
	case jsonx.Array:
		for p := list.First(); p.Exists(); p = p.Next() {
			if p.Kind() != jsonx.Object {
				c.KeepAs("", "modifiedProperties", p)
			}
			readChange(c, p)
		}
	default:
		keep(c, t.place, m, list)
	}
}

func readChange(c *normalize.Context, p jsonx.Value) {
	var name string
	var from, to jsonx.Value
	for m := p.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "displayName":
			text(c, &name, "modifiedProperties", m)
		case "oldValue":
			from = m
		case "newValue":
			to = m
		default:
			c.KeepIn("modifiedProperties", m)
		}
	}
	c.Change(name, side(c, name, from), side(c, name, to))
}

func side(c *normalize.Context, name string, v jsonx.Value) jsonx.Value {
	in := unquote(v)
	if !in.Exists() && v.Exists() && !v.IsNull() {
		withhold(c, "modifiedProperties", name)
	}
	return in
}

func (t *target) is(kind string) bool { return strings.EqualFold(t.kind, kind) }

func (t *target) label() string {
	if t.name == "" {
		return t.login
	}
	return t.name
}

func (t *target) email() string {
	if strings.IndexByte(t.login, '@') > 0 {
		return t.login
	}
	return ""
}

// keep keeps the words of t that do not stand in r.
func (t *target) keep(c *normalize.Context, r *normalize.Record) {
	for _, m := range [...]struct{ key, text string }{
		{"id", t.id},
		{"displayName", t.name},
		{"userPrincipalName", t.login},
		{"type", t.kind},
	} {
		if r == nil || !told(r, m.text) {
			c.KeepText(t.place, m.key, m.text)
		}
	}
}

func told(r *normalize.Record, s string) bool {
	switch s {
	case r.SubjectID, r.SubjectName, r.SubjectEmail, r.TargetAppID, r.TargetApp, r.ObjectType, r.ObjectID, r.ObjectName:
		return true
	case "User", "ServicePrincipal", "Application": // the field it stands in says so
		return true
	default:
		return false
	}
}
