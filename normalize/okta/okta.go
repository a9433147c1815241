// Package okta reads the Okta System Log: one LogEvent, an array of them as the
// API pages them, the body of an event hook, and the envelopes of log streams.
//
// Each event stands on its own: it becomes an action, an audit record, or an
// update of the run of a job. The package does not put runs together and does
// not poll; the reference is
// https://developer.okta.com/docs/api/openapi/okta-management/management/tags/systemlog
package okta

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is okta.system_log.
var Format = normalize.Format{
	Name:     "okta.system_log",
	Version:  1,
	Title:    "Okta System Log events, event hooks and log streams",
	Ref:      "https://developer.okta.com/docs/api/openapi/okta-management/management/tags/systemlog",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapEvent,
}

// elements peels what Okta and its carriers wrap around events: the list in
// {"data":{"events":[…]}} of an event hook, {"events":[…]}, {"records":[…]} or
// {"value":[…]}, the one in {"detail":{…}} of Amazon EventBridge or
// {"event":{…}} of Splunk. A LogEvent has none of these members.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	if root.Kind() == jsonx.Array {
		normalize.DefaultElements(root, yield)
		return
	}
	for m := root.First(); m.Exists(); m = m.Next() {
		inner, want := m, jsonx.Array
		switch m.Key() {
		case "data":
			inner = m.Get("events")
		case "events", "records", "value":
		case "detail", "event":
			want = jsonx.Object
		default:
			continue
		}
		if inner.Kind() == want {
			normalize.DefaultElements(inner, yield)
			return
		}
	}
	yield(root)
}

// event holds the members of a LogEvent that are mapped.
type event struct {
	uuid, published, typ, display, outcome, actor, target, transaction jsonx.Value
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a LogEvent object")
	}
	e := read(c, v)
	id, name := e.uuid.Text(), e.typ.Str()
	switch {
	case id == "":
		return normalize.Missing(v, "uuid")
	case name == "":
		return normalize.Missing(v, "eventType")
	case !e.published.Exists() || e.published.IsNull():
		return normalize.Missing(v, "published")
	}
	rule := ruleOf(name)
	transaction := readTransaction(c, e.transaction)
	kind := rule.kindOf(transaction)
	r := c.New(kind)
	if err := c.EventTime(r, e.published); err != nil {
		return err
	}
	r.EventType, r.NativeID, r.NativeType = name, id, "LogEvent"
	r.ActionName = e.display.Str()
	r.TaskType, r.Direction = rule.task, rule.direction
	transaction.set(r)
	setOutcome(c, r, e.outcome, rule)
	setActor(c, r, e.actor)
	setTargets(c, r, e.target)
	setTrigger(r, transaction)
	switch kind {
	case normalize.KindRun:
		setRun(c, r, &e, rule, transaction)
	case normalize.KindAudit:
		setAudit(r, rule)
	default:
		setAction(r, rule)
	}
	r.Unmapped = c.Kept()
	return nil
}

func read(c *normalize.Context, v jsonx.Value) (e event) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "uuid":
			e.uuid = m
		case "published":
			e.published = m
		case "eventType":
			e.typ = m
		case "displayMessage":
			if e.display = m; m.Kind() != jsonx.String {
				c.Keep(m)
			}
		case "outcome":
			e.outcome = m
		case "actor":
			e.actor = m
		case "target":
			e.target = m
		case "transaction":
			e.transaction = m
		default:
			c.Keep(m)
		}
	}
	return e
}

// setRun makes r an update of the run of a job. All events of a job share its
// transaction, so the transaction is what the updates are revisions of.
func setRun(c *normalize.Context, r *normalize.Record, e *event, rule rule, t transaction) {
	c.Keep(e.uuid)
	if r.ActionName != "" {
		c.Keep(e.display)
	}
	r.ActionName, r.TaskType = "", ""
	r.NativeID, r.NativeType = t.id, "transaction"
	r.RunID, r.UpdatedTime = t.id, r.EventTime
	r.WorkflowName, r.WorkflowID = rule.workflow, rule.workflow
	if r.TargetAppID != "" {
		r.WorkflowID = c.Concat(rule.workflow, "/", r.TargetAppID)
	}
	switch {
	case rule.wait != "":
		r.State, r.Outcome, r.WaitReason = model.Waiting, "", rule.wait
	case r.Outcome.Failed():
	case rule.outcome == model.Success && r.State == model.Terminal: // Okta's word is finer
	default:
		r.State, r.Outcome, r.WaitReason = rule.state, rule.outcome, ""
	}
	switch r.State {
	case model.Queued:
		r.CreatedTime = r.EventTime
	case model.Running:
		r.StartedTime = r.EventTime
	case model.Terminal:
		r.EndedTime = r.EventTime
	}
}

func setAction(r *normalize.Record, rule rule) {
	r.ActionID = r.NativeID
	if r.ActionName == "" {
		r.ActionName = r.EventType
	}
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	switch {
	case r.Outcome.Failed() && rule.direction == model.Outbound:
		r.FailureStage = model.StageDownstream
	case r.Outcome.Failed():
		r.FailureStage = model.StageAction
	case r.Outcome == model.Success && changes(rule.task):
		r.Effect = model.Changed
	case r.Outcome == model.Skipped:
		r.Effect = model.NoOp
	}
	if r.SubjectID == "" && r.SubjectName == "" && rule.self && r.ActorType == model.ActorUser {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ActorID, r.ActorName, r.ActorEmail
	}
}

// changes reports whether a success of t leaves something changed.
func changes(t model.TaskType) bool {
	switch t {
	case model.TaskOther, model.TaskHTTP, model.TaskUserSync, model.TaskSessionLogin, model.TaskNotify, "":
		return false
	default:
		return true
	}
}

// setAudit notes what was changed, and what that does to the evidence. What was
// tried in vain did nothing to it.
func setAudit(r *normalize.Record, rule rule) {
	r.ChangeKind, r.CoverageEffect = rule.change, rule.coverage
	if rule.coverage != "" && (r.Outcome.Failed() || r.Outcome == model.Skipped) {
		r.CoverageEffect = model.CoverageNone
	}
}
