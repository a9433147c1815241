package logicapps

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// subjectOf reads names such as workflowActionCompleted.
func subjectOf(operation string) subject {
	switch {
	case hasFold(operation, "workflowRun"):
		return ofRun
	case hasFold(operation, "workflowTrigger"):
		return ofTrigger
	case hasFold(operation, "workflow"): // actions, and the steps of batches
		return ofAction
	default:
		return 0
	}
}

func hasFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

func (e *event) operation(name string) {
	e.name = name
	short := name[strings.LastIndexByte(name, '/')+1:]
	e.of = subjectOf(short)
	e.starts = strings.HasSuffix(short, "Started")
	e.ends = strings.HasSuffix(short, "Completed") || strings.HasSuffix(short, "Ended")
}

// readDiagnostic reads a record of the category WorkflowRuntime.
func readDiagnostic(c *normalize.Context, e *event, v, properties jsonx.Value) {
	var resource string
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "time":
			e.recorded = m
		case "operationName":
			e.operation(m.Str())
		case "resourceId":
			resource = m.Str()
		case "properties":
		case "workflowId":
			e.workflowID = lower(c, m.Str())
		default:
			c.Keep(m)
		}
	}
	for m := properties.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "startTime":
			e.start = m
		case "endTime":
			e.end = m
		case "resource":
			readResource(c, e, m)
		case "trackedProperties":
			e.tracked = inner(c, m)
		case "$schema":
			c.KeepIn("properties", m)
		default:
			e.readCommon(c, m)
		}
	}
	// The path is in capitals: a last resort for names.
	e.run = first(e.run, segment(resource, "runs"))
	e.action = first(e.action, segment(resource, "actions"))
	e.trigger = first(e.trigger, segment(resource, "triggers"))
	e.workflowName = first(e.workflowName, segment(resource, "workflows"))
	e.workflowID = first(e.workflowID, lower(c, upTo(resource, "workflows")))
	e.setNativeType("Microsoft.Logic/workflows")
}

// text takes a scalar m in. What has another type than it should is kept.
func text(c *normalize.Context, dst *string, parent string, m jsonx.Value) {
	if k := m.Kind(); k == jsonx.Object || k == jsonx.Array {
		c.KeepIn(parent, m)
		return
	}
	*dst = m.Text()
}

// inner returns the JSON in m, which the tables hold as text. What looks like
// JSON and is none could not be masked and is withheld.
func inner(c *normalize.Context, m jsonx.Value) jsonx.Value {
	v := normalize.Inner(m)
	if !v.Exists() {
		c.KeepText("", m.Key(), normalize.Masked)
	}
	return v
}

func readResource(c *normalize.Context, e *event, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.Keep(v)
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "workflowName":
			text(c, &e.workflowName, "resource", m)
		case "runId":
			text(c, &e.run, "resource", m)
		case "originRunId":
			text(c, &e.origin, "resource", m)
		case "actionName":
			text(c, &e.action, "resource", m)
		case "triggerName":
			text(c, &e.trigger, "resource", m)
		default:
			c.KeepIn("resource", m)
		}
	}
}

// readCommon reads a member that diagnostic records and resource objects share.
func (e *event) readCommon(c *normalize.Context, m jsonx.Value) {
	switch m.Key() {
	case "status":
		text(c, &e.status, "properties", m)
	case "code":
		text(c, &e.code, "properties", m)
	case "error":
		e.fault = faultOf(m)
	case "correlation":
		readCorrelation(c, e, m)
	case "retryHistory":
		e.retries = inner(c, m)
	case "inputsLink", "inputs":
		e.inputs = m
	case "outputsLink", "outputs":
		e.outputs = m
	case "repetitionIndexes":
		e.indexes = m
	default:
		c.KeepIn("properties", m)
	}
}

func readCorrelation(c *normalize.Context, e *event, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.Keep(v)
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "actionTrackingId":
			text(c, &e.tracking, "correlation", m)
		case "clientTrackingId":
			text(c, &e.client, "correlation", m)
		default:
			c.KeepIn("correlation", m)
		}
	}
}

