package temporal

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// record appends a record with what those of a history have in common.
func (m *mapper) record(kind normalize.Kind) *normalize.Record {
	r := m.c.New(kind)
	started := m.run.started
	r.RunID, r.WorkflowVersion = m.run.id, m.run.version
	r.BusinessKey = m.run.workflowID
	if r.BusinessKey != "" {
		r.BusinessKeyType = "temporal.workflow_id"
	}
	r.WorkflowName = started.At("workflowType", "name").Text()
	if r.WorkflowName == "" {
		r.WorkflowName = m.v.At("workflowType", "name").Text()
	}
	r.WorkflowID = r.WorkflowName
	r.ParentRunID = started.At("parentWorkflowExecution", "runId").Text()
	r.RootRunID = started.At("rootWorkflowExecution", "runId").Text()
	r.CorrelationID = started.Get("firstExecutionRunId").Text()
	for _, id := range [...]string{started.Get("continuedExecutionRunId").Text(), started.Get("originalExecutionRunId").Text(), r.CorrelationID} {
		if id != "" && id != r.RunID {
			r.OriginRunID = id
			break
		}
	}
	return r
}

func (m *mapper) writeRun() {
	r, u := m.record(normalize.KindRun), &m.run
	r.NativeID, r.NativeType, r.EventType = u.id, "workflow_execution", u.last.v.Get("eventType").Text()
	r.StatusNative, r.State, r.Outcome, r.WaitReason = u.native, u.status.State, u.status.Outcome, u.wait
	r.OutcomeDerived, r.Failing, r.Counts = u.derived, u.failing, u.counts
	r.CreatedTime, r.StartedTime = u.begin.at, u.begin.at
	r.EventTime, r.EventTimeNative, r.UpdatedTime = u.last.at, u.last.text, u.last.at
	m.setStart(r)
	result := jsonx.Value{}
	switch {
	case u.ended != nil:
		r.EndedTime, r.EventTime, r.EventTimeNative = u.ended.at, u.ended.at, u.ended.text
		result = u.ended.attributes.Get("result")
		m.setEnd(r, u.ended.attributes)
	case u.taskFailure.Exists():
		setError(m.c, r, u.taskFailure)
		r.FailureStage = model.StagePlatform
	}
	r.Payload = payload(m.c, u.started.Get("input"), result)
	r.StepLog = stepLog(m.c, u.log)
	m.keep(r)
}

// setStart reads the first event. The attempts of a workflow are runs of their
// own; a single event but the first does not know its number.
func (m *mapper) setStart(r *normalize.Record) {
	a := m.run.started
	if n, ok := a.Get("attempt").Int(); ok && n > 0 && n < 1<<16 && !m.alone {
		r.Attempt = n
	}
	if !a.Exists() {
		return
	}
	if r.ActorID = a.Get("identity").Text(); r.ActorID != "" {
		r.ActorType = model.ActorApp
	}
	r.TriggerNative = a.Get("initiator").Text()
	schedule := a.At("searchAttributes", "indexedFields", "TemporalScheduledById")
	switch {
	case a.Get("parentWorkflowExecution").Kind() == jsonx.Object:
		r.TriggerKind = model.TriggerNested
	case a.Get("cronSchedule").Text() != "":
		r.TriggerKind, r.TriggerName = model.TriggerSchedule, a.Get("cronSchedule").Text()
	case schedule.Exists():
		r.TriggerKind = model.TriggerSchedule
	case strings.HasSuffix(strings.ToUpper(r.TriggerNative), "RETRY"):
		r.TriggerKind = model.TriggerResubmit
	case a.Get("continuedExecutionRunId").Text() != "": // by itself, as new
		r.TriggerKind = model.TriggerUnknown
	default:
		r.TriggerKind = model.TriggerAPI
	}
}

func (m *mapper) setEnd(r *normalize.Record, a jsonx.Value) {
	switch {
	case r.Outcome.Failed():
		setError(m.c, r, a)
	case r.Outcome == model.UnknownOutcome:
		r.StatusReason = m.c.Concat("continued as run ", a.Get("newExecutionRunId").Text())
	case r.Outcome == model.Cancelled:
		r.StatusReason = a.Get("reason").Text()
	}
}

