// Package oktaworkflows reads the execution log stream of Okta Workflows: one
// event, lines of them, an array, and the envelopes that collectors put around.
//
// An event is an update of the run that its execution is; start, pauses and end
// of an execution are revisions of one run, and the executions that called it
// are its parent and root. The stream has no steps, inputs or outputs, and does
// not say which version of a flow ran: the System Log tells when flows were
// edited, which is the format okta.system_log.
//
// Reference: https://help.okta.com/wf/en-us/content/topics/workflows/execute/log-streaming-schema.htm
package oktaworkflows

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is okta.workflows.
var Format = normalize.Format{
	Name:     "okta.workflows",
	Version:  1,
	Title:    "Okta Workflows execution log stream",
	Ref:      "https://help.okta.com/wf/en-us/content/topics/workflows/execute/log-streaming-schema.htm",
	Emits:    []normalize.Kind{normalize.KindRun},
	About:    about,
	Elements: elements,
	Map:      mapEvent,
}

// elements peels {"event":{…}} of Splunk, {"detail":{…}} of Amazon EventBridge
// and {"events":[…]} besides what occurs everywhere. An event of the stream has
// none of these members.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	for m := root.First(); m.Exists() && root.Kind() == jsonx.Object; m = m.Next() {
		switch m.Key() {
		case "event", "detail":
			if m.Kind() == jsonx.Object {
				yield(m)
				return
			}
		case "events":
			if m.Kind() == jsonx.Array {
				normalize.DefaultElements(m, yield)
				return
			}
		}
	}
	normalize.DefaultElements(root, yield)
}

// event holds the members that are not mapped one to one.
type event struct {
	at                    jsonx.Value
	code, message, reason string
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	r := c.New(normalize.KindRun)
	e := read(c, r, v)
	switch {
	case r.EventType == "":
		return normalize.Missing(v, "event_type")
	case r.RunID == "":
		return normalize.Missing(v, "execution_id")
	case !e.at.Exists() || e.at.IsNull() || e.at.Kind() == jsonx.String && e.at.Str() == "":
		return normalize.Missing(v, "timestamp")
	}
	if err := c.EventTime(r, e.at); err != nil {
		return err
	}
	r.NativeID, r.NativeType, r.StatusNative = r.RunID, "execution", r.EventType
	if r.ActorID != "" || r.ActorEmail != "" {
		r.ActorType = model.ActorUser
	}
	r.TriggerKind = model.TriggerUnknown
	if r.ParentRunID != "" {
		r.TriggerKind = model.TriggerNested
	}
	setStatus(r)
	e.setError(c, r)
	r.Unmapped = c.Kept()
	return nil
}

func read(c *normalize.Context, r *normalize.Record, v jsonx.Value) (e event) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "event_type":
			text(c, &r.EventType, m)
		case "execution_id":
			text(c, &r.RunID, m)
		case "timestamp":
			e.at = m
		case "flow_id":
			text(c, &r.WorkflowID, m)
		case "flow_name":
			text(c, &r.WorkflowName, m)
		case "user_id":
			text(c, &r.ActorID, m)
		case "user_email":
			text(c, &r.ActorEmail, m)
		case "parent_execution_id":
			text(c, &r.ParentRunID, m)
		case "root_execution_id":
			text(c, &r.RootRunID, m)
		case "error_code", "status_code":
			text(c, &e.code, m)
		case "error_message", "message":
			text(c, &e.message, m)
		case "reason":
			text(c, &e.reason, m)
		case "error":
			e.readFault(c, m)
		default:
			c.Keep(m)
		}
	}
	return e
}

// readFault reads an error that is an object or just text.
func (e *event) readFault(c *normalize.Context, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		text(c, &e.message, v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case key == "code" && m.Text() != "":
			e.code = m.Text()
		case key == "message" && m.Text() != "":
			e.message = m.Text()
		default:
			c.KeepIn("error", m)
		}
	}
}

// text takes a scalar in, the first one that dst gets; all else is kept.
func text(c *normalize.Context, dst *string, m jsonx.Value) {
	if t := m.Text(); t != "" && *dst == "" {
		*dst = t
		return
	}
	if m.Kind() != jsonx.String || m.Str() != "" {
		c.Keep(m)
	}
}
