package zluri

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// record appends a record that says what all records of the run say.
func (m *mapper) record(kind normalize.Kind) *normalize.Record {
	r, b := m.c.New(kind), &m.base
	m.event.Record(r)
	r.Source, r.EventType = name, Type
	r.RunID, r.Lifecycle = b.RunID, b.Lifecycle
	r.WorkflowID, r.WorkflowName, r.WorkflowVersion = b.WorkflowID, b.WorkflowName, b.WorkflowVersion
	r.TriggerKind, r.TriggerName, r.TriggerNative = b.TriggerKind, b.TriggerName, b.TriggerNative
	r.ActorType, r.ActorEmail = b.ActorType, b.ActorEmail
	return r
}

func (m *mapper) writeRun(data jsonx.Value) {
	r := m.record(normalize.KindRun)
	r.NativeID, r.StatusNative = r.RunID, m.base.StatusNative
	r.ScheduledTime, r.StartedTime = m.base.ScheduledTime, m.runOn.at
	m.status(r, data, &m.whole)
	sent := stamp{m.event.Time, m.event.TimeText}
	m.times(r, &m.whole, sent)
	r.UpdatedTime = m.runOn.later(m.whole.last).later(sent).at
	for v := data.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "workflow", "users", "archived":
		case "run_id", "source", "run_on_utc", "run_by_email", "trigger_name", "scheduled_for", "status", "wait_reason":
			m.keepOdd("", v)
		default:
			m.c.Keep(v)
		}
	}
	for v := data.Get("workflow").First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "name", "id", "version":
			m.keepOdd("workflow", v)
		default:
			m.c.KeepIn("workflow", v)
		}
	}
	m.c.KeepText("cloudevents", "id", m.event.ID)
	m.event.Keep(m.c)
	r.Unmapped = m.c.Kept()
}

// status sets state and outcome of a run or a subject: what the source says,
// and what its actions say.
func (m *mapper) status(r *normalize.Record, v jsonx.Value, s *summary) {
	derived := model.Rollup(s.children)
	if len(s.children) == 0 {
		derived = model.Status{State: model.UnknownState}
	}
	native := model.Child{State: derived.State, Outcome: derived.Outcome}
	if r.StatusNative != "" {
		native = status(r.StatusNative)
	}
	r.State, r.Outcome = native.State, native.Outcome
	r.OutcomeDerived, r.Failing = derived.Outcome, derived.Failing
	r.Counts = m.c.Counts(s.children)
	if r.State != model.Waiting {
		return
	}
	r.WaitReason = waitReason(v)
	if r.WaitReason == model.WaitUnknown && s.wait != "" {
		r.WaitReason = s.wait
	}
}

// times sets when a run or a subject ended, and the event time: that end, or
// else when it was last heard of.
func (m *mapper) times(r *normalize.Record, s *summary, sent stamp) {
	happened := sent.or(m.runOn.later(s.last))
	if r.State == model.Terminal {
		r.EndedTime = s.ended.at
		happened = s.ended.or(happened)
	}
	r.EventTime, r.EventTimeNative = happened.at, happened.text
}

func (m *mapper) writeSubject(p *person) {
	r := m.record(normalize.KindSubject)
	m.subject(r, p)
	r.NativeID = m.c.Concat(r.RunID, "/", p.email)
	r.StatusNative = p.v.Get("status").Text()
	m.status(r, p.v, &p.summary)
	r.StartedTime, r.UpdatedTime = p.started, p.last.at
	m.times(r, &p.summary, stamp{})
	for v := p.v.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "apps":
		case "id", "name", "email", "status", "wait_reason":
			m.keepOdd("", v)
		default:
			m.c.Keep(v)
		}
	}
	r.Unmapped = m.c.Kept()
}

// keepOdd keeps a member that should be text and is not.
func (m *mapper) keepOdd(parent string, v jsonx.Value) {
	if v.Kind() == jsonx.Object || v.Kind() == jsonx.Array {
		m.c.KeepIn(parent, v)
	}
}

func (m *mapper) subject(r *normalize.Record, p *person) {
	r.SubjectID, r.SubjectName, r.SubjectEmail = p.v.Get("id").Text(), p.v.Get("name").Text(), p.email
}

// writeArchived appends the annotation that the run was put into the archive,
// or taken out again where the source says when or by whom.
func (m *mapper) writeArchived(v jsonx.Value) error {
	if !v.Exists() || v.IsNull() {
		return nil
	}
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an object")
	}
	value := v.Get("value")
	if !value.Exists() {
		return normalize.Missing(v, "value")
	}
	on, ok := value.Bool()
	if !ok {
		return normalize.WrongType(value, "a bool")
	}
	at, err := m.time(v.Get("at"))
	if err != nil {
		return err
	}
	by := v.Get("by").Text()
	if !on && at.at == 0 && by == "" {
		return nil // it never was
	}
	r := m.record(normalize.KindAudit)
	r.ChangeKind, r.Annotation = "annotation", "archive"
	if !on {
		r.Annotation = "unarchive"
	}
	r.NativeID = m.c.Concat(r.RunID, "/", r.Annotation, "/", at.text)
	r.CoverageEffect = model.CoverageNone
	r.Reason = v.Get("reason").Text()
	r.ActorType, r.ActorEmail = "", by
	if by != "" {
		r.ActorType = model.ActorUser
	}
	happened := at.or(stamp{m.event.Time, m.event.TimeText}).or(m.runOn)
	r.EventTime, r.EventTimeNative = happened.at, happened.text
	return nil
}
