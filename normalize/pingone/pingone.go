// Package pingone reads the audit activities of PingOne, as the API pages them
// ({"_embedded":{"activities":[…]}}) and as webhooks of the platform deliver
// them.
//
// An activity becomes an action if it is about an account, a membership, a
// credential of a person or a session, and else an audit record. There are no
// runs: nothing but the correlation groups activities. The reference is
// https://developer.pingidentity.com/pingone-api/platform/audit-activities.html
package pingone

import (
	"slices"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is pingone.activities.
var Format = normalize.Format{
	Name:     "pingone.activities",
	Version:  1,
	Title:    "PingOne audit activities and webhooks",
	Ref:      "https://developer.pingidentity.com/pingone-api/platform/audit-activities.html",
	Emits:    []normalize.Kind{normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapActivity,
}

// elements peels the page of the API.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		if list := v.At("_embedded", "activities"); list.Kind() == jsonx.Array {
			normalize.DefaultElements(list, yield)
			return
		}
		yield(v)
	})
}

// activity holds the members that are mapped.
type activity struct {
	recorded, created, correlation, internal jsonx.Value
	actors, action, resources, result        jsonx.Value
}

func mapActivity(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an activity, which is an object")
	}
	a := read(c, v)
	id, err := c.Required(v, "id")
	if err != nil {
		return err
	}
	switch {
	case !a.action.Exists() || a.action.IsNull():
		return normalize.Missing(v, "action")
	case a.action.Kind() != jsonx.Object:
		return normalize.WrongType(a.action, "an object with type and description")
	}
	typ, err := c.Required(a.action, "type")
	if err != nil {
		return err
	}
	rule := ruleOf(typ)
	r := c.New(rule.kind())
	if err := setTimes(c, r, v, &a); err != nil {
		return err
	}
	r.EventType, r.NativeType, r.NativeID = typ, "activity", id
	if r.ActionName = a.action.Get("description").Text(); r.ActionName == "" {
		r.ActionName = typ
	}
	r.TaskType, r.Operation = rule.task, rule.operation
	r.CorrelationID = a.correlation.Text()
	setActors(c, r, a.actors)
	setResources(c, r, a.resources)
	setResult(c, r, a.result)
	if r.Kind == normalize.KindAudit {
		r.ChangeKind, r.CoverageEffect = rule.change, rule.coverage
		if rule.coverage != "" && r.Outcome != model.Success {
			r.CoverageEffect = model.CoverageNone
		}
	} else {
		setAction(r)
	}
	keep(c, a.action, "action", "type", "description")
	if a.internal.Len() != 1 || a.internal.Get("transactionId").Text() != r.CorrelationID {
		c.KeepAs("", "internalCorrelation", a.internal)
	}
	r.Unmapped = c.Kept()
	return nil
}

func read(c *normalize.Context, v jsonx.Value) (a activity) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
		case "recordedAt":
			a.recorded = m
		case "createdAt":
			a.created = m
		case "correlationId":
			if a.correlation = m; m.Kind() >= jsonx.Object {
				c.Keep(m)
			}
		case "internalCorrelation":
			a.internal = m
		case "actors":
			a.actors = m
		case "action":
			a.action = m
		case "resources":
			a.resources = m
		case "result":
			a.result = m
		default:
			c.Keep(m)
		}
	}
	return a
}

