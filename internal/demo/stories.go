package demo

import (
	"fmt"
	"time"
)

// story happens on a working day, counted back from the one before now.
type story struct {
	tenant string
	day    int
	tell   func(*slot)
}

var stories = []story{
	{"acme", 3, (*slot).rateLimitStorm},
	{"acme", 3, (*slot).onboarding},
	{"acme", 6, (*slot).expiredCredentials},
	{"acme", 6, (*slot).offboarding},
	{"acme", 5, (*slot).offboardedStillThere},
	{"acme", 4, (*slot).duplicateRefund},
	{"acme", 10, (*slot).conditionEdited},
	{"acme", 7, (*slot).remindersFail},
	{"acme", 2, (*slot).contactTwice},
	{"acme", 5, (*slot).stuckApproval},
	{"globex", 2, (*slot).stuckPermit},
}

// planStories plans what the stories bring on this day.
func (s *slot) planStories() {
	for _, x := range stories {
		if x.tenant == s.t.name && s.at.Equal(workingDay(s.g.now, x.day)) {
			x.tell(s)
		}
	}
}

// workingDay returns the n-th working day before the day of now.
func workingDay(now time.Time, n int) time.Time {
	day := now.UTC().Truncate(24 * time.Hour)
	for n > 0 {
		day = day.AddDate(0, 0, -1)
		if w := day.Weekday(); w != time.Saturday && w != time.Sunday {
			n--
		}
	}
	return day
}

