package demo

import "time"

// planBadInput spoils a few elements a day, in the ways that happen: one is cut
// off on its way, one has no id, one comes from a clock that is decades off.
func (s *slot) planBadInput() {
	for n := s.count(0.8); n > 0; n-- {
		at := s.at.Add(s.between(time.Hour, 23*time.Hour))
		switch s.r.IntN(3) {
		case 0:
			s.torn(at)
		case 1:
			s.withoutID(at)
		default:
			s.fromTheFuture(at)
		}
	}
}

// A bad element follows a good one of the same moment, for a customer whose
// bodies are all bad would have noticed.

func (s *slot) torn(at time.Time) {
	app, who := pick(s, s.t.apps), s.person()
	s.confirm(at, app, "update", account(who), "applied", "", "")
	whole := cloudEvent("rl.app.push.v1", s.uuid(), "/apps/"+s.t.name, "", at, obj{
		"app", app, "operation", "update", "object", account(who), "result", "applied", "occurred_at", at,
	})
	s.put(item{at: at, feed: appFeed, body: whole[:len(whole)*2/3], bad: true, torn: true})
}

func (s *slot) withoutID(at time.Time) {
	e := s.spoilt(at)
	good := e.append(nil, s.r)
	s.put(item{at: at, feed: oktaFeed, bad: true, body: append([]byte("{"), good[len(`{"uuid":"00000000-0000-0000-0000-000000000000",`):]...)})
}

func (s *slot) fromTheFuture(at time.Time) {
	e := s.spoilt(at)
	e.at = time.Date(2063, 4, 5, 11, 0, 0, 0, time.UTC)
	s.put(item{at: at, feed: oktaFeed, bad: true, body: e.append(nil, s.r)})
}

// spoilt pushes a sign-in and returns another one, to be spoilt.
func (s *slot) spoilt(at time.Time) oktaEvent {
	e := oktaEvent{
		at: at, kind: "user.session.start", display: "User login to Okta", severity: "INFO", result: "SUCCESS",
		transaction: s.id("trs"), transactType: "WEB",
	}.by(s.person())
	s.okta(e)
	return e
}
