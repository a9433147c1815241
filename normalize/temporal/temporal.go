// Package temporal reads the histories of Temporal workflows: the events of one
// execution as the API, the command line and exports give them, whole or page
// by page, or one event at a time if it says whose it is.
//
// An execution becomes a run; its activities, child workflows and Nexus
// operations become actions. The history of a child is a run of its own. All
// other events stand in the log of the run. It does not page, and it asks no
// server: how an activity fares that is being retried is not in a history.
package temporal

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is temporal.history.
var Format = normalize.Format{
	Name:     "temporal.history",
	Version:  1,
	Title:    "Temporal workflow histories",
	Ref:      "https://docs.temporal.io/references/events",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction},
	About:    about,
	Elements: elements,
	Map:      mapElement,
}

// elements peels {"items":[…]} of exports. A list of events is one element.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	if items := root.Get("items"); items.Kind() == jsonx.Array {
		root = items
	}
	if root.Kind() != jsonx.Array || isEvent(root.First()) {
		yield(root)
		return
	}
	normalize.DefaultElements(root, yield)
}

func isEvent(v jsonx.Value) bool { return v.Get("eventId").Exists() || v.Get("eventType").Exists() }

// mapper collects what the events of one history say.
type mapper struct {
	c      *normalize.Context
	v      jsonx.Value // the element
	alone  bool        // a single event: nothing is known of those before it
	events jsonx.Value

	run     run
	steps   []*step
	byEvent map[string]*step // by the id of the event that began it
	timers  map[string]bool  // that run, by the id of the event that began it
}

func mapElement(c *normalize.Context, v jsonx.Value) error {
	m := mapper{c: c, v: v, byEvent: map[string]*step{}, timers: map[string]bool{}}
	switch {
	case v.Kind() == jsonx.Array:
		m.events = v
	case v.Kind() != jsonx.Object:
		return normalize.WrongType(v, "a history, which is an object or an array of events")
	case v.At("history", "events").Exists():
		m.events = v.At("history", "events")
	case v.Get("events").Exists():
		m.events = v.Get("events")
	default:
		m.alone = true
	}
	if err := m.read(); err != nil {
		return err
	}
	if err := m.identify(); err != nil {
		return err
	}
	m.settle()
	if !m.alone || len(m.steps) == 0 {
		m.writeRun()
	}
	for _, s := range m.steps {
		m.writeStep(s)
	}
	return nil
}

func (m *mapper) read() error {
	if m.alone {
		v := m.v
		if inner := v.Get("event"); inner.Kind() == jsonx.Object {
			v = inner
		}
		return m.readEvent(v)
	}
	if m.events.Kind() != jsonx.Array {
		return normalize.WrongType(m.events, "an array of events")
	}
	for v := m.events.First(); v.Exists(); v = v.Next() {
		if err := m.readEvent(v); err != nil {
			return err
		}
	}
	if len(m.run.log) == 0 && len(m.steps) == 0 {
		return normalize.Invalid(m.events, normalize.Empty, "the history holds no event")
	}
	return nil
}

// identify finds out which run it is: by what is said around the events, or by
// a reset, which gives a new id to a copy of the history, or by its first event.
func (m *mapper) identify() error {
	r := &m.run
	for _, at := range [...]jsonx.Value{m.v, m.v.Get("workflowExecution"), m.v.Get("execution"), m.v.At("workflowExecutionInfo", "execution")} {
		if id := at.Get("runId").Text(); id != "" && r.id == "" {
			r.id = id
		}
		if id := at.Get("workflowId").Text(); id != "" && r.workflowID == "" {
			r.workflowID = id
		}
	}
	original := r.started.Get("originalExecutionRunId").Text()
	switch {
	case r.id != "":
	case r.resetTo != "":
		r.id = r.resetTo
	case original != "":
		r.id = original
	default:
		return &normalize.Error{
			Reason: normalize.MissingField, Path: m.v.Path() + ".runId", Offset: m.v.Offset(),
			Detail: "nothing says whose events these are: send the history from its first event on, or with workflowId and runId beside the events",
		}
	}
	return nil
}

// settle finds out how the run is.
func (m *mapper) settle() {
	r := &m.run
	var children []model.Child
	live, failed := false, false
	for _, s := range m.steps {
		children = append(children, s.status)
		live = live || s.status.State != model.Terminal
		failed = failed || s.status.Outcome.Failed()
	}
	r.counts = m.c.Counts(children)
	switch {
	case r.status.State == model.Terminal:
		derived := model.Rollup(children)
		if len(children) > 0 && derived.State == model.Terminal {
			r.derived = derived.Outcome
		}
		if r.derived == model.Partial && r.status.Outcome != model.Success {
			r.derived = r.status.Outcome // what the run did before it failed went well
		}
	case r.status.State == model.Waiting: // paused
	case r.taskFailure.Exists():
		r.status.State = model.Retrying
	case !live && len(m.timers) > 0 && !r.taskPending && !m.alone:
		r.status.State, r.wait = model.Waiting, model.WaitTimer
	default:
		r.status.State = model.Running
	}
	r.failing = failed && r.status.State != model.Terminal
}
