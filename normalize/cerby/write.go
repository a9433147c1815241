package cerby

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func (m *mapper) write(j *job) error {
	m.writeRun(j)
	if err := m.writeAction(j); err != nil {
		return err
	}
	for _, child := range j.nested {
		if err := m.write(child); err != nil {
			return err
		}
	}
	return nil
}

// record appends a record with what the run and the action of j both say.
func (m *mapper) record(kind normalize.Kind, j *job) *normalize.Record {
	r := m.c.New(kind)
	m.event.Record(r)
	r.Source, r.EventType = name, Type
	r.NativeID, r.NativeType = j.id, "job"
	r.RunID, r.ParentRunID, r.RootRunID = j.id, j.parent, j.root
	r.WorkflowID, r.WorkflowName = j.task, j.task
	byUser := word(j.actor.Get("type").Text()) == "user"
	r.TriggerNative, r.TriggerKind = j.trigger, triggerOf(j.trigger, byUser, j.parent != "")
	r.ActorType = actorOf(j.actor.Get("type").Text(), r.TriggerKind)
	r.ActorID, r.ActorName, r.ActorEmail = j.actor.Get("id").Text(), j.actor.Get("name").Text(), j.actor.Get("email").Text()
	if r.ActorEmail == "" && strings.Contains(r.ActorName, "@") {
		r.ActorEmail = r.ActorName
	}
	r.ObjectType, r.ObjectID, r.ObjectName = j.target.Get("type").Text(), j.target.Get("id").Text(), j.target.Get("name").Text()
	r.TargetApp = j.target.Get("app").Text()
	s := j.state()
	r.StatusNative, r.State, r.Outcome = j.status, s.State, s.Outcome
	r.CreatedTime, r.UpdatedTime = j.created, max(j.created, j.updated, m.event.Time)
	r.EventTime, r.EventTimeNative = j.updated, j.v.Get("updated_at").Str()
	if r.State == model.Terminal {
		r.EndedTime = j.updated
	}
	return r
}

func (m *mapper) writeRun(j *job) {
	r := m.record(normalize.KindRun, j)
	r.Failing, r.OutcomeDerived = j.failing(), j.derived.Outcome
	r.Counts = m.c.Counts(j.children)
	setError(r, j.fault)
	m.keep(j)
	if r.ActorType == "" || r.ActorType == model.ActorVendorOperator {
		m.c.KeepIn("actor", j.actor.Get("type"))
	}
	if j.v == m.event.Data {
		m.c.KeepText("cloudevents", "id", m.event.ID)
		m.event.Keep(m.c)
	}
	r.Unmapped = m.c.Kept()
}

// writeAction appends the task of j, which its log is about.
func (m *mapper) writeAction(j *job) error {
	r := m.record(normalize.KindAction, j)
	r.ActionID, r.ActionName = j.id, j.task
	r.TaskType = taskOf(j.task)
	if r.TaskType == model.TaskOther && word(j.trigger) == "universal logout" {
		r.TaskType = model.TaskSessionRevoke
	}
	if account(r.ObjectType) {
		r.SubjectID, r.SubjectName = r.ObjectID, r.ObjectName
		if strings.Contains(r.ObjectName, "@") {
			r.SubjectEmail = r.ObjectName
		}
	}
	setError(r, j.fault)
	for line := j.logs.First(); line.Exists(); line = line.Next() {
		if k := line.Kind(); k != jsonx.Object && k != jsonx.String {
			return normalize.WrongType(line, "a line of the log, which is an object with at and text, or a string")
		}
	}
	r.StepLog = m.stepLog(j.logs)
	return nil
}

func account(kind string) bool {
	kind = word(kind)
	return kind == "account" || kind == "user"
}

// setError reads the error of a job that failed. Another job that has one got
// over it: that is why it retries, or what it reports beside.
func setError(r *normalize.Record, v jsonx.Value) {
	if !v.Exists() && !r.Outcome.FailedStrict() {
		return
	}
	r.ErrorCode, r.ErrorMessage = v.Get("code").Text(), v.Get("message").Text()
	if !r.Outcome.FailedStrict() && r.State != model.Retrying {
		r.StatusReason, r.ErrorCode, r.ErrorMessage = r.ErrorMessage, "", ""
		return
	}
	r.FailureStage = model.StageAction
	r.ClassifyMessage()
	if status, ok := v.Get("code").Int(); ok && status >= 400 && status <= 599 {
		r.FailureStage = model.StageDownstream
		r.ClassifyHTTP(int(status))
	}
	switch word(v.Get("type").Text()) {
	case "temporary":
		r.ErrorClass, r.ClassSource = model.Temporary, model.FromVendorFlag
	case "permanent":
		r.ErrorClass, r.ClassSource = model.Permanent, model.FromVendorFlag
	}
}

// keep keeps what no field holds: members that are not of the contract, and
// those of it that are not the text they should be.
func (m *mapper) keep(j *job) {
	for v := j.v.First(); v.Exists(); v = v.Next() {
		switch v.Key() {
		case "target", "actor", "error", "logs", "jobs", "created_at", "updated_at":
		case "job_id", "parent_job_id", "root_job_id", "status", "task", "trigger":
			m.keepOdd("", v)
		default:
			m.c.Keep(v)
		}
	}
	for _, part := range [...]struct {
		name   string
		v      jsonx.Value
		fields string
	}{
		{"target", j.target, " type id name app "},
		{"actor", j.actor, " type id name email "},
		{"error", j.fault, " message "},
	} {
		for v := part.v.First(); v.Exists(); v = v.Next() {
			if strings.Contains(part.fields, " "+v.Key()+" ") {
				m.keepOdd(part.name, v)
			} else {
				m.c.KeepIn(part.name, v)
			}
		}
	}
}

func (m *mapper) keepOdd(parent string, v jsonx.Value) {
	if v.Kind() == jsonx.Object || v.Kind() == jsonx.Array {
		m.c.KeepIn(parent, v)
	}
}

// stepLog writes the lines of the log with the names of Record.StepLog.
func (m *mapper) stepLog(logs jsonx.Value) string {
	if logs.Len() == 0 {
		return ""
	}
	return m.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for line := logs.First(); line.Exists(); line = line.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			if line.Kind() == jsonx.String {
				dst = append(m.c.AppendMasked(append(dst, `{"text":`...), "text", line), '}')
				continue
			}
			dst = append(dst, '{')
			for v := line.First(); v.Exists(); v = v.Next() {
				key := v.Key()
				if key == "at" {
					key = "time"
				}
				if dst[len(dst)-1] != '{' {
					dst = append(dst, ',')
				}
				dst = m.c.AppendMasked(append(normalize.AppendString(dst, key), ':'), key, v)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}