// keep keeps what stands beside the events.
func (m *mapper) keep(r *normalize.Record) {
	if !m.alone || m.v.Get("event").Kind() == jsonx.Object {
		for v := m.v.First(); v.Exists() && m.v.Kind() == jsonx.Object; v = v.Next() {
			switch v.Key() {
			case "events", "event", "runId", "workflowId", "workflowExecution", "execution", "workflowType":
			case "history":
				for h := v.First(); h.Exists(); h = h.Next() {
					if h.Key() != "events" {
						m.c.KeepIn("history", h)
					}
				}
			default:
				m.c.Keep(v)
			}
		}
	}
	r.Unmapped = m.c.Kept()
}

// writeStep appends the last attempt of a step and what is known of those
// before it: a history holds no events of them, but the failure of the one
// before the last. The first is written too, for it is the one that a history
// taken earlier told of as running.
func (m *mapper) writeStep(s *step) {
	if m.alone {
		m.writeAttempt(s, 0)
		return
	}
	last := max(s.attempt, 1)
	if last > 2 {
		m.writeEarlier(s, 1, jsonx.Value{})
	}
	if last > 1 {
		m.writeEarlier(s, last-1, s.started.Get("lastFailure"))
	}
	m.writeAttempt(s, last)
}

func (m *mapper) stepRecord(s *step, attempt int64) *normalize.Record {
	r := m.record(normalize.KindAction)
	r.NativeID, r.NativeType = m.c.Concat(r.RunID, "/", s.first), s.kind
	r.EventType = s.last.v.Get("eventType").Text()
	r.Attempt, r.TaskType = attempt, model.TaskOther
	r.Sequence, _ = strconv.ParseInt(s.first, 10, 64)
	r.ActionID, r.ActionName = s.first, nameOf(s)
	if id := s.begin.Get("activityId").Text(); id != "" {
		r.ActionID = id
	}
	if s.kind == "child_workflow" {
		r.ObjectType = "workflow_execution"
		r.ObjectName = s.attributes.Get("workflowId").Text()
		for _, a := range [...]jsonx.Value{s.started, s.final} {
			if id := a.At("workflowExecution", "runId").Text(); id != "" {
				r.ObjectID, r.ObjectName = id, a.At("workflowExecution", "workflowId").Text()
			}
		}
	}
	r.ScheduledTime = s.scheduledTime
	return r
}

func nameOf(s *step) string {
	for _, a := range [...]jsonx.Value{s.begin, s.started, s.final, s.attributes} {
		for _, key := range [...]string{"activityType", "workflowType"} {
			if name := a.At(key, "name").Text(); name != "" {
				return name
			}
		}
		if name := a.Get("operation").Text(); name != "" {
			return name
		}
	}
	return ""
}

func (m *mapper) writeEarlier(s *step, attempt int64, failure jsonx.Value) {
	r := m.stepRecord(s, attempt)
	r.Synthetic = true
	r.State, r.Outcome, r.RetryState = model.Terminal, model.Failure, "in_progress"
	r.EventTime, r.UpdatedTime = s.startedTime, s.startedTime
	r.EventTimeNative = s.last.text
	for i := range s.log {
		if s.log[i].at == s.startedTime {
			r.EventTimeNative = s.log[i].text
		}
	}
	root := rootOf(failure)
	r.ErrorMessage, r.ErrorType = messageOf(m.c, root), typeOf(root)
	r.FailureStage = model.StageAction
	classify(r, failure, root)
}

func (m *mapper) writeAttempt(s *step, attempt int64) {
	r := m.stepRecord(s, attempt)
	r.StatusNative, r.State, r.Outcome = s.native, s.status.State, s.status.Outcome
	r.StartedTime, r.EndedTime = s.startedTime, s.endTime
	r.EventTime, r.EventTimeNative, r.UpdatedTime = s.last.at, s.last.text, s.last.at
	for i := range s.log {
		r.UpdatedTime = max(r.UpdatedTime, s.log[i].at)
		if s.log[i].attributes == s.final && s.final.Exists() {
			r.EventTime, r.EventTimeNative = s.log[i].at, s.log[i].text
		}
	}
	if r.Outcome.Failed() {
		setError(m.c, r, s.final)
	}
	r.Payload = payload(m.c, s.begin.Get("input"), s.final.Get("result"))
	r.StepLog = stepLog(m.c, s.log)
	if m.alone {
		m.keep(r)
	}
}
