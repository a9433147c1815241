package demo

import (
	"fmt"
	"math"
	"time"
)

// fault is a way in which work on an application goes wrong.
type fault struct {
	code      int    // HTTP status
	logicCode string // what Logic Apps calls it
	kind      string // what Zluri calls it
	message   string // %s is the application
	cause     string // what people find; %s is the application
	temporary bool
}

var (
	rateLimited = &fault{429, "TooManyRequests", "Rate limiting", "%s: too many requests, the rate limit was exceeded", "rate limit of %s used up by a bulk import", true}
	unavailable = &fault{503, "ServiceUnavailable", "Temporary API error", "%s: service unavailable", "outage of %s, confirmed on its status page", true}
	timedOut    = &fault{504, "ActionTimedOut", "Service timeout", "%s: the request timed out after 30 s", "%s answered slowly during its maintenance", true}
	expired     = &fault{401, "Unauthorized", "API authentication", "%s: authentication failed, the credentials of the integration have expired", "credentials of the %s integration expired", false}
	forbidden   = &fault{403, "Forbidden", "Missing permissions", "%s: missing permission users.write", "the role of the %s integration lost users.write", false}
	conflicting = &fault{409, "Conflict", "User attribute", "%s: a user with this email already exists", "left-over account in %s from an earlier employment", false}
	incomplete  = &fault{400, "BadRequest", "User attribute", "%s: required attribute department is missing", "HR feed without department for %s users", false}
)

func (f *fault) says(app string) string { return fmt.Sprintf(f.message, app) }

// oneOffs are what goes wrong on any day.
var oneOffs = []*fault{rateLimited, unavailable, timedOut, timedOut, conflicting, incomplete}

// trouble is a stretch of time in which work on an application goes wrong.
type trouble struct {
	app      string
	fault    *fault
	from, to time.Time
	chance   float64 // that an action fails
	noticed  bool    // somebody will
	seen     time.Time
	known    time.Time
}

// planTroubles draws the troubles that begin on this day, and forgets old ones.
func (s *slot) planTroubles() {
	keep := s.t.troubles[:0]
	for _, x := range s.t.troubles {
		if s.at.Sub(x.to) < 24*time.Hour {
			keep = append(keep, x)
		}
	}
	s.t.troubles = keep
	for n := s.count(0.8); n > 0; n-- {
		from := s.at.Add(7*time.Hour - s.t.zone + s.between(0, 9*time.Hour))
		s.t.troubles = append(s.t.troubles, &trouble{
			app: pick(s, s.t.apps), fault: pick(s, []*fault{rateLimited, unavailable, timedOut, expired, forbidden}),
			from: from, to: from.Add(s.between(20*time.Minute, 150*time.Minute)),
			chance: 0.4 + 0.5*s.r.Float64(), noticed: s.chance(0.9),
		})
	}
}

// faultOf decides whether an action on app fails at a time, and why.
func (s *slot) faultOf(app string, at time.Time) *fault {
	if f := s.lasting(app, at); f != nil {
		return f
	}
	if s.chance(s.t.noise(s.live)) {
		return pick(s, oneOffs)
	}
	return nil
}

// lasting is faultOf for troubles alone: what no run stands behind, nobody can
// point to, and it is to fail for a reason.
func (s *slot) lasting(app string, at time.Time) *fault {
	for _, x := range s.t.troubles {
		if x.app == app && !at.Before(x.from) && at.Before(x.to) && s.chance(x.chance) {
			return x.fault
		}
	}
	return nil
}

// noise is the chance that an action fails for no lasting reason; where much
// more happens it is smaller, so that a live stream does not drown in incidents.
func (t *tenant) noise(live bool) float64 {
	if live {
		return 0.0004
	}
	return 0.005
}

// calm returns when the troubles of app are over, at or after a time.
func (t *tenant) calm(app string, at time.Time) time.Time {
	for _, x := range t.troubles {
		if x.app == app && !at.Before(x.from) && at.Before(x.to) {
			at = x.to
		}
	}
	return at
}

// incidentKey tells incidents apart: failures of one key that follow each other
// within an hour are one incident.
type incidentKey struct {
	source, workflow, app string
	code                  int
}

// failure is a failed action that somebody may notice.
type failure struct {
	source, workflow, runID, app string
	fault                        *fault
	at                           time.Time
}

// failed notes a failure and, when it opens an incident, plans who notices it.
// It returns when the cause is known, or the zero time.
func (s *slot) failed(f failure) time.Time {
	key := incidentKey{f.source, f.workflow, f.app, f.fault.code}
	last := s.t.incidents[key]
	if f.at.After(last) {
		s.t.incidents[key] = f.at
	}
	x := s.troubleOf(f)
	if f.at.Sub(last) < time.Hour {
		return x.known
	}
	if x.seen.IsZero() && x.noticed {
		x.seen = s.detected(f.at)
		if s.chance(0.88) {
			x.known = x.seen.Add(s.around(40*time.Minute, 0.6))
		}
	}
	if x.seen.IsZero() {
		return time.Time{}
	}
	seen := f.at.Add(s.between(time.Minute, 6*time.Minute)) // those who look already see at once
	if seen.Before(x.seen) {
		seen = x.seen
	}
	s.acknowledge(f, seen)
	if x.known.IsZero() {
		return time.Time{}
	}
	known := seen.Add(s.between(3*time.Minute, 10*time.Minute))
	if known.Before(x.known) {
		known = x.known
	}
	s.diagnose(f, known)
	return known
}

// troubleOf returns the trouble behind f; a one-off failure is its own.
func (s *slot) troubleOf(f failure) *trouble {
	for _, x := range s.t.troubles {
		if x.app == f.app && x.fault == f.fault && !f.at.Before(x.from) && f.at.Before(x.to.Add(time.Minute)) {
			return x
		}
	}
	return &trouble{noticed: s.chance(0.65)}
}

// detected is when somebody sees a failure: soon while people work, and in the
// morning otherwise, unless whoever is on call looks.
func (s *slot) detected(at time.Time) time.Time {
	seen := at.Add(s.around(24*time.Minute, 0.8))
	if s.t.open(seen) || s.chance(0.3) {
		return seen
	}
	return s.t.morning(seen).Add(s.between(0, 40*time.Minute))
}

// around returns a log-normal duration with the given median.
func (s *slot) around(median time.Duration, sigma float64) time.Duration {
	d := time.Duration(float64(median) * math.Exp(sigma*s.r.NormFloat64()))
	return max(d, time.Minute).Truncate(time.Millisecond)
}