// clock returns a time of the slot's day, UTC.
func (s *slot) clock(hour, minute int) time.Time {
	return s.at.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// only fails every action on one app.
func only(app string, f *fault) func(string, time.Time) *fault {
	return func(name string, _ time.Time) *fault {
		if name == app {
			return f
		}
		return nil
	}
}

// told notes that the story takes care of who notices f, and when.
func (s *slot) told(f failure, seen, known time.Time) {
	s.t.incidents[incidentKey{f.source, f.workflow, f.app, f.fault.code}] = f.at
	s.acknowledge(f, seen)
	s.diagnose(f, known)
}

// rateLimitStorm is two hours in which HubSpot refuses nearly everything.
func (s *slot) rateLimitStorm() {
	storm := &trouble{app: "HubSpot", fault: rateLimited, from: s.clock(13, 0), to: s.clock(15, 0), chance: 0.95, noticed: true}
	s.t.troubles = append(s.t.troubles, storm)
	for at := storm.from; at.Before(storm.to); at = at.Add(s.between(5*time.Second, 25*time.Second)) {
		s.scim("HubSpot", at, s.request(s.person()).refused(rateLimited, "HubSpot"))
	}
}

// onboarding gives a starter Salesforce and Slack, while HubSpot is in the
// storm; the retry after it succeeds.
func (s *slot) onboarding() {
	run := s.newRun(s.t.playbooks[0], "run-onboarding-hubspot", s.clock(13, 20))
	run.trigger, run.by = "Automation rule", ""
	at := s.execute(run, s.t.person(421), run.at.Add(2*time.Second), only("HubSpot", rateLimited))
	s.snapshot(run, at.Add(3*time.Second))
	f := failure{sources[zluriFeed], run.playbook.id, run.id, "HubSpot", rateLimited, at}
	s.told(f, at.Add(9*time.Minute), at.Add(26*time.Minute))
	at = s.attempt(&run.users[0].apps[2], s.clock(15, 5), nil, false)
	s.snapshot(run, at.Add(3*time.Second))
}

// expiredCredentials is a day in which Zendesk accepts nothing.
func (s *slot) expiredCredentials() {
	s.t.troubles = append(s.t.troubles, &trouble{
		app: "Zendesk", fault: expired, from: s.clock(0, 0), to: s.clock(24, 0), chance: 1,
		noticed: true, seen: s.clock(10, 29), known: s.clock(11, 10),
	})
}

// offboarding takes HubSpot from a leaver, but not Zendesk. A retry fails too,
// so it becomes a task for people.
func (s *slot) offboarding() {
	run := s.newRun(s.t.playbooks[3], "run-offboarding-zendesk", s.clock(10, 15))
	run.playbook.apps = run.playbook.apps[:2]
	run.trigger, run.by = "Manual", "ops1@"+s.t.domain
	leaver := s.t.person(388)
	at := s.execute(run, leaver, run.at.Add(2*time.Second), only("Zendesk", expired))
	s.snapshot(run, at.Add(3*time.Second))
	s.confirm(run.at.Add(20*time.Second), "HubSpot", "delete", account(leaver), "applied", "", "")
	f := failure{sources[zluriFeed], run.playbook.id, run.id, "Zendesk", expired, at}
	s.told(f, s.clock(10, 29), s.clock(11, 10))
	zendesk := &run.users[0].apps[1]
	at = s.attempt(zendesk, s.clock(10, 55), expired, false)
	s.snapshot(run, at.Add(3*time.Second))
	at = s.attempt(zendesk, s.clock(11, 25), nil, true)
	s.snapshot(run, at.Add(3*time.Second))
}

// offboardedStillThere is the day after: the leaver signs in to Zendesk.
func (s *slot) offboardedStillThere() {
	s.confirm(s.clock(8, 42), "Zendesk", "login", account(s.t.person(388)), "applied", "", "")
}

func account(who person) obj {
	return obj{"type", "user", "id", who.scimID, "name", who.name, "alt_ids", []string{who.email}}
}

// duplicateRefund is a run that fails after the money went out, and is run
// again from its start.
func (s *slot) duplicateRefund() {
	run := s.begin(s.t.workflow("refund-processing"), "08584700000000000000000020417CU01", "RF-20417", s.clock(9, 30))
	for i := range run.steps {
		s.step(run, i, map[int]*fault{2: unavailable}[i])
	}
	s.finish(run)
	f := failure{sources[logicFeed], run.name, run.id, "Ledger", unavailable, run.failedAt}
	again := &logicRun{
		workflow: run.workflow, id: "08584700000000000000000020417CU02", origin: run.id, tracking: run.tracking, value: run.value,
		started: s.clock(10, 2), at: s.clock(10, 2),
	}
	s.open(again)
	for i := range again.steps {
		s.step(again, i, nil)
	}
	s.finish(again)
	s.acknowledge(f, s.clock(9, 51))
	s.annotate(f, s.clock(14, 5), obj{"annotation", "diagnosis", "cause", "resubmitted from the start although Issue_refund had succeeded: RF-20417 was paid twice"})
	s.t.incidents[incidentKey{f.source, f.workflow, f.app, f.fault.code}] = f.at
}

const flow = "renewal-reminders"

func (s *slot) saveFlow(at time.Time, who, from, to string) {
	changes := obj{"from", obj{"condition", from}, "to", obj{"condition", to}}
	e := oktaEvent{at: at, kind: "workflows.user.flow.save", display: "Save flow", targets: []oktaTarget{
		{kind: "Flow", id: flow, alternate: flow, name: flow, changes: string(changes.bytes())},
	}}
	e.actor, e.actorType, e.actorName, e.actorEmail = "00uflow"+who, "User", who, who+"@"+s.t.domain
	s.okta(e)
}

const (
	oldCondition = "segment in ('renewing')"
	newCondition = "segment in ('renewing') and tag != 'legacy'"
)

// conditionEdited changes which accounts get reminders. Nothing breaks for
// three working days, for no campaign with the tag is due.
func (s *slot) conditionEdited() { s.saveFlow(s.clock(15, 40), "ops3", oldCondition, newCondition) }

// remindersFail is what comes of it, until somebody reverts the change.
func (s *slot) remindersFail() {
	w := s.t.workflow(flow)
	var first failure
	for i := range 7 {
		run := s.begin(w, fmt.Sprintf("085847000000000000000000310%02dCU01", i+1), fmt.Sprintf("RN-310%02d", i+1), s.clock(7, 5+40*i))
		var f *fault
		if i < 6 { // the last one comes after the revert
			f = incomplete
		}
		s.step(run, 0, nil)
		s.step(run, 1, nil)
		s.step(run, 2, f)
		s.finish(run)
		if i == 0 {
			first = failure{sources[logicFeed], w.name, run.id, "HubSpot", f, run.failedAt}
		}
	}
	s.acknowledge(first, s.clock(9, 48))
	s.annotate(first, s.clock(10, 36), obj{"annotation", "diagnosis", "cause", "filter condition edited three working days earlier leaves out accounts tagged legacy"})
	s.t.incidents[incidentKey{first.source, first.workflow, first.app, first.fault.code}] = s.clock(10, 25)
	s.saveFlow(s.clock(10, 40), "ops1", newCondition, oldCondition)
}

// contactTwice is a record that is created, deleted and created again within
// the hour: the trigger fires twice, and a client gets two welcome packets.
func (s *slot) contactTwice() {
	contact := obj{"type", "contact", "id", "C-3107", "name", "Example client"}
	for _, x := range []struct {
		at        time.Time
		operation string
	}{{s.clock(11, 2), "create"}, {s.clock(11, 21), "delete"}, {s.clock(11, 38), "create"}} {
		s.confirm(x.at, "HubSpot", x.operation, contact, "applied", "", "")
	}
	for i, at := range []time.Time{s.clock(11, 3), s.clock(11, 39)} {
		run := s.begin(s.t.workflow("client-onboarding"), fmt.Sprintf("0858470000000000000000003107%dCU01", i+1), "C-3107", at)
		s.step(run, 0, nil)
		s.step(run, 1, nil)
		s.finish(run)
	}
}

// stuckApproval waits for somebody who does not look.
func (s *slot) stuckApproval() {
	run := s.newRun(s.t.playbooks[2], "run-stuck-approval", s.clock(9, 5))
	at := s.execute(run, s.t.person(777), run.at.Add(2*time.Second), only("", nil))
	a := run.last(0, len(run.users[0].apps)-1)
	a.status, a.ended, a.waits = pending, time.Time{}, "approval"
	s.snapshot(run, at.Add(3*time.Second))
}

// stuckPermit begins an action whose end is never heard of.
func (s *slot) stuckPermit() {
	run := s.begin(s.t.workflow("permit-scheduling"), "08584700000000000000000008812CU01", "P-8812", s.clock(16, 10))
	s.step(run, 0, nil)
	s.logic(run, logicRecord{operation: "ActionStarted", action: run.steps[1].name, tracking: s.uuid(), start: run.at, at: run.at, status: "Running"})
}
