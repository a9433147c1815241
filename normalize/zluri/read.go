package zluri

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// mapper holds one run while it is mapped: all of it is read, and the states of
// the actions summed up, before the first record is written.
type mapper struct {
	c        *normalize.Context
	event    *cloudevents.Event
	base     normalize.Record // what all records of the run have in common
	runOn    stamp
	people   []person
	emails   map[string]bool
	attempts []attempt          // of all people
	numbers  map[attemptKey]int // of the user at hand: index into attempts
	order    int64              // the last place given out to an action of that user
	whole    summary
}

// person is one user of the run; the attempts from:to are theirs.
type person struct {
	v        jsonx.Value
	email    string
	from, to int
	summary
}

// attempt is one attempt of an action, or an application that lists no action.
type attempt struct {
	v, app         jsonx.Value
	appName, id    string
	number, order  int64
	native         string
	status         model.Child
	wait           model.WaitReason
	started, ended stamp
	last           stamp // latest time of it that the source tells
	latest         bool  // no later attempt of the same action follows
}

// attemptKey finds an attempt of the user at hand; number 0 is the latest.
type attemptKey struct {
	app, id string
	number  int64
}

func (m *mapper) readRun(data jsonx.Value) (err error) {
	b := &m.base
	if b.RunID, err = m.c.Required(data, "run_id"); err != nil {
		return err
	}
	workflow, err := member(data, "workflow", jsonx.Object, "an object")
	if err != nil {
		return err
	}
	if !workflow.Exists() {
		return normalize.Missing(data, "workflow")
	}
	if b.WorkflowName, err = m.c.Required(workflow, "name"); err != nil {
		return err
	}
	b.WorkflowID, b.WorkflowVersion = workflow.Get("id").Text(), workflow.Get("version").Text()
	b.Lifecycle = lifecycle(workflow.Get("type").Text(), b.WorkflowName)
	if b.StatusNative, err = m.c.Required(data, "status"); err != nil {
		return err
	}
	if m.runOn, err = m.time(data.Get("run_on_utc")); err != nil {
		return err
	}
	if m.runOn.at == 0 {
		return normalize.Missing(data, "run_on_utc")
	}
	return m.readTrigger(data)
}

func (m *mapper) readTrigger(data jsonx.Value) (err error) {
	b := &m.base
	if b.TriggerNative, err = m.c.Required(data, "source"); err != nil {
		return err
	}
	b.TriggerKind = trigger(b.TriggerNative)
	b.TriggerName = data.Get("trigger_name").Text()
	b.ActorEmail = data.Get("run_by_email").Text()
	switch {
	case b.ActorEmail != "":
		b.ActorType = model.ActorUser
	case b.TriggerKind == model.TriggerRule || b.TriggerKind == model.TriggerSchedule:
		b.ActorType = model.ActorSystem
	}
	scheduled, err := m.time(data.Get("scheduled_for"))
	b.ScheduledTime = scheduled.at
	return err
}

