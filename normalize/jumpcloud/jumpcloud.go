// Package jumpcloud reads the events of JumpCloud Directory Insights, as the
// API returns them (arrays) and as exports store them (arrays or lines).
//
// An event about an account, a membership, an access, a session or a command to
// a device becomes an action, the configuration audit records. There are no
// runs. A command to a device and its result share command_uuid, which becomes
// the correlation. The reference is
// https://docs.jumpcloud.com/api/insights/directory/1.0/index.html
package jumpcloud

import (
	"slices"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is jumpcloud.directory_insights.
var Format = normalize.Format{
	Name:    "jumpcloud.directory_insights",
	Version: 1,
	Title:   "JumpCloud Directory Insights events",
	Ref:     "https://docs.jumpcloud.com/api/insights/directory/1.0/index.html",
	Emits:   []normalize.Kind{normalize.KindAction, normalize.KindAudit},
	About:   about,
	Map:     mapEvent,
}

// event holds the members that are mapped.
type event struct {
	timestamp, success, status                             jsonx.Value
	initiator, resource, application, association, changes jsonx.Value
	command, chain, message, tokenSuccess                  jsonx.Value
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	e := read(c, v)
	id, err := c.Required(v, "id")
	if err != nil {
		return err
	}
	typ, err := c.Required(v, "event_type")
	if err != nil {
		return err
	}
	if !e.timestamp.Exists() || e.timestamp.IsNull() {
		return normalize.Missing(v, "timestamp")
	}
	rule := ruleOf(typ)
	r := c.New(rule.kind())
	if err := c.EventTime(r, e.timestamp); err != nil {
		return err
	}
	r.EventType, r.NativeType, r.NativeID, r.ActionName = typ, "event", id, typ
	r.TaskType, r.Operation = rule.task, rule.operation
	r.CorrelationID = e.command.Text()
	setChanges(c, r, e.changes)
	setActor(c, r, e.initiator)
	setResource(c, r, e.resource)
	setApplication(c, r, e.application)
	if typ == "association_change" {
		setAssociation(c, r, e.association)
	} else {
		c.Keep(e.association)
	}
	setStatus(c, r, &e)
	if r.Kind == normalize.KindAudit {
		r.ChangeKind = rule.change
	} else {
		setAction(r, rule)
	}
	r.Unmapped = c.Kept()
	return nil
}

func read(c *normalize.Context, v jsonx.Value) (e event) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id", "event_type":
		case "timestamp":
			e.timestamp = m
		case "success":
			e.success = m
		case "status":
			e.status = m
		case "initiated_by":
			e.initiator = m
		case "resource":
			e.resource = m
		case "application":
			e.application = m
		case "association":
			e.association = m
		case "changes":
			e.changes = m
		case "command_uuid":
			e.command = m
		case "error_chain":
			e.chain = m
		case "error_message":
			e.message = m
		case "sso_token_success":
			e.tokenSuccess = m
			c.Keep(m)
		default:
			c.Keep(m)
		}
	}
	return e
}

