// Package sailpoint reads SailPoint Identity Security Cloud: the audit events of
// its search index, and the input of the event trigger Provisioning Completed.
//
// An event becomes an action of the operation that its tracking number names,
// or an audit record. A completed provisioning becomes the run of its tracking
// number, with one action for each account request. Both meet in that run. The
// references are
// https://developer.sailpoint.com/docs/extensibility/event-triggers/triggers/provisioning-completed
// and https://documentation.sailpoint.com/saas/help/search/building-query.html
package sailpoint

import (
	"slices"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is sailpoint.isc.
var Format = normalize.Format{
	Name:     "sailpoint.isc",
	Version:  1,
	Title:    "SailPoint Identity Security Cloud: search events and Provisioning Completed",
	Ref:      "https://developer.sailpoint.com/docs/extensibility/event-triggers/triggers/provisioning-completed",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapElement,
}

// elements peels {"hits":{"hits":[{"_source":{…}}]}}, the raw answer of the index.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		list := v.At("hits", "hits")
		if list.Kind() != jsonx.Array {
			yield(v)
			return
		}
		for hit := list.First(); hit.Exists(); hit = hit.Next() {
			if source := hit.Get("_source"); source.Kind() == jsonx.Object {
				hit = source
			}
			yield(hit)
		}
	})
}

// mapElement tells the two apart by the account requests.
func mapElement(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event or a completed provisioning, which is an object")
	}
	if v.Get("accountRequests").Exists() {
		return mapProvisioning(c, v)
	}
	return mapEvent(c, v)
}

// event holds the members of an event that are mapped.
type event struct {
	created, synced, actor, target                      jsonx.Value
	id, typ, action, technical, name, status, operation jsonx.Value
	tracking, details, attributes, objects              jsonx.Value
}

func (e *event) read(c *normalize.Context, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		if at := e.member(m.Key()); at != nil {
			*at = m
		} else {
			c.Keep(m)
		}
	}
}

func (e *event) member(key string) *jsonx.Value {
	switch key {
	case "id":
		return &e.id
	case "created":
		return &e.created
	case "synced":
		return &e.synced
	case "actor":
		return &e.actor
	case "target":
		return &e.target
	case "type":
		return &e.typ
	case "action":
		return &e.action
	case "technicalName":
		return &e.technical
	case "name":
		return &e.name
	case "status":
		return &e.status
	case "operation":
		return &e.operation
	case "trackingNumber":
		return &e.tracking
	case "details":
		return &e.details
	case "attributes":
		return &e.attributes
	case "objects":
		return &e.objects
	}
	return nil
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	var e event
	e.read(c, v)
	typ := firstText(e.technical, e.action)
	switch {
	case typ == "":
		return normalize.Missing(v, "technicalName")
	case e.created.Text() == "":
		return normalize.Missing(v, "created")
	}
	rule := e.rule()
	r := c.New(rule.kind())
	if err := c.EventTime(r, e.created); err != nil {
		return err
	}
	var err error
	if r.RecordedTime, _, err = c.Time(e.synced); err != nil {
		return err
	}
	r.EventType, r.NativeID, r.ActionName = typ, e.id.Text(), e.name.Text()
	if r.NativeType = e.typ.Text(); r.NativeType == "" {
		r.NativeType = "event"
	}
	if e.action.Text() != typ {
		c.Keep(e.action)
	}
	e.setRun(c, r)
	e.setPeople(c, r)
	e.setObject(c, r)
	r.TaskType, r.Operation = rule.task, rule.operation
	if r.Operation == model.OpOther && r.TaskType == "" || e.operation.Kind() >= jsonx.Object {
		c.Keep(e.operation)
	}
	e.setStatus(r)
	if r.Kind == normalize.KindAudit {
		r.ChangeKind = rule.change
	} else {
		setAction(r)
	}
	c.Keep(e.attributes)
	e.keepOdd(c)
	r.Unmapped = c.Kept()
	return nil
}

// keepOdd keeps the members that should be text and are not.
func (e *event) keepOdd(c *normalize.Context) {
	for _, m := range [...]jsonx.Value{e.id, e.typ, e.technical, e.name, e.status, e.tracking} {
		if m.Kind() >= jsonx.Object {
			c.Keep(m)
		}
	}
}

func firstText(list ...jsonx.Value) string {
	for _, v := range list {
		if s := v.Text(); s != "" {
			return s
		}
	}
	return ""
}

// setRun makes the tracking number the run. The details of an event name the
// operation that it belongs to, where they are one word.
func (e *event) setRun(c *normalize.Context, r *normalize.Record) {
	r.CorrelationID = e.tracking.Text()
	if r.Kind == normalize.KindAction {
		r.RunID = r.CorrelationID
	}
	c.Keep(e.details)
}