// readRow reads a row of the table LogicAppWorkflowRuntime, in which structures
// are JSON text.
func readRow(c *normalize.Context, e *event, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		if m.Kind() == jsonx.String && m.Str() == "" {
			continue // how the table says null
		}
		switch m.Key() {
		case "TimeGenerated":
			e.recorded = m
		case "OperationName":
			e.operation(m.Str())
		case "StartTime":
			e.start = m
		case "EndTime":
			e.end = m
		case "Status":
			text(c, &e.status, "", m)
		case "Code":
			text(c, &e.code, "", m)
		case "Error":
			e.fault = faultOf(m)
		case "WorkflowId":
			text(c, &e.workflowID, "", m)
		case "WorkflowName":
			text(c, &e.workflowName, "", m)
		case "RunId":
			text(c, &e.run, "", m)
		case "OriginRunId":
			text(c, &e.origin, "", m)
		case "ActionName":
			text(c, &e.action, "", m)
		case "TriggerName":
			text(c, &e.trigger, "", m)
		case "ActionTrackingId":
			text(c, &e.tracking, "", m)
		case "ClientTrackingId":
			text(c, &e.client, "", m)
		case "RetryHistory":
			e.retries = inner(c, m)
		case "TrackedProperties":
			e.tracked = inner(c, m)
		default:
			c.KeepAs("", m.Key(), inner(c, m))
		}
	}
	if e.of == 0 { // an export without the column, or an operation of tomorrow
		e.of = e.subjectByNames()
	}
	e.setNativeType("Microsoft.Web/sites/workflows")
}

func (e *event) subjectByNames() subject {
	switch {
	case e.action != "":
		return ofAction
	case e.run == "" && e.trigger != "":
		return ofTrigger
	case e.run != "":
		return ofRun
	default:
		return 0
	}
}

// readObject reads a run, action, repetition or trigger history of Azure
// Resource Manager, which its id tells apart.
func readObject(c *normalize.Context, e *event, v, properties jsonx.Value) {
	var id string
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			id = m.Str()
		case "type":
			e.nativeType = m.Str()
		case "name", "properties":
		default:
			c.Keep(m)
		}
	}
	for m := properties.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "startTime":
			e.start = m
		case "endTime":
			e.end = m
		case "scheduledTime":
			e.scheduled = m
		case "trackedProperties":
			e.tracked = m
		case "workflow":
			e.version = first(segment(m.Get("id").Str(), "versions"), m.Get("name").Text())
		case "trigger":
			readRunTrigger(c, e, m)
		case "run":
			e.run = m.Get("name").Text()
		case "trackingId":
			e.tracking = first(e.tracking, m.Text())
			c.KeepIn("properties", m)
		default:
			e.readCommon(c, m)
		}
	}
	e.run = first(segment(id, "runs"), e.run)
	e.action = segment(id, "actions")
	e.trigger = first(segment(id, "triggers"), e.trigger)
	e.repetition = first(segment(id, "repetitions"), segment(id, "scopeRepetitions"))
	e.workflowName = segment(id, "workflows")
	e.workflowID = lower(c, upTo(id, "workflows"))
	switch {
	case e.action != "":
		e.of = ofAction
	case segment(id, "histories") != "":
		e.of = ofTrigger
	case e.run != "":
		e.of = ofRun
	}
	e.setNativeType("Microsoft.Logic/workflows")
	e.name = e.nativeType
}

// readRunTrigger reads what started a run. Its history has the name of the run
// unless the run was submitted again.
func readRunTrigger(c *normalize.Context, e *event, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "name":
			text(c, &e.trigger, "trigger", m)
		case "scheduledTime":
			e.scheduled = m
		case "originHistoryName":
			text(c, &e.origin, "trigger", m)
		default:
			c.KeepIn("trigger", m)
		}
	}
}

// setNativeType names what e is about as Azure does, unless it did so itself.
// The provider tells the plan: Microsoft.Logic is Consumption.
func (e *event) setNativeType(workflows string) {
	if e.nativeType != "" {
		return
	}
	logic := workflows == "Microsoft.Logic/workflows"
	switch {
	case e.of == ofAction && logic:
		e.nativeType = "Microsoft.Logic/workflows/runs/actions"
	case e.of == ofTrigger && logic:
		e.nativeType = "Microsoft.Logic/workflows/triggers"
	case logic:
		e.nativeType = "Microsoft.Logic/workflows/runs"
	case e.of == ofAction:
		e.nativeType = "Microsoft.Web/sites/workflows/runs/actions"
	case e.of == ofTrigger:
		e.nativeType = "Microsoft.Web/sites/workflows/triggers"
	default:
		e.nativeType = "Microsoft.Web/sites/workflows/runs"
	}
}