// keep keeps the members of v that are not among known, or v if it is no object.
func keep(c *normalize.Context, v jsonx.Value, name string, known ...string) {
	if v.Kind() != jsonx.Object {
		c.KeepAs("", name, v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		if m.Kind() >= jsonx.Object || !slices.Contains(known, m.Key()) {
			c.KeepIn(name, m)
		}
	}
}

// setChanges reads [{"field","from","to"}]; the list is kept if an item of it
// is something else.
func setChanges(c *normalize.Context, r *normalize.Record, list jsonx.Value) {
	whole := list.Kind() == jsonx.Array
	for v := list.First(); v.Exists(); v = v.Next() {
		field := v.Get("field").Text()
		if list.Kind() != jsonx.Array || field == "" {
			whole = false
			continue
		}
		for m := v.First(); m.Exists(); m = m.Next() {
			whole = whole && (m.Key() == "field" || m.Key() == "from" || m.Key() == "to")
		}
		c.Change(field, v.Get("from"), v.Get("to"))
	}
	if r.Changes = c.Changes(); !whole {
		c.Keep(list)
	}
}

func setActor(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	keep(c, v, "initiated_by", "id", "type", "email", "username")
	r.ActorID, r.ActorName, r.ActorEmail = v.Get("id").Text(), v.Get("username").Text(), v.Get("email").Text()
	switch kind := v.Get("type").Text(); kind {
	case "user", "admin":
		r.ActorType, r.TriggerKind = model.ActorUser, model.TriggerManual
		if kind == "admin" {
			c.KeepIn("initiated_by", v.Get("type"))
		}
	case "system", "jumpcloud":
		r.ActorType = model.ActorSystem
		c.KeepIn("initiated_by", v.Get("type"))
	case "api_key", "service_account", "application", "integration":
		r.ActorType, r.TriggerKind = model.ActorApp, model.TriggerAPI
		c.KeepIn("initiated_by", v.Get("type"))
	default:
		c.KeepIn("initiated_by", v.Get("type"))
	}
	if r.Kind == normalize.KindAudit {
		r.TriggerKind = ""
	}
}

// setResource sets what the event is about; a user is also the subject.
func setResource(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	keep(c, v, "resource", "id", "type", "name", "username", "email", "displayName", "recipient_email")
	r.ObjectType, r.ObjectID = v.Get("type").Text(), v.Get("id").Text()
	name, email := v.Get("username").Text(), v.Get("email").Text()
	for _, key := range [...]string{"name", "displayName", "recipient_email"} {
		if m := v.Get(key); name == "" {
			name = m.Text()
		} else if m.Text() != name {
			c.KeepIn("resource", m)
		}
	}
	r.ObjectName = name
	switch r.ObjectType {
	case "user", "systemuser", "system_user":
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ObjectID, name, email
	default:
		c.KeepIn("resource", v.Get("email"))
	}
}

func setApplication(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	keep(c, v, "application", "id", "name", "display_label")
	r.TargetAppID, r.TargetApp = v.Get("id").Text(), v.Get("display_label").Text()
	if r.TargetApp == "" {
		r.TargetApp = v.Get("name").Text()
	} else if v.Get("name").Text() != r.TargetApp {
		c.KeepIn("application", v.Get("name"))
	}
}

// setAssociation reads which two things were bound together or set apart. A
// user in a group is a membership, an application on either side an access.
func setAssociation(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	op := strings.ToLower(v.Get("op").Text())
	from, to := v.At("connection", "from"), v.At("connection", "to")
	user, group, app := side("user", from, to), side("user_group", from, to), side("application", from, to)
	add := op == "add"
	if add || op == "remove" {
		switch {
		case app.Exists() && add:
			r.TaskType = model.TaskLicenseAssign
		case app.Exists():
			r.TaskType = model.TaskLicenseRevoke
		case user.Exists() && group.Exists() && add:
			r.TaskType = model.TaskGroupAdd
		case user.Exists() && group.Exists():
			r.TaskType = model.TaskGroupRemove
		}
		if r.Operation = model.OpDelete; add {
			r.Operation = model.OpCreate
		}
	}
	if user.Exists() {
		r.SubjectID, r.SubjectName = user.Get("object_id").Text(), user.Get("name").Text()
	}
	object := group
	switch {
	case app.Exists():
		r.TargetAppID, r.TargetApp = app.Get("object_id").Text(), app.Get("name").Text()
		if !group.Exists() {
			object = app
		}
	case !group.Exists():
		object = to
	}
	if r.ObjectID == "" {
		r.ObjectType, r.ObjectID, r.ObjectName = object.Get("type").Text(), object.Get("object_id").Text(), object.Get("name").Text()
	}
	c.Keep(v)
}

// side returns the end of a connection that is of that type.
func side(kind string, ends ...jsonx.Value) jsonx.Value {
	for _, v := range ends {
		if v.Get("type").Text() == kind {
			return v
		}
	}
	return jsonx.Value{}
}

// setStatus reads success, and where that is absent the status of a command to
// a device. Errors beside a success contradict it and stand beside it.
func setStatus(c *normalize.Context, r *normalize.Record, e *event) {
	ok, known := e.success.Bool()
	r.StatusNative = e.success.Text()
	switch {
	case known && ok:
		r.State, r.Outcome = model.Terminal, model.Success
	case known:
		r.State, r.Outcome = model.Terminal, model.Failure
	default:
		r.State, r.Outcome, r.WaitReason = commandStatus(e.status.Text())
		c.Keep(e.success)
	}
	if r.StatusNative == "" {
		r.StatusNative = e.status.Text()
	} else {
		c.Keep(e.status)
	}
	if e.status.Kind() >= jsonx.Object && r.StatusNative == "" {
		c.Keep(e.status)
	}
	r.ErrorMessage = e.message.Text()
	if r.ErrorMessage == "" {
		r.ErrorMessage = chainText(e.chain)
	}
	if e.chain.Len() > 0 || e.chain.Kind() < jsonx.Object || e.message.Kind() >= jsonx.Object {
		c.Keep(e.chain)
	}
	if e.message.Kind() >= jsonx.Object {
		c.Keep(e.message)
	}
	token, hasToken := e.tokenSuccess.Bool()
	switch {
	case r.Outcome == model.Success && (e.chain.Len() > 0 || r.ErrorMessage != "" || hasToken && !token):
		r.OutcomeDerived = model.Failure
		r.StatusReason, r.ErrorMessage = r.ErrorMessage, ""
		r.Effect = model.Contradicted
	case r.Outcome.Failed():
		r.FailureStage = model.StageAction
		r.ClassifyMessage()
	}
}

// chainText returns the first text of an error chain.
func chainText(chain jsonx.Value) string {
	first := chain.First()
	for _, key := range [...]string{"localized_description", "us_english_description", "message"} {
		if s := first.Get(key).Text(); s != "" {
			return s
		}
	}
	return first.Text()
}

// commandStatus reads the answers of the Apple MDM protocol.
func commandStatus(word string) (model.State, model.Outcome, model.WaitReason) {
	switch word {
	case "Acknowledged":
		return model.Terminal, model.Success, ""
	case "Error", "CommandFormatError":
		return model.Terminal, model.Failure, ""
	case "NotNow":
		return model.Waiting, "", model.WaitCallback
	default:
		return model.UnknownState, "", ""
	}
}

func setAction(r *normalize.Record, rule rule) {
	r.ActionID, r.Direction = r.NativeID, rule.direction
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	if r.Outcome == model.Success && r.TaskType.Changes() && r.Effect == "" {
		r.Effect = model.Changed
	}
	if r.SubjectID == "" && r.SubjectName == "" && rule.self && r.ActorType == model.ActorUser {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ActorID, r.ActorName, r.ActorEmail
	}
}
