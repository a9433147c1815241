// Package logicapps reads what Azure Logic Apps tells about runs: the
// diagnostic records of the Consumption plan, the rows of the table
// LogicAppWorkflowRuntime of the Standard plan, and the run, action, repetition
// and trigger history objects of Azure Resource Manager (2019-05-01).
//
// All three speak of the same things under the same identities, so that a run
// that is streamed and polled is one run. The package does not follow content
// links, does not page, and does not judge a run by its actions: a cancelled
// run with failed actions inside is for queries to find.
package logicapps

import (
	"strconv"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is azure.logic_apps.
var Format = normalize.Format{
	Name:    "azure.logic_apps",
	Version: 1,
	Title:   "Azure Logic Apps diagnostics, LogicAppWorkflowRuntime rows, run and action objects",
	Ref:     "https://learn.microsoft.com/azure/logic-apps/monitor-workflows-collect-diagnostic-data",
	Emits:   []normalize.Kind{normalize.KindRun, normalize.KindAction},
	About:   about,
	Map:     mapElement,
}

// subject is what an element is about.
type subject uint8

const (
	ofRun subject = iota + 1
	ofTrigger
	ofAction
)

// event is an element in words that do not depend on its shape. Strings are
// empty and values Missing where the element does not tell.
type event struct {
	of         subject
	name       string // native name of the event
	nativeType string
	starts     bool // the event says that something began
	ends       bool

	recorded, start, end, scheduled jsonx.Value
	status, code                    string
	fault                           jsonx.Value // {"code","message"}, or text

	workflowID, workflowName, version string
	run, origin                       string
	trigger, action                   string
	repetition                        string      // name of the repetition in a loop
	indexes                           jsonx.Value // [{"scopeName","itemIndex"}]
	tracking                          string      // action tracking id
	client                            string      // client tracking id

	tracked         jsonx.Value // tracked properties
	inputs, outputs jsonx.Value // contents, or links to them
	retries         jsonx.Value // retry history
}

func mapElement(c *normalize.Context, v jsonx.Value) error {
	e, err := read(c, v)
	if err != nil {
		return err
	}
	switch {
	case e.of != ofTrigger && e.run == "":
		return normalize.Missing(v, "runId")
	case e.of == ofAction && e.action == "":
		return normalize.Missing(v, "actionName")
	case e.of == ofTrigger && e.trigger == "":
		return normalize.Missing(v, "triggerName")
	}
	return e.write(c, v)
}

// read finds out which of the shapes v has.
func read(c *normalize.Context, v jsonx.Value) (e event, err error) {
	operation := v.Get("operationName")
	properties := normalize.Inner(v.Get("properties"))
	switch {
	case v.Kind() != jsonx.Object:
		return e, normalize.WrongType(v, "a record, row or object")
	case operation.Exists() && properties.Kind() == jsonx.Object:
		readDiagnostic(c, &e, v, properties)
	case v.Get("OperationName").Exists() || v.Get("RunId").Exists():
		readRow(c, &e, v)
	case properties.Kind() == jsonx.Object && v.Get("id").Exists():
		readObject(c, &e, v, properties)
	}
	if e.of == 0 {
		return e, normalize.Invalid(v, normalize.UnknownType,
			"want a workflow run, trigger or action: a diagnostic record, a LogicAppWorkflowRuntime row or a resource object")
	}
	return e, nil
}

// write appends the records of e: one, and for an action one more for each
// attempt that failed before.
func (e *event) write(c *normalize.Context, v jsonx.Value) error {
	kind := normalize.KindAction
	if e.of == ofRun {
		kind = normalize.KindRun
	}
	r := c.New(kind)
	r.EventType, r.NativeType = e.name, e.nativeType
	r.WorkflowID, r.WorkflowName, r.WorkflowVersion = e.workflowID, e.workflowName, e.version
	r.RunID, r.CorrelationID, r.TriggerName = e.run, e.client, e.trigger
	if e.origin != e.run {
		r.OriginRunID = e.origin
	}
	r.TriggerKind = e.triggerKind(r.OriginRunID)
	e.setKeys(r)
	e.setStatus(c, r)
	if err := e.setTimes(c, v, r); err != nil {
		return err
	}
	c.KeepAs("", "trackedProperties", e.tracked)
	c.KeepAs("", "repetitionIndexes", e.indexes)
	if e.retries.Kind() != jsonx.Array {
		c.KeepAs("", "retryHistory", e.retries)
	}
	switch e.of {
	case ofRun:
		r.NativeID = e.run
	case ofTrigger:
		e.setTrigger(c, r)
	case ofAction:
		e.setAction(c, r)
	}
	r.Payload = e.payload(c)
	r.Unmapped = c.Kept()
	if e.of != ofAction {
		return nil
	}
	return e.writeAttempts(c, *r, int(r.Attempt-1))
}

// setTrigger makes r the firing of a trigger. Its start identifies it: the run
// is known at its end at the earliest, and not at all if it fired none. It is no
// child of the run, or a run whose only action failed would look half done; the
// correlation id joins them.
func (e *event) setTrigger(c *normalize.Context, r *normalize.Record) {
	r.RunID, r.ActionName, r.TaskType = "", e.trigger, model.TaskOther
	r.NativeID = c.Write(func(dst []byte) []byte {
		dst = append(append(append(dst, e.workflowID...), "/triggers/"...), e.trigger...)
		return strconv.AppendInt(append(dst, '/'), int64(r.StartedTime), 10)
	})
	c.KeepText("", "runId", e.run)
	r.ActionID = r.NativeID
	if r.Outcome.Failed() {
		r.FailureStage = model.StageTrigger
	}
}

// setAction identifies an action by its tracking id, which its start, its end
// and its resource object share and which differs in each turn of a loop.
func (e *event) setAction(c *normalize.Context, r *normalize.Record) {
	r.ActionName, r.ActionID, r.TaskType = e.action, e.tracking, model.TaskOther
	switch {
	case e.tracking != "":
		r.NativeID = c.Concat(e.run, "/", e.action, "/", e.tracking)
	case e.repetition != "":
		r.NativeID = c.Concat(e.run, "/", e.action, "/", e.repetition)
	default:
		r.NativeID = c.Concat(e.run, "/", e.action)
	}
	for index := e.indexes.First(); index.Exists(); index = index.Next() {
		if n, ok := index.Get("itemIndex").Int(); ok {
			r.Sequence = n + 1 // the innermost loop counts
		}
	}
	earlier, last := e.earlier()
	r.Attempt, r.ProviderRef = int64(earlier+1), last.Get("serviceRequestId").Text()
	c.KeepIn("retryHistory", last.Get("clientRequestId"))
	if r.Outcome == model.Skipped {
		r.Effect = model.NoOp
	}
	if r.Outcome.Failed() {
		r.FailureStage = e.failureStage()
	}
}

func (e *event) triggerKind(origin string) model.TriggerKind {
	switch {
	case origin != "":
		return model.TriggerResubmit
	case e.scheduled.Str() != "":
		return model.TriggerSchedule
	default:
		return model.TriggerUnknown
	}
}

// setTimes takes the end of what has ended and the start of all else as the
// time of the event; when it was written down is another time, minutes later.
func (e *event) setTimes(c *normalize.Context, v jsonx.Value, r *normalize.Record) (err error) {
	at := e.end
	if r.State != model.Terminal || at.Str() == "" {
		at = e.start
	}
	if at.Str() == "" {
		at = e.recorded
	}
	if !at.Exists() || at.IsNull() {
		return normalize.Missing(v, "startTime")
	}
	if err := c.EventTime(r, at); err != nil {
		return err
	}
	if r.RecordedTime, _, err = c.Time(e.recorded); err != nil {
		return err
	}
	if r.StartedTime, _, err = c.Time(e.start); err != nil {
		return err
	}
	if r.EndedTime, _, err = c.Time(e.end); err != nil {
		return err
	}
	if r.ScheduledTime, _, err = c.Time(e.scheduled); err != nil {
		return err
	}
	r.UpdatedTime = r.EventTime
	return nil
}

// payload returns the contents of a step, or the links to them without their
// signatures.
func (e *event) payload(c *normalize.Context) string {
	if !filled(e.inputs) && !filled(e.outputs) {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		if filled(e.inputs) {
			dst = c.AppendMasked(append(dst, `"request":`...), "", e.inputs)
		}
		if filled(e.outputs) {
			if filled(e.inputs) {
				dst = append(dst, ',')
			}
			dst = c.AppendMasked(append(dst, `"response":`...), "", e.outputs)
		}
		return append(dst, '}')
	})
}

func filled(v jsonx.Value) bool {
	switch v.Kind() {
	case jsonx.Missing, jsonx.Null:
		return false
	case jsonx.Object, jsonx.Array:
		return v.Len() > 0
	default:
		return true
	}
}
