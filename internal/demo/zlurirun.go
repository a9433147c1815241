package demo

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The statuses of Zluri.
const (
	completed  = "Completed"
	withErrors = "Completed with Errors"
	failed     = "Failed"
	pending    = "Pending"
)

// zluriRun is the state of a Zluri run as a snapshot shows it.
type zluriRun struct {
	id, trigger, by string
	playbook        playbook
	at              time.Time
	users           []zluriUser
	snapshots       int
}

type zluriUser struct {
	person
	apps []zluriApp
}

type zluriApp struct {
	name    string
	actions []zluriAction // attempts of one action follow each other
}

type zluriAction struct {
	id, name       string
	status         string
	attempt        int
	started, ended time.Time
	fault          *fault
	waits          string // for what, while pending
	task           obj    // the manual task it was turned into
}

// last returns the newest attempt of the last action of an app.
func (run *zluriRun) last(user, app int) *zluriAction {
	actions := run.users[user].apps[app].actions
	return &actions[len(actions)-1]
}

// snapshot pushes the run as it stands at a time.
func (s *slot) snapshot(run *zluriRun, at time.Time) {
	run.snapshots++
	var users list
	for _, u := range run.users {
		var apps list
		for _, app := range u.apps {
			apps = append(apps, app.json(u.email))
		}
		users = append(users, obj{"name", u.name, "email", u.email, "status", u.status(), "apps", apps})
	}
	s.add(zluriFeed, at, cloudEvent("rl.zluri.run.v1", fmt.Sprintf("%s/%d", run.id, run.snapshots), zluriURI(s.t), run.id, at, obj{
		"run_id", run.id,
		"workflow",
		obj{"name", run.playbook.name, "id", run.playbook.id, "version", run.playbook.version, "type", run.playbook.lifecycle},
		"source", run.trigger, "run_on_utc", run.at, "run_on", run.at.Add(s.t.zone).Format("Jan 2, 2006 3:04 PM"),
		"run_by_email", run.by, "status", run.status(), "users", users,
	}))
}

func (app zluriApp) json(email string) obj {
	var actions list
	for _, a := range app.actions {
		actions = append(actions, a.json(app.name, email))
	}
	return obj{"name", app.name, "status", app.status(), "actions", actions}
}

func (a zluriAction) json(app, email string) obj {
	o := obj{
		"action_id", a.id, "name", a.name, "status", a.status, "attempt", a.attempt,
		"started_at", a.started, "ended_at", a.ended, "wait_reason", a.waits,
		"log", a.log(app), "configured_parameters", a.parameters(app, email),
	}
	switch {
	case a.fault != nil:
		kind := "Permanent"
		if a.fault.temporary {
			kind = "Temporary"
		}
		o = append(o, "app_response", obj{"code", a.fault.code, "body", obj{"error", a.fault.says(app)}},
			"error", obj{"type", kind, "code", a.fault.kind, "message", a.fault.says(app)})
	case a.status == completed:
		o = append(o, "app_response", obj{"code", 200, "body", obj{"ok", true}})
	}
	return append(o, "manual_task", a.task)
}

// parameters holds, for one app, what should not be in a log and must be masked.
func (a zluriAction) parameters(app, email string) obj {
	if app == "GitHub" {
		return obj{"email", email, "team", "engineering", "api_token", "demo-token-not-real"}
	}
	return obj{"email", email, "notify", false}
}

func (a zluriAction) log(app string) list {
	steps := list{
		{"at", a.started, "text", "Connecting to " + app},
		{"at", a.started.Add(300 * time.Millisecond), "text", a.name + " requested"},
	}
	switch {
	case a.fault != nil:
		return append(steps, obj{"at", a.ended, "text", a.fault.says(app)})
	case a.status == completed:
		return append(steps, obj{"at", a.ended, "text", a.name + " confirmed by " + app})
	default:
		return append(steps, obj{"at", a.started.Add(time.Second), "text", "Waiting for " + strings.ReplaceAll(a.waits, "_", " ")})
	}
}

// The status of an app, a user and a run follow from the latest attempts of
// their actions.

func (app zluriApp) status() string { return sum(app.latest()) }

func (u zluriUser) status() string {
	var all []string
	for _, app := range u.apps {
		all = append(all, app.latest()...)
	}
	return sum(all)
}

func (run *zluriRun) status() string {
	var all []string
	for _, u := range run.users {
		for _, app := range u.apps {
			all = append(all, app.latest()...)
		}
	}
	return sum(all)
}

func (app zluriApp) latest() []string {
	var out []string
	for i, a := range app.actions {
		if app.newest(i) {
			out = append(out, a.status)
		}
	}
	return out
}

// newest reports whether no later attempt of the i-th action follows.
func (app zluriApp) newest(i int) bool {
	return i+1 == len(app.actions) || app.actions[i+1].id != app.actions[i].id
}

func sum(statuses []string) string {
	good := slices.Contains(statuses, completed)
	switch {
	case slices.Contains(statuses, pending):
		return pending
	case !slices.Contains(statuses, failed):
		return completed
	case good:
		return withErrors
	default:
		return failed
	}
}
