// Package onelogin reads the events of OneLogin, as the API pages them
// ({"data":[…]}) and as its event webhooks deliver them.
//
// An event has no status: its numeric type says how it ended, unless a
// description of an error stands in it. Events of one synchronisation of a
// directory share directory_sync_run_id, which becomes their run; nothing says
// when that starts or ends, so there is no record of the run itself. The
// reference is https://developers.onelogin.com/api-docs/1/events/event-resource
package onelogin

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is onelogin.events.
var Format = normalize.Format{
	Name:     "onelogin.events",
	Version:  1,
	Title:    "OneLogin events and event webhooks",
	Ref:      "https://developers.onelogin.com/api-docs/1/events/event-resource",
	Emits:    []normalize.Kind{normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapEvent,
}

// elements peels the page of the API. An event has no member data.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		if data := v.Get("data"); data.Kind() == jsonx.Array {
			normalize.DefaultElements(data, yield)
			return
		}
		yield(v)
	})
}

// event holds the members that are mapped.
type event struct {
	id, uuid, created, timestamp, typ            jsonx.Value
	userID, userName, actorID, actorName, system jsonx.Value
	assuming, client, appID, appName             jsonx.Value
	directory, syncRun, message, failure         jsonx.Value
	objectIDs, objectNames                       [len(objects)]jsonx.Value
}

// objects are what an event can be about besides a user, the most telling first.
var objects = [...]struct{ id, name, kind string }{
	{"role_id", "role_name", "role"},
	{"group_id", "group_name", "group"},
	{"otp_device_id", "otp_device_name", "otp_device"},
	{"policy_id", "policy_name", "policy"},
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	var e event
	e.read(c, v)
	id, typ := e.id.Text(), e.typ.Text()
	if id == "" {
		id = e.uuid.Text()
	} else if e.uuid.Text() != id {
		c.Keep(e.uuid)
	}
	switch {
	case id == "":
		return normalize.Missing(v, "id")
	case typ == "":
		return normalize.Missing(v, "event_type_id")
	}
	rule := rules[typ]
	r := c.New(rule.kind())
	if err := e.setTime(c, r, v); err != nil {
		return err
	}
	r.EventType, r.NativeType, r.NativeID = typ, "event", id
	e.setPeople(c, r)
	e.setObject(c, r)
	e.setRun(c, r)
	e.setStatus(r, rule)
	if r.Kind == normalize.KindAudit {
		r.ChangeKind, r.ActionName = rule.change, rule.name
	} else {
		e.setAction(r, rule)
	}
	r.Unmapped = c.Kept()
	return nil
}

func (e *event) read(c *normalize.Context, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		if at := e.member(m.Key()); at != nil && m.Kind() < jsonx.Object {
			*at = m
		} else {
			c.Keep(m)
		}
	}
}

// member returns where a member goes, or nil.
//
//nolint:gocyclo // one name after the other
func (e *event) member(key string) *jsonx.Value {
	switch key {
	case "id":
		return &e.id
	case "uuid":
		return &e.uuid
	case "created_at":
		return &e.created
	case "event_timestamp":
		return &e.timestamp
	case "event_type_id":
		return &e.typ
	case "user_id":
		return &e.userID
	case "user_name":
		return &e.userName
	case "actor_user_id":
		return &e.actorID
	case "actor_user_name":
		return &e.actorName
	case "actor_system":
		return &e.system
	case "assuming_acting_user_id":
		return &e.assuming
	case "client_id":
		return &e.client
	case "app_id":
		return &e.appID
	case "app_name":
		return &e.appName
	case "directory_id":
		return &e.directory
	case "directory_sync_run_id":
		return &e.syncRun
	case "custom_message":
		return &e.message
	case "error_description":
		return &e.failure
	}
	for i := range objects {
		switch key {
		case objects[i].id:
			return &e.objectIDs[i]
		case objects[i].name:
			return &e.objectNames[i]
		}
	}
	return nil
}

