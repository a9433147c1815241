package scimevents

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
	"github.com/runledger/runledger/normalize/scim"
)

// completed maps the completion of an asynchronous request: one action, or the
// run of a bulk request whose operations are all answered at once.
func (t *token) completed(e jsonx.Value, id, name string) error {
	method, err := t.c.Required(e, "method")
	if err != nil {
		return err
	}
	status := e.Get("status")
	if !status.Exists() || status.IsNull() {
		return normalize.Missing(e, "status")
	}
	response := e.Get("response")
	if list := operations(response); list.Kind() == jsonx.Array {
		t.bulk(e, id, list)
		return nil
	}
	r := t.record(normalize.KindAction, e, id)
	t.request(r, method, t.path(e.Get("location")), status, response)
	t.object(r)
	r.EndedTime = ended(r)
	r.Payload = t.c.Members("response", t.c.JSON(response))
	t.keepPayload(e)
	t.c.KeepText("event", "name", name)
	t.finish(r)
	return nil
}

// operations are those of a BulkResponse.
func operations(response jsonx.Value) jsonx.Value {
	for m := response.First(); m.Exists() && response.Kind() == jsonx.Object; m = m.Next() {
		if strings.EqualFold(m.Key(), "Operations") {
			return m
		}
	}
	return jsonx.Value{}
}

// path is where the resource is: its location, or else the subject, which for a
// creation that failed is the endpoint alone.
func (t *token) path(location jsonx.Value) string {
	if text := location.Text(); text != "" {
		return text
	}
	return t.uri
}

// request sets what the request did. A status that is none is kept, and the
// state is unknown.
func (t *token) request(r *normalize.Record, method, path string, status, response jsonx.Value) {
	code, ok := scim.HTTPStatus(status)
	if !ok {
		code = 0
	}
	scim.Describe(t.c, r, scim.Request{Method: method, Path: path, Status: code, Response: response})
	if !ok {
		r.State, r.StatusNative = model.UnknownState, status.Text()
	}
	if r.TaskType == model.TaskOther && r.ObjectType == "User" && r.Operation == model.OpUpdate {
		r.TaskType, r.Operation = model.TaskUserUpdate, ""
	}
}

func ended(r *normalize.Record) normalize.Micros {
	if r.State != model.Terminal {
		return 0
	}
	return r.EventTime
}

// bulk appends the run of a bulk request and an action for each operation.
func (t *token) bulk(e jsonx.Value, id string, list jsonx.Value) {
	run := t.run
	if run == "" {
		run = id
	}
	children := make([]model.Child, 0, list.Len())
	for o := list.First(); o.Exists(); o = o.Next() {
		var child normalize.Record
		t.request(&child, o.Get("method").Text(), o.Get("location").Text(), o.Get("status"), o.Get("response"))
		children = append(children, model.Child{State: child.State, Outcome: child.Outcome})
	}
	derived := model.Rollup(children)
	r := t.record(normalize.KindRun, e, run)
	r.RunID, r.WorkflowName, r.TriggerKind = run, "SCIM bulk", model.TriggerSCIM
	r.StatusNative = e.Get("status").Text()
	r.State, r.Outcome, r.Failing = derived.State, derived.Outcome, derived.Failing
	if code, ok := scim.HTTPStatus(e.Get("status")); ok && code >= 400 {
		r.State, r.Outcome, r.OutcomeDerived = model.Terminal, model.Failure, derived.Outcome
	}
	r.EndedTime = ended(r)
	r.Counts = t.c.Counts(children)
	t.keepPayload(e)
	t.c.KeepText("event", "method", e.Get("method").Text())
	t.object(r)
	r.ObjectID = "" // it is about many
	for m := e.Get("response").First(); m.Exists(); m = m.Next() {
		if m.Kind() != jsonx.Array || !strings.EqualFold(m.Key(), "Operations") {
			t.c.KeepIn("response", m)
		}
	}
	t.finish(r)
	index := int64(0)
	for o := list.First(); o.Exists(); o = o.Next() {
		index++
		t.operation(e, run, o, index)
	}
}

func (t *token) operation(e jsonx.Value, run string, o jsonx.Value, index int64) {
	action := o.Get("bulkId").Text()
	if action == "" {
		action = strconv.FormatInt(index, 10)
	}
	r := t.record(normalize.KindAction, e, t.c.Concat(run, "/", strconv.FormatInt(index, 10)))
	r.RunID, r.ActionID, r.Sequence, r.TriggerKind = run, action, index, model.TriggerSCIM
	t.request(r, o.Get("method").Text(), o.Get("location").Text(), o.Get("status"), o.Get("response"))
	r.EndedTime = ended(r)
	r.Payload = t.c.Members("response", t.c.JSON(o.Get("response")))
	for m := o.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "bulkId", "method", "status", "response":
		default:
			t.c.KeepIn("operation", m)
		}
	}
	r.Unmapped = t.c.Kept()
}