func (m *mapper) readUsers(data jsonx.Value) error {
	users, err := member(data, "users", jsonx.Array, "an array")
	if err != nil {
		return err
	}
	if !users.Exists() {
		return normalize.Missing(data, "users")
	}
	m.numbers, m.emails = map[attemptKey]int{}, map[string]bool{}
	for u := users.First(); u.Exists(); u = u.Next() {
		if u.Kind() != jsonx.Object {
			return normalize.WrongType(u, "a user, which is an object")
		}
		if err := m.readUser(u); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapper) readUser(u jsonx.Value) (err error) {
	p := person{v: u, from: len(m.attempts)}
	if p.email, err = m.c.Required(u, "email"); err != nil {
		return err
	}
	if m.emails[p.email] {
		return normalize.Invalid(u.Get("email"), normalize.BadValue, "user %q is there twice", p.email)
	}
	m.emails[p.email] = true
	apps, err := member(u, "apps", jsonx.Array, "an array")
	if err != nil {
		return err
	}
	clear(m.numbers)
	m.order = 0
	for app := apps.First(); app.Exists(); app = app.Next() {
		if app.Kind() != jsonx.Object {
			return normalize.WrongType(app, "an application, which is an object")
		}
		if err := m.readApp(app); err != nil {
			return err
		}
	}
	p.to = len(m.attempts)
	for i := range m.attempts[p.from:p.to] {
		p.add(&m.attempts[p.from+i])
	}
	if native := u.Get("status").Text(); p.from == p.to && native != "" {
		p.children = append(p.children, status(native))
	}
	m.whole.merge(&p.summary)
	m.people = append(m.people, p)
	return nil
}

func (m *mapper) readApp(app jsonx.Value) error {
	appName, err := m.c.Required(app, "name")
	if err != nil {
		return err
	}
	actions, err := member(app, "actions", jsonx.Array, "an array")
	if err != nil {
		return err
	}
	if actions.Len() == 0 {
		native := app.Get("status").Text()
		m.order++
		m.attempts = append(m.attempts, attempt{app: app, appName: appName, native: native, status: status(native), order: m.order, latest: true})
		return nil
	}
	for v := actions.First(); v.Exists(); v = v.Next() {
		if v.Kind() != jsonx.Object {
			return normalize.WrongType(v, "an action, which is an object")
		}
		if err := m.readAction(v, app, appName); err != nil {
			return err
		}
	}
	return nil
}

func (m *mapper) readAction(v, app jsonx.Value, appName string) (err error) {
	a := attempt{v: v, app: app, appName: appName, latest: true}
	if a.id, err = m.c.Required(v, "action_id"); err != nil {
		return err
	}
	if a.native, err = m.c.Required(v, "status"); err != nil {
		return err
	}
	if _, err = m.c.Required(v, "name"); err != nil {
		return err
	}
	a.status = status(a.native)
	if a.status.State == model.Waiting {
		a.wait = waitReason(v)
	}
	if err := m.number(&a); err != nil {
		return err
	}
	if err := m.readTimes(&a); err != nil {
		return err
	}
	m.attempts = append(m.attempts, a)
	return nil
}

// number says which attempt a is, by the member attempt or else by its place
// among those of the same action.
func (m *mapper) number(a *attempt) error {
	key := attemptKey{app: a.appName, id: a.id}
	before, again := m.numbers[key]
	if again {
		a.number, a.order = m.attempts[before].number+1, m.attempts[before].order
	} else {
		m.order++
		a.number, a.order = 1, m.order
	}
	if n := a.v.Get("attempt"); n.Exists() && !n.IsNull() {
		given, ok := n.Int()
		if !ok || given < 1 {
			return normalize.Invalid(n, normalize.BadValue, "want the number of the attempt, 1 for the first, got %.40s", n.Raw())
		}
		a.number = given
	}
	index := len(m.attempts)
	if _, there := m.numbers[attemptKey{a.appName, a.id, a.number}]; there {
		return normalize.Invalid(a.v, normalize.BadValue, "attempt %d of action %q is there twice for this user and application", a.number, a.id)
	}
	m.numbers[attemptKey{a.appName, a.id, a.number}] = index
	if again && m.attempts[before].number > a.number {
		a.latest = false
		return nil
	}
	if again {
		m.attempts[before].latest = false
	}
	m.numbers[key] = index
	return nil
}

func (m *mapper) readTimes(a *attempt) (err error) {
	if a.started, err = m.time(a.v.Get("started_at")); err != nil {
		return err
	}
	if a.ended, err = m.time(a.v.Get("ended_at")); err != nil {
		return err
	}
	a.last = a.started.later(a.ended)
	log, err := member(a.v, "log", jsonx.Array, "an array")
	if err != nil {
		return err
	}
	for line := log.First(); line.Exists(); line = line.Next() {
		if k := line.Kind(); k != jsonx.Object && k != jsonx.String {
			return normalize.WrongType(line, "a line of the log, which is an object with at and text, or a string")
		}
		at, err := m.time(line.Get("at"))
		if err != nil {
			return err
		}
		a.last = a.last.later(at)
	}
	return nil
}

// member returns the member key of v, Missing where it is absent or null.
func member(v jsonx.Value, key string, kind jsonx.Kind, want string) (jsonx.Value, error) {
	m := v.Get(key)
	switch {
	case m.Kind() == kind:
		return m, nil
	case !m.Exists() || m.IsNull():
		return jsonx.Value{}, nil
	default:
		return jsonx.Value{}, normalize.WrongType(m, want)
	}
}