// setTimes sets when the activity was made and when it was recorded; one of
// them has to be there, and either may be the earlier by milliseconds.
func setTimes(c *normalize.Context, r *normalize.Record, v jsonx.Value, a *activity) error {
	recorded, quality, err := c.Time(a.recorded)
	if err != nil {
		return err
	}
	if err := c.EventTime(r, a.created); err != nil {
		return err
	}
	switch {
	case r.EventTime == 0 && recorded == 0:
		return normalize.Missing(v, "createdAt")
	case r.EventTime == 0:
		r.EventTime, r.TimeQuality, r.EventTimeNative = recorded, quality, a.recorded.Str()
	}
	r.RecordedTime = recorded
	return nil
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

// setActors sets who acted: a user, through a client that is kept beside, or
// else a client alone.
func setActors(c *normalize.Context, r *normalize.Record, actors jsonx.Value) {
	user, client := actors.Get("user"), actors.Get("client")
	if actors.Kind() != jsonx.Object {
		c.KeepAs("", "actors", actors)
		return
	}
	for m := actors.First(); m.Exists(); m = m.Next() {
		switch {
		case m.Key() == "user" && m.Kind() == jsonx.Object:
			keep(c, m, "actors.user", "id", "name", "type")
		case m.Key() == "client" && m.Kind() == jsonx.Object && user.Kind() != jsonx.Object:
			keep(c, m, "actors.client", "id", "name", "type")
		default:
			c.KeepIn("actors", m)
		}
	}
	switch {
	case user.Kind() == jsonx.Object:
		r.ActorType, r.ActorID, r.ActorName = model.ActorUser, user.Get("id").Text(), user.Get("name").Text()
		r.TriggerKind = model.TriggerManual
		if strings.IndexByte(r.ActorName, '@') > 0 {
			r.ActorEmail = r.ActorName
		}
	case client.Kind() == jsonx.Object:
		r.ActorType, r.ActorID, r.ActorName = model.ActorApp, client.Get("id").Text(), client.Get("name").Text()
		r.TriggerKind = model.TriggerAPI
	}
	if r.Kind == normalize.KindAudit {
		r.TriggerKind = ""
	}
}

// setResources sorts the resources by their types: the first user is the
// subject, the first application the target, the first of all the object. The
// rest stays in the list, which is kept where there is more than one.
func setResources(c *normalize.Context, r *normalize.Record, list jsonx.Value) {
	if list.Kind() != jsonx.Array {
		c.KeepAs("", "resources", list)
		return
	}
	for v := list.First(); v.Exists(); v = v.Next() {
		kind, id, name := v.Get("type").Text(), v.Get("id").Text(), v.Get("name").Text()
		if r.ObjectType == "" && r.ObjectID == "" {
			r.ObjectType, r.ObjectID, r.ObjectName = kind, id, name
		}
		switch {
		case kind == "USER" && r.SubjectID == "":
			r.SubjectID, r.SubjectName = id, name
			if strings.IndexByte(name, '@') > 0 {
				r.SubjectEmail = name
			}
		case kind == "APPLICATION" && r.TargetAppID == "":
			r.TargetAppID, r.TargetApp = id, name
		}
	}
	if first := list.First(); list.Len() == 1 && first.Kind() == jsonx.Object {
		keep(c, first, "resource", "type", "id", "name")
		return
	}
	c.KeepAs("", "resources", list)
}

func setResult(c *normalize.Context, r *normalize.Record, result jsonx.Value) {
	keep(c, result, "result", "status", "description")
	r.StatusNative, r.StatusReason = result.Get("status").Text(), result.Get("description").Text()
	switch r.StatusNative {
	case "SUCCESS":
		r.State, r.Outcome = model.Terminal, model.Success
	case "FAILED", "FAILURE":
		r.State, r.Outcome = model.Terminal, model.Failure
		r.ErrorMessage, r.FailureStage = r.StatusReason, model.StageAction
		r.ClassifyMessage()
	default:
		r.State = model.UnknownState
	}
}

func setAction(r *normalize.Record) {
	r.ActionID, r.Direction = r.NativeID, model.Internal
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	if r.Outcome == model.Success && r.TaskType.Changes() {
		r.Effect = model.Changed
	}
	if r.SubjectID == "" && r.SubjectName == "" && r.TaskType == model.TaskSessionLogin && r.ActorType == model.ActorUser {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ActorID, r.ActorName, r.ActorEmail
	}
}
