package demo

import (
	"fmt"
	"strings"
	"time"
)

// workflow is a Logic App: what triggers it, and its actions in order.
type workflow struct {
	name, trigger string
	key, prefix   string // the tracked property, and how its values begin
	standard      bool   // hosted as Standard, else Consumption
	steps         []step
}

type step struct {
	name, app string // app is empty for what Logic Apps does by itself
	typical   time.Duration
}

var acmeWorkflows = []workflow{
	{"refund-processing", "When_a_refund_is_requested", "refundId", "RF-", false, []step{
		{"Validate_request", "", 200 * time.Millisecond},
		{"Issue_refund", "Payments", 2 * time.Second},
		{"Update_ledger", "Ledger", time.Second},
		{"Notify_customer", "Mail", 700 * time.Millisecond},
	}},
	{"alert-delivery", "When_an_alert_arrives", "alertId", "AL-", false, []step{
		{"Enrich_alert", "", 300 * time.Millisecond}, {"Post_to_channel", "Slack", 900 * time.Millisecond}, {"Create_ticket", "Zendesk", 1500 * time.Millisecond},
	}},
	{"renewal-reminders", "Recurrence", "campaignId", "RN-", false, []step{
		{"List_accounts", "Salesforce", 4 * time.Second}, {"Filter_accounts", "", 200 * time.Millisecond}, {"Send_reminders", "HubSpot", 6 * time.Second},
	}},
	{"client-onboarding", "When_a_contact_is_created", "contactId", "C-", false, []step{
		{"Create_workspace", "GitHub", 5 * time.Second}, {"Send_welcome_packet", "Mail", time.Second},
	}},
}

var globexWorkflows = []workflow{
	{"permit-scheduling", "When_a_permit_is_filed", "permitId", "P-", true, []step{
		{"Check_documents", "", time.Second}, {"Reserve_slot", "Permit API", 8 * time.Second}, {"Send_confirmation", "Mail", time.Second},
	}},
	{"invoice-sync", "Recurrence", "batchId", "IB-", true, []step{
		{"Fetch_invoices", "Salesforce", 3 * time.Second}, {"Post_invoices", "Ledger", 5 * time.Second},
	}},
}

func (t *tenant) workflow(name string) workflow {
	for _, w := range t.workflows {
		if w.name == name {
			return w
		}
	}
	panic("demo: " + t.name + " has no workflow " + name)
}

// logicRun is one execution of a Logic App while it goes on.
type logicRun struct {
	workflow
	id, origin string // origin is the run that this one repeats
	tracking   string // client tracking id: a resubmission keeps it
	value      string // of the tracked property
	started    time.Time
	at         time.Time // how far it has come
	failed     *fault
	failedApp  string
	failedAt   time.Time
	cancelled  bool
}

// planLogicApp runs a Logic App.
func (s *slot) planLogicApp() {
	w := pick(s, s.t.workflows)
	run := s.begin(w, s.logicID(), s.number(w.prefix), s.within())
	for i := range w.steps {
		at := run.at
		if i == len(w.steps)-1 && s.chance(0.008) {
			s.cancel(run, i)
			break
		}
		var f *fault
		if app := w.steps[i].app; app != "" {
			f = s.faultOf(app, at)
		}
		s.step(run, i, f)
	}
	if s.chance(0.0007) {
		return // the record of its end is never seen
	}
	s.finish(run)
	if run.failed == nil {
		return
	}
	known := s.failed(failure{sources[logicFeed], w.name, run.id, run.failedApp, run.failed, run.failedAt})
	if run.failed.temporary && s.chance(0.4) {
		s.resubmit(run, s.t.calm(run.failedApp, run.at.Add(s.around(30*time.Minute, 0.6))))
	} else if !known.IsZero() && s.chance(0.3) {
		s.resubmit(run, s.t.calm(run.failedApp, known.Add(s.between(5*time.Minute, 30*time.Minute))))
	}
}

// number returns a business key. It is longer than those of the stories, and
// too long to come twice.
func (s *slot) number(prefix string) string { return fmt.Sprint(prefix, 1e8+s.r.IntN(9e8)) }

// resubmit runs a failed run again, from its start, with the same data.
func (s *slot) resubmit(old *logicRun, at time.Time) {
	run := &logicRun{workflow: old.workflow, id: s.logicID(), origin: old.id, tracking: old.tracking, value: old.value, started: at, at: at}
	s.open(run)
	for i := range run.steps {
		s.step(run, i, nil)
	}
	s.finish(run)
}

