package demo

import (
	"fmt"
	"strings"
	"time"
)

// playbook is a Zluri workflow: for each user, these actions in these apps.
type playbook struct {
	id, name, version, lifecycle string
	apps                         []appActions
}

type appActions struct {
	app     string
	actions []string
}

var acmePlaybooks = []playbook{
	{"wf-onboard-sales", "Onboard sales", "7", "onboarding", []appActions{
		{"Salesforce", []string{"Add User", "Assign License"}}, {"Slack", []string{"Add User to Channel"}}, {"HubSpot", []string{"Add User"}},
	}},
	{"wf-onboard-support", "Onboard support", "4", "onboarding", []appActions{
		{"Zendesk", []string{"Create User", "Add User to Group"}}, {"Slack", []string{"Add User to Channel"}}, {"Zoom", []string{"Create User"}},
	}},
	{"wf-onboard-engineering", "Onboard engineering", "12", "onboarding", []appActions{
		{"GitHub", []string{"Add User to Group"}}, {"Slack", []string{"Add User to Channel"}}, {"Zoom", []string{"Create User"}},
	}},
	{"wf-offboard", "Offboard leaver", "9", "offboarding", []appActions{
		{"HubSpot", []string{"Remove User"}}, {"Zendesk", []string{"Remove User"}}, {"Slack", []string{"Deactivate User"}}, {"Zoom", []string{"Remove License"}},
	}},
	{"wf-license-review", "Reclaim unused licenses", "3", "", []appActions{
		{"Salesforce", []string{"Remove License"}}, {"Zoom", []string{"Remove License"}},
	}},
}

var globexPlaybooks = []playbook{
	{"wf-onboard", "Onboard employee", "5", "onboarding", []appActions{
		{"Slack", []string{"Add User"}}, {"Zoom", []string{"Create User"}}, {"Zendesk", []string{"Create User"}},
	}},
	{"wf-offboard", "Offboard employee", "6", "offboarding", []appActions{
		{"Slack", []string{"Deactivate User"}}, {"Zendesk", []string{"Remove User"}}, {"Salesforce", []string{"Remove User"}},
	}},
}

// planZluri executes a playbook.
func (s *slot) planZluri() {
	run := s.newRun(pick(s, s.t.playbooks), s.id("run-"), s.within())
	users := 1 + s.r.IntN(3)
	if run.trigger == "Scheduled run" {
		users += 4
	}
	at := run.at.Add(2 * time.Second)
	first := s.r.IntN(s.t.people)
	for i := range users { // nobody twice
		at = s.execute(run, s.t.person(1+(first+17*i)%s.t.people), at, s.faultOf)
	}
	if s.chance(0.07) {
		s.await(run, at)
		return
	}
	s.snapshot(run, at.Add(3*time.Second))
	s.repair(run, at)
}

func (s *slot) newRun(p playbook, id string, at time.Time) *zluriRun {
	run := &zluriRun{id: id, playbook: p, at: at, trigger: "Automation rule"}
	switch {
	case p.lifecycle == "":
		run.trigger = "Scheduled run"
	case s.chance(0.4):
		run.trigger, run.by = "Manual", s.operator()
	}
	return run
}

// execute runs the playbook for one user, failing as faults says, and returns
// when it is done.
func (s *slot) execute(run *zluriRun, who person, at time.Time, faults func(app string, at time.Time) *fault) time.Time {
	user := zluriUser{person: who}
	for _, pa := range run.playbook.apps {
		app := zluriApp{name: pa.app}
		for i, name := range pa.actions {
			a := zluriAction{id: fmt.Sprintf("act-%s-%d", strings.ToLower(pa.app), i+1), name: name, status: completed, attempt: 1, started: at}
			at = at.Add(s.between(800*time.Millisecond, 25*time.Second))
			a.ended = at
			if a.fault = faults(pa.app, at); a.fault != nil {
				a.status = failed
			}
			app.actions = append(app.actions, a)
		}
		user.apps = append(user.apps, app)
	}
	run.users = append(run.users, user)
	return at
}

// await leaves the last action of the first user open: for an approval, a
// manual task or a synchronisation. Now and then nobody ever acts.
func (s *slot) await(run *zluriRun, at time.Time) {
	a := run.last(0, len(run.users[0].apps)-1)
	done := *a
	a.status, a.ended, a.fault = pending, time.Time{}, nil
	a.waits = pick(s, []string{"approval", "manual_task", "sync"})
	if a.waits == "manual_task" {
		a.task = s.task(done.started)
	}
	s.snapshot(run, at.Add(3*time.Second))
	if s.chance(0.04) {
		return
	}
	at = s.t.morning(at.Add(s.around(3*time.Hour, 0.9)))
	task := a.task
	*a = done
	a.status, a.ended, a.fault, a.task = completed, at, nil, task
	s.snapshot(run, at.Add(time.Second))
	s.repair(run, at)
}

// repair lets the platform or people retry what failed.
func (s *slot) repair(run *zluriRun, at time.Time) {
	var known time.Time
	temporary := true
	for u := range run.users {
		for i := range run.users[u].apps {
			for _, a := range run.users[u].apps[i].actions {
				if a.status == failed {
					temporary = temporary && a.fault.temporary
					if k := s.failed(failure{sources[zluriFeed], run.playbook.id, run.id, run.users[u].apps[i].name, a.fault, a.ended}); k.After(known) {
						known = k
					}
				}
			}
		}
	}
	switch {
	case run.status() == completed || run.status() == pending:
	case temporary && s.chance(0.6):
		s.retry(run, at.Add(s.around(25*time.Minute, 0.5)), false)
	case !known.IsZero() && s.chance(0.7):
		if known.After(at) {
			at = known
		}
		s.retry(run, at.Add(s.between(5*time.Minute, 40*time.Minute)), !temporary && s.chance(0.35))
	}
}

// retry repeats every failed action once its app is well again, or turns it
// into a manual task.
func (s *slot) retry(run *zluriRun, at time.Time, byHand bool) {
	for u := range run.users {
		for i := range run.users[u].apps {
			app := &run.users[u].apps[i]
			if app.status() != completed {
				at = s.attempt(app, s.t.calm(app.name, at), nil, byHand)
			}
		}
	}
	s.snapshot(run, at.Add(3*time.Second))
}

// attempt repeats the failed actions of app and returns when it is done.
func (s *slot) attempt(app *zluriApp, at time.Time, f *fault, byHand bool) time.Time {
	var actions []zluriAction
	for i, a := range app.actions {
		actions = append(actions, a)
		if a.status != failed || !app.newest(i) {
			continue
		}
		next := zluriAction{id: a.id, name: a.name, attempt: a.attempt + 1, started: at, status: completed, fault: f}
		at = at.Add(s.between(time.Second, 20*time.Second))
		switch {
		case byHand:
			next.status, next.waits, next.task = pending, "manual_task", s.task(at)
		case f != nil:
			next.status, next.ended = failed, at
		default:
			next.ended = at
		}
		actions = append(actions, next)
	}
	app.actions = actions
	return at
}

func (s *slot) task(at time.Time) obj {
	return obj{"id", fmt.Sprintf("ITS-%d", 1000+s.r.IntN(9000)), "channel", "Jira ticket", "assignee", "it-support@" + s.t.domain, "due", at.Add(48 * time.Hour)}
}
