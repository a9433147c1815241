package cerby

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// mapper reads a job with all that is nested in it before it writes the first
// record: what a job is depends on them.
type mapper struct {
	c     *normalize.Context
	event *cloudevents.Event
	seen  map[string]bool // ids of jobs
}

// lineage are the ids of the jobs around a job.
type lineage struct{ parent, root string }

type job struct {
	v, target, actor, fault, logs jsonx.Value
	id, status, task, trigger     string
	lineage
	created, updated normalize.Micros
	nested           []*job
	children         []model.Child // how the nested ones are
	own              model.Child   // as the status says
	derived          model.Status  // as the nested ones say
}

func (m *mapper) read(v jsonx.Value, around lineage) (*job, error) {
	if v.Kind() != jsonx.Object {
		return nil, normalize.WrongType(v, "a job, which is an object")
	}
	j := &job{v: v}
	for _, f := range [...]struct {
		key  string
		text *string
	}{{"job_id", &j.id}, {"status", &j.status}, {"task", &j.task}, {"trigger", &j.trigger}} {
		var err error
		if *f.text, err = m.c.Required(v, f.key); err != nil {
			return nil, err
		}
	}
	if m.seen[j.id] {
		return nil, normalize.Invalid(v.Get("job_id"), normalize.BadValue, "job %q is there twice", j.id)
	}
	m.seen[j.id] = true
	j.parent, j.root = v.Get("parent_job_id").Text(), v.Get("root_job_id").Text()
	if j.parent == "" {
		j.parent = around.parent
	}
	if j.root == "" {
		j.root = around.root
	}
	if err := m.readMembers(j); err != nil {
		return nil, err
	}
	return j, m.readNested(j)
}

func (m *mapper) readMembers(j *job) (err error) {
	for _, f := range [...]struct {
		key      string
		v        *jsonx.Value
		kind     jsonx.Kind
		required bool
	}{
		{"target", &j.target, jsonx.Object, true},
		{"actor", &j.actor, jsonx.Object, true},
		{"error", &j.fault, jsonx.Object, false},
		{"logs", &j.logs, jsonx.Array, false},
	} {
		if *f.v, err = member(j.v, f.key, f.kind); err != nil {
			return err
		}
		if f.required && !f.v.Exists() {
			return normalize.Missing(j.v, f.key)
		}
	}
	if _, err = m.c.Required(j.target, "type"); err != nil {
		return err
	}
	if j.target.Get("id").Text() == "" && j.target.Get("name").Text() == "" {
		return normalize.Missing(j.target, "id")
	}
	if _, err = m.c.Required(j.actor, "type"); err != nil {
		return err
	}
	if j.created, err = m.time(j.v, "created_at"); err != nil {
		return err
	}
	j.updated, err = m.time(j.v, "updated_at")
	return err
}

// readNested reads the nested jobs and finds out what they say of j.
func (m *mapper) readNested(j *job) error {
	list, err := member(j.v, "jobs", jsonx.Array)
	if err != nil {
		return err
	}
	around := lineage{parent: j.id, root: j.root}
	if around.root == "" {
		around.root = j.id
	}
	for v := list.First(); v.Exists(); v = v.Next() {
		child, err := m.read(v, around)
		if err != nil {
			return err
		}
		j.nested = append(j.nested, child)
		j.children = append(j.children, child.state())
	}
	j.own = statusOf(j.status)
	if len(j.children) > 0 {
		j.derived = model.Rollup(j.children)
	}
	return nil
}

// state is what j is to the job around it. Not completed is what Cerby says as
// soon as one nested job has failed, so while others live it is their state.
func (j *job) state() model.Child {
	if !notCompleted(j.status) || len(j.children) == 0 {
		return j.own
	}
	if j.derived.State != model.Terminal && j.derived.State != model.UnknownState {
		return model.Child{State: j.derived.State}
	}
	if j.derived.Outcome == model.Partial {
		return model.Child{State: model.Terminal, Outcome: model.Partial}
	}
	return j.own
}

// failing reports whether a job lives on in which something has failed.
func (j *job) failing() bool {
	s := j.state()
	return s.State != model.Terminal && s.State != model.UnknownState && (j.derived.Failing || notCompleted(j.status))
}

func (m *mapper) time(v jsonx.Value, key string) (normalize.Micros, error) {
	at, err := cloudevents.Time(m.c, v.Get(key))
	if err == nil && at == 0 {
		err = normalize.Missing(v, key)
	}
	return at, err
}

// member returns the member key of v, Missing where it is absent or null.
func member(v jsonx.Value, key string, kind jsonx.Kind) (jsonx.Value, error) {
	m := v.Get(key)
	switch {
	case m.Kind() == kind:
		return m, nil
	case !m.Exists() || m.IsNull():
		return jsonx.Value{}, nil
	default:
		return jsonx.Value{}, normalize.WrongType(m, "an "+kind.String())
	}
}