// logicID looks like the ids of Logic Apps, which are long numbers.
func (s *slot) logicID() string {
	return fmt.Sprintf("0858%015d%013dCU%02d", s.r.Uint64N(1e15), s.r.Uint64N(1e13), s.r.IntN(32))
}

func (s *slot) begin(w workflow, id, value string, at time.Time) *logicRun {
	run := &logicRun{workflow: w, id: id, tracking: id, value: value, started: at, at: at}
	s.open(run)
	return run
}

// open writes that the trigger fired and the run started.
func (s *slot) open(run *logicRun) {
	end := run.started.Add(40 * time.Millisecond)
	s.logic(run, logicRecord{operation: "TriggerStarted", trigger: run.trigger, start: run.started, status: "Running", at: run.started})
	s.logic(run, logicRecord{operation: "TriggerCompleted", trigger: run.trigger, start: run.started, end: end, status: "Succeeded", code: "OK", at: end})
	s.logic(run, logicRecord{operation: "RunStarted", start: end, status: "Running", at: end})
	run.at = end.Add(20 * time.Millisecond)
}

// step runs an action, or skips it because one before it has failed.
func (s *slot) step(run *logicRun, i int, f *fault) {
	what := run.steps[i]
	rec := logicRecord{operation: "ActionCompleted", action: what.name, tracking: s.uuid(), start: run.at}
	if run.failed != nil || run.cancelled {
		rec.end, rec.at, rec.status, rec.code = run.at, run.at, "Skipped", "ActionSkipped"
		rec.err = obj{"code", "ActionConditionFailed", "message", "The execution of template action '" + what.name + "' is skipped: the 'runAfter' condition is not satisfied."}
		s.logic(run, rec)
		return
	}
	started := rec
	started.operation, started.status, started.at = "ActionStarted", "Running", run.at
	s.logic(run, started)
	took := s.between(what.typical/2, what.typical*2)
	rec.status, rec.code = "Succeeded", "OK"
	switch {
	case f != nil:
		rec.status, rec.code, rec.err = "Failed", f.logicCode, obj{"code", f.logicCode, "message", f.says(what.app)}
		if f.temporary {
			rec.retries, took = s.retries(run.at, f, 4), took+45*time.Second
		}
		run.failed, run.failedApp = f, what.app
	case what.app != "" && s.chance(0.02):
		rec.retries, took = s.retries(run.at, unavailable, 1), took+7*time.Second
	}
	run.at = run.at.Add(took)
	rec.end, rec.at = run.at, run.at
	if f != nil {
		run.failedAt = run.at
	}
	s.logic(run, rec)
}

// retries is what the connector tried before it gave up or got through.
func (s *slot) retries(at time.Time, f *fault, n int) list {
	var out list
	for range n {
		end := at.Add(s.between(500*time.Millisecond, 3*time.Second))
		out = append(out, obj{"startTime", at, "endTime", end, "code", f.logicCode, "clientRequestId", s.uuid(), "error", obj{"code", f.logicCode, "message", "the service answered " + fmt.Sprint(f.code)}})
		at = end.Add(7 * time.Second)
	}
	return out
}

// cancel is an operator stopping a run in the middle of an action.
func (s *slot) cancel(run *logicRun, i int) {
	start := run.at
	run.at, run.cancelled = run.at.Add(s.between(time.Minute, 20*time.Minute)), true
	s.logic(run, logicRecord{operation: "ActionCompleted", action: run.steps[i].name, tracking: s.uuid(), start: start, end: run.at, at: run.at, status: "Cancelled", code: "Terminated"})
}

// finish writes the end of the run.
func (s *slot) finish(run *logicRun) {
	run.at = run.at.Add(30 * time.Millisecond)
	rec := logicRecord{operation: "RunCompleted", start: run.started, end: run.at, at: run.at, status: "Succeeded", code: "OK"}
	switch {
	case run.cancelled:
		rec.status, rec.code = "Cancelled", "Terminated"
	case run.failed != nil:
		rec.status, rec.code = "Failed", "ActionFailed"
		rec.err = obj{"code", "ActionFailed", "message", "An action failed. No dependent actions succeeded."}
	}
	s.logic(run, rec)
}