// setTime reads created_at, or the event_timestamp of webhooks, which ends in
// " UTC".
func (e *event) setTime(c *normalize.Context, r *normalize.Record, v jsonx.Value) error {
	if e.created.Text() != "" {
		c.Keep(e.timestamp)
		return c.EventTime(r, e.created)
	}
	text, isUTC := strings.CutSuffix(e.timestamp.Str(), " UTC")
	switch {
	case text == "" && e.timestamp.Text() == "":
		return normalize.Missing(v, "created_at")
	case !isUTC:
		return c.EventTime(r, e.timestamp)
	}
	at, _, err := c.TextTime(text)
	if err != nil {
		return normalize.Invalid(e.timestamp, normalize.BadTime, "%s", err)
	}
	r.EventTime, r.EventTimeNative = at, e.timestamp.Str()
	return nil
}

// setPeople sets who acted on whom. Who assumed another user acts on that
// user's behalf.
func (e *event) setPeople(c *normalize.Context, r *normalize.Record) {
	r.SubjectID, r.SubjectName = e.userID.Text(), e.userName.Text()
	if strings.IndexByte(r.SubjectName, '@') > 0 {
		r.SubjectEmail = r.SubjectName
	}
	switch {
	case e.assuming.Text() != "":
		r.ActorType, r.ActorID, r.OnBehalfOf = model.ActorUser, e.assuming.Text(), e.actorID.Text()
		c.Keep(e.actorName)
		c.Keep(e.system)
	case e.actorID.Text() != "" || e.actorName.Text() != "":
		r.ActorType, r.ActorID, r.ActorName = model.ActorUser, e.actorID.Text(), e.actorName.Text()
		if strings.IndexByte(r.ActorName, '@') > 0 {
			r.ActorEmail = r.ActorName
		}
		c.Keep(e.system)
	case e.system.Text() != "":
		r.ActorType, r.ActorName = model.ActorSystem, e.system.Text()
	case e.client.Text() != "":
		r.ActorType, r.ActorID = model.ActorApp, e.client.Text()
	}
	if r.ActorType != model.ActorApp {
		c.Keep(e.client)
	}
}

func (e *event) setObject(c *normalize.Context, r *normalize.Record) {
	r.TargetAppID, r.TargetApp = e.appID.Text(), e.appName.Text()
	for i := range objects {
		id, name := e.objectIDs[i], e.objectNames[i]
		switch {
		case id.Text() == "" && name.Text() == "":
		case r.ObjectType == "":
			r.ObjectType, r.ObjectID, r.ObjectName = objects[i].kind, id.Text(), name.Text()
		default:
			c.Keep(id)
			c.Keep(name)
		}
	}
}

func (e *event) setRun(c *normalize.Context, r *normalize.Record) {
	r.RunID = e.syncRun.Text()
	if r.RunID == "" {
		c.Keep(e.directory)
		return
	}
	r.WorkflowID, r.WorkflowName = e.directory.Text(), "directory_sync"
	r.Direction = model.Inbound
}

// setStatus goes by the type; of a type that is not known here nothing says
// how it ended. An error that is described makes a failure of any.
func (e *event) setStatus(r *normalize.Record, rule rule) {
	r.State, r.Outcome = rule.state(), rule.outcome
	r.StatusReason, r.ErrorMessage = e.message.Text(), e.failure.Text()
	if r.ErrorMessage != "" {
		r.State, r.Outcome, r.OutcomeDerived = model.Terminal, model.Failure, model.Failure
	}
	switch {
	case !r.Outcome.Failed():
		return
	case r.ErrorMessage == "":
		r.ErrorMessage = r.StatusReason
	}
	if r.FailureStage = model.StageAction; r.ErrorMessage == "" {
		r.ErrorCode = rule.name
	}
	if rule.class != "" {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = rule.class, rule.category, model.FromEventType
		return
	}
	r.ClassifyMessage()
}

func (e *event) setAction(r *normalize.Record, rule rule) {
	r.ActionID, r.ActionName = r.NativeID, rule.name
	if r.ActionName == "" {
		r.ActionName = r.EventType
	}
	if r.TaskType = rule.task; r.TaskType == "" {
		r.TaskType = model.TaskOther
	}
	if r.Direction == "" {
		r.Direction = model.Internal
	}
	switch {
	case r.RunID != "":
		r.TriggerKind = model.TriggerUnknown
	case e.client.Text() != "":
		r.TriggerKind = model.TriggerAPI
	case r.ActorType == model.ActorUser:
		r.TriggerKind = model.TriggerManual
	}
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	if r.Outcome == model.Success && r.TaskType.Changes() {
		r.Effect = model.Changed
	}
}
