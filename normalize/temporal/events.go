package temporal

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// event is one event of a history.
type event struct {
	v, attributes  jsonx.Value
	id, kind, text string // kind in one spelling; text is its time as written
	at             normalize.Micros
}

// run is what the events say about the execution itself.
type run struct {
	id, workflowID, resetTo string
	version                 string
	started                 jsonx.Value // attributes of the first event
	ended                   *event      // the event that closed it
	native                  string      // the event that decided its status
	status                  model.Child
	wait                    model.WaitReason
	taskFailure             jsonx.Value // of the last workflow task
	taskPending             bool
	begin, last             event
	log                     []event
	counts                  string
	derived                 model.Outcome
	failing                 bool
}

// step is an activity, a child workflow or a Nexus operation.
type step struct {
	kind                                string
	first                               string // id of the event that began it
	begin, attributes                   jsonx.Value
	started, final                      jsonx.Value // attributes of those events
	status                              model.Child
	native                              string
	attempt                             int64
	scheduledTime, startedTime, endTime normalize.Micros
	last                                event
	log                                 []event
}

func (m *mapper) readEvent(v jsonx.Value) (err error) {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	e := event{v: v}
	if e.id, err = m.c.Required(v, "eventId"); err != nil {
		return err
	}
	native, err := m.c.Required(v, "eventType")
	if err != nil {
		return err
	}
	if e.text, err = m.c.Required(v, "eventTime"); err != nil {
		return err
	}
	if e.at, _, err = m.c.Time(v.Get("eventTime")); err != nil {
		return err
	}
	e.kind = kindOf(native)
	for f := v.First(); f.Exists(); f = f.Next() {
		if strings.HasSuffix(f.Key(), "EventAttributes") {
			e.attributes = f
		}
	}
	if e.at >= m.run.last.at {
		m.run.last = e
	}
	if m.stepEvent(&e, native) {
		return nil
	}
	m.run.log = append(m.run.log, e)
	m.runEvent(&e, native)
	return nil
}

// kindOf returns the type of an event in one spelling: workflowexecutionstarted
// for EVENT_TYPE_WORKFLOW_EXECUTION_STARTED and WorkflowExecutionStarted.
func kindOf(native string) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(native, "EVENT_TYPE_"), "_", ""))
}

// families are the kinds of step: what the types of their events start with,
// which event begins one, and which member of the others points to that.
var families = [...]struct{ prefix, kind, begin, reference string }{
	{"activitytask", "activity", "scheduled", "scheduledEventId"},
	{"startchildworkflowexecution", "child_workflow", "initiated", "initiatedEventId"},
	{"childworkflowexecution", "child_workflow", "", "initiatedEventId"},
	{"nexusoperation", "nexus_operation", "scheduled", "scheduledEventId"},
}

// stepEvent takes in an event of a step, if e is one.
func (m *mapper) stepEvent(e *event, native string) bool {
	for _, f := range families {
		phase, ok := strings.CutPrefix(e.kind, f.prefix)
		if !ok {
			continue
		}
		first := e.attributes.Get(f.reference).Text()
		if phase == f.begin {
			first = e.id
		}
		if first == "" {
			return false
		}
		s := m.byEvent[first]
		if s == nil {
			s = &step{kind: f.kind, first: first}
			m.byEvent[first] = s
			m.steps = append(m.steps, s)
		}
		s.add(e, phase, native)
		return true
	}
	return false
}

func (s *step) add(e *event, phase, native string) {
	s.log, s.last = append(s.log, *e), *e
	if !s.attributes.Exists() {
		s.attributes = e.attributes
	}
	switch phase {
	case "scheduled", "initiated":
		s.begin, s.attributes, s.scheduledTime = e.attributes, e.attributes, e.at
		if s.status.State == "" {
			s.status.State, s.native = model.Queued, native
		}
		if e.attributes.Get("retryPolicy").Exists() && s.kind == "activity" {
			s.status.State = model.Running // its start is written down once it ends
		}
	case "started":
		s.started, s.startedTime = e.attributes, e.at
		s.status.State, s.native = model.Running, native
		if n, ok := e.attributes.Get("attempt").Int(); ok && n > 0 && n < 1<<16 {
			s.attempt = n
		}
	default:
		if outcome := outcomeOf(phase); outcome != model.NoOutcome {
			s.status, s.native = model.Child{State: model.Terminal, Outcome: outcome}, native
			s.final, s.endTime = e.attributes, e.at
		} else if s.status.State == "" {
			s.status.State = model.UnknownState
		}
	}
}

// outcomeOf reads the end of the type of an event. A request to cancel is none.
func outcomeOf(phase string) model.Outcome {
	switch phase {
	case "completed":
		return model.Success
	case "failed":
		return model.Failure
	case "timedout":
		return model.Timeout
	case "canceled", "terminated":
		return model.Cancelled
	case "continuedasnew":
		return model.UnknownOutcome // that of the last run of the chain
	default:
		return model.NoOutcome
	}
}

// runEvent takes in an event of the run itself.
func (m *mapper) runEvent(e *event, native string) {
	r := &m.run
	if phase, ok := strings.CutPrefix(e.kind, "workflowexecution"); ok {
		switch outcome := outcomeOf(phase); {
		case outcome != model.NoOutcome:
			r.status = model.Child{State: model.Terminal, Outcome: outcome}
			closed := *e
			r.ended, r.native = &closed, native
		case phase == "started":
			r.started, r.begin, r.native = e.attributes, *e, native
			if id := e.attributes.Get("workflowId").Text(); id != "" {
				r.workflowID = id
			}
		case phase == "paused":
			r.status.State, r.wait, r.native = model.Waiting, model.WaitPaused, native
		case phase == "unpaused":
			r.status.State, r.wait, r.native = "", "", native
		}
		return
	}
	switch e.kind {
	case "timerstarted":
		m.timers[e.id] = true
	case "timerfired", "timercanceled":
		delete(m.timers, e.attributes.Get("startedEventId").Text())
	default:
		if phase, ok := strings.CutPrefix(e.kind, "workflowtask"); ok {
			r.task(e, phase)
		}
	}
}

// task takes in an event of a workflow task, in which the code of the workflow
// decides what comes next. The history of a reset ends its copy with one.
func (r *run) task(e *event, phase string) {
	a := e.attributes
	r.taskPending = phase == "scheduled" || phase == "started"
	switch phase {
	case "completed":
		r.taskFailure = jsonx.Value{}
		for _, version := range [...]string{a.At("workerVersion", "buildId").Text(), a.Get("workerDeploymentVersion").Text(), a.Get("binaryChecksum").Text()} {
			if version != "" {
				r.version = version
				return
			}
		}
	case "failed":
		if id := a.Get("newRunId").Text(); id != "" {
			r.resetTo = id
			return
		}
		r.taskFailure = a
	case "timedout":
		r.taskFailure = a
	}
}