// logicRecord is one diagnostic record.
type logicRecord struct {
	operation       string // RunStarted, RunCompleted, TriggerStarted, …
	trigger, action string
	tracking        string
	at, start, end  time.Time
	status, code    string
	err             obj
	retries         list
}

// logic pushes a record as the hosting of its workflow writes it.
func (s *slot) logic(run *logicRun, rec logicRecord) {
	if run.standard {
		s.add(logicFeed, rec.at, rec.standard(s.t, run).bytes())
		return
	}
	s.add(logicFeed, rec.at, rec.consumption(s.t, run).bytes())
}

func (rec *logicRecord) level() string {
	if rec.status == "Failed" {
		return "Error"
	}
	return "Information"
}

func (rec *logicRecord) consumption(t *tenant, run *logicRun) obj {
	group := "/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000000/RESOURCEGROUPS/" + strings.ToUpper(t.name) + "/PROVIDERS/MICROSOFT.LOGIC/WORKFLOWS/" + strings.ToUpper(run.name)
	resource := group + "/RUNS/" + run.id
	switch {
	case rec.action != "":
		resource += "/ACTIONS/" + strings.ToUpper(rec.action)
	case rec.trigger != "":
		resource = group + "/TRIGGERS/" + strings.ToUpper(rec.trigger)
	}
	return obj{
		"time", rec.at, "workflowId", group, "resourceId", resource, "category", "WorkflowRuntime",
		"level", rec.level(), "operationName", "Microsoft.Logic/workflows/workflow" + rec.operation,
		"properties",
		obj{
			"$schema", "2016-06-01", "startTime", rec.start, "endTime", rec.end, "status", rec.status, "code", rec.code,
			"resource",
			obj{
				"subscriptionId", "00000000-0000-0000-0000-000000000000", "resourceGroupName", t.name,
				"workflowId", fmt.Sprintf("%016x", hash(t.name, run.name, 0)), "workflowName", run.name, "runId", run.id,
				"originRunId", run.origin, "location", "westeurope", "triggerName", rec.trigger, "actionName", rec.action,
			},
			"correlation",
			obj{"actionTrackingId", rec.tracking, "clientTrackingId", run.tracking},
			"trackedProperties", rec.tracked(run), "error", rec.err, "retryHistory", rec.retries, "outputsLink", rec.outputs(run),
		},
	}
}

// outputs links to what a payment answered. Such a link is signed, which makes
// it a secret that must be masked.
func (rec *logicRecord) outputs(run *logicRun) obj {
	if rec.action != "Issue_refund" || rec.status != "Succeeded" {
		return nil
	}
	return obj{"uri", "https://logic.example.com/runs/" + run.id + "/contents/ActionOutputs?sig=demo-signature-not-real", "contentSize", 412}
}

// standard is a row of Log Analytics, where structures are JSON text.
func (rec *logicRecord) standard(t *tenant, run *logicRun) obj {
	operation := strings.Replace(rec.operation, "TriggerCompleted", "TriggerEnded", 1)
	row := obj{
		"TimeGenerated", rec.at, "Category", "WorkflowRuntime", "Type", "LogicAppWorkflowRuntime", "Level", rec.level(),
		"OperationName", "Workflow" + operation, "Location", "westeurope", "SourceSystem", "Azure",
		"WorkflowId", fmt.Sprintf("%032x", hash(t.name, run.name, 0)), "WorkflowName", run.name, "RunId", run.id, "OriginRunId", run.origin,
		"TriggerName", rec.trigger, "ActionName", rec.action, "ActionTrackingId", rec.tracking, "ClientTrackingId", run.tracking,
		"StartTime", rec.start, "EndTime", rec.end, "Status", rec.status, "Code", rec.code,
	}
	if rec.err != nil {
		row = append(row, "Error", string(rec.err.bytes()))
	}
	if rec.retries != nil {
		row = append(row, "RetryHistory", string(appendJSON(nil, rec.retries)))
	}
	if tracked := rec.tracked(run); tracked != nil {
		row = append(row, "TrackedProperties", string(tracked.bytes()))
	}
	return row
}

// tracked is the business key, which the actions know and a trigger does not.
func (rec *logicRecord) tracked(run *logicRun) obj {
	if rec.trigger != "" {
		return nil
	}
	return obj{run.key, run.value}
}