func (e *event) setPeople(c *normalize.Context, r *normalize.Record) {
	keep(c, e.actor, "actor", "id", "name", "type")
	r.ActorID, r.ActorName = e.actor.Get("id").Text(), e.actor.Get("name").Text()
	switch {
	case r.ActorID == "" && r.ActorName == "":
	case strings.EqualFold(r.ActorName, "system"):
		r.ActorType = model.ActorSystem
	default:
		r.ActorType = model.ActorUser
		if strings.IndexByte(r.ActorName, '@') > 0 {
			r.ActorEmail = r.ActorName
		}
	}
	if kind := e.actor.Get("type"); kind.Text() != "IDENTITY" {
		c.KeepIn("actor", kind)
	}
}

// setObject sets what an event is about. Where that is a person or an account
// of one, the target is the subject, too.
func (e *event) setObject(c *normalize.Context, r *normalize.Record) {
	keep(c, e.target, "target", "id", "name", "type")
	r.ObjectID, r.ObjectName = e.target.Get("id").Text(), e.target.Get("name").Text()
	if kind := e.target.Get("type"); kind.Text() != "IDENTITY" {
		c.KeepIn("target", kind)
	}
	r.TargetApp = firstText(e.attributes.Get("sourceName"), e.attributes.Get("cloudAppName"), e.attributes.Get("appName"))
	r.TargetAppID = firstText(e.attributes.Get("sourceId"), e.attributes.Get("appId"))
	r.ProviderRef = e.attributes.Get("accountId").Text()
	first := e.objects.First()
	if r.ObjectType = first.Text(); e.objects.Kind() != jsonx.Array || e.objects.Len() > 1 || first.Kind() >= jsonx.Object {
		c.Keep(e.objects)
	}
	switch r.ObjectType {
	case "USER", "IDENTITY", "ACCOUNT", "PASSWORD", "ENTITLEMENT", "ROLE", "ACCESS", "IDENTITY_PROFILE":
		if r.Kind == normalize.KindAction {
			r.SubjectID, r.SubjectName = r.ObjectID, r.ObjectName
			if strings.IndexByte(r.SubjectName, '@') > 0 {
				r.SubjectEmail = r.SubjectName
			}
		}
	}
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

// setStatus reads status; the errors in the attributes may stand beside any.
func (e *event) setStatus(r *normalize.Record) {
	r.StatusNative = e.status.Text()
	r.State, r.Outcome = eventStatus(r.StatusNative)
	if _, outcome := eventStatus(suffix(r.EventType)); r.StatusNative == "" {
		r.State, r.Outcome = eventStatus(suffix(r.EventType))
	} else if outcome != "" && outcome != r.Outcome {
		r.OutcomeDerived = outcome
	}
	message := e.errorText()
	switch {
	case r.Outcome.Failed():
		r.ErrorMessage, r.FailureStage = message, model.StageAction
		if message == "" {
			r.ErrorMessage = firstText(e.attributes.Get("info"), e.name)
		}
		r.ClassifyMessage()
	case r.Outcome == model.Success && message != "":
		r.OutcomeDerived, r.StatusReason = model.Failure, message
	default:
		r.StatusReason = e.attributes.Get("info").Text()
	}
}

// errorText returns the error in the attributes, whose values may be JSON as text.
func (e *event) errorText() string {
	for _, key := range [...]string{"errors", "error", "errorMessage", "exception"} {
		if text := firstOf(normalize.Inner(e.attributes.Get(key))); text != "" && text != "null" {
			return text
		}
	}
	return ""
}

// suffix returns the last word of a technical name, which repeats the status.
func suffix(name string) string { return name[strings.LastIndexByte(name, '_')+1:] }

func setAction(r *normalize.Record) {
	r.ActionID, r.Direction = r.NativeID, model.Internal
	if r.TargetApp != "" || r.TargetAppID != "" {
		r.Direction = model.Outbound
	}
	if r.ActionName == "" {
		r.ActionName = r.EventType
	}
	switch r.State {
	case model.Running:
		r.StartedTime = r.EventTime
	case model.Terminal:
		r.EndedTime = r.EventTime
	}
	if r.TaskType == model.TaskSessionLogin && r.SubjectID == "" && r.SubjectName == "" && r.ActorType == model.ActorUser {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ActorID, r.ActorName, r.ActorEmail
	}
	switch {
	case r.Outcome == model.Success && r.OutcomeDerived.Failed():
		r.Effect = model.Contradicted
	case r.Outcome == model.Success && r.TaskType.Changes():
		r.Effect = model.Changed
	}
}
