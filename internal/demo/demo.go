// Package demo makes the payloads of two fictional customers, acme and globex,
// in the words of the vendors they use: Zluri run logs, the Okta System Log,
// Azure Logic Apps diagnostics, SCIM exchanges, and what applications and people
// push themselves. It makes bytes only; the caller sends them through the
// gateway like any customer. It knows nothing of how they are read, and it is
// not a load generator (though AppendOktaEvent feeds one).
//
// The same seed and time give the same bytes. Nobody in it exists.
//
// Among the ordinary days there are stories with ids that do not change with
// the seed; docs/demo.md tells them and how to look them up:
//
//	acme    run-onboarding-hubspot     HubSpot rate limited, then retried well
//	acme    run-offboarding-zendesk    Zendesk credentials expired, a manual task instead
//	acme    refund RF-20417            paid twice: a failed refund was resubmitted
//	acme    workflow renewal-reminders a condition was edited, failures began three days later
//	acme    contact C-3107             created, deleted, created: two welcome packets
//	acme    run-stuck-approval         waits for an approval that nobody gives
//	globex  permit P-8812              its scheduling run started and never ended
package demo

import (
	"container/heap"
	"iter"
	"math/rand/v2"
	"time"
)

// Push is one request to the gateway.
type Push struct {
	Tenant      string
	Source      string // format of the body: "okta.system_log"
	ContentType string
	Body        []byte
	Time        time.Time // when a customer would have sent it
	Events      int       // elements in the body
	Bad         int       // those among them that no reader can take
}

// Generator plans minute by minute what happens, and hands it out in order of
// time. It must not be used by two goroutines at once.
type Generator struct {
	seed    uint64
	now     time.Time
	tenants []*tenant
	planned time.Time // the first minute that is not planned yet
	resumed time.Time // what was due before it was handed out by another
	agenda  agenda
	seq     int
	shipper shipper
}

// New returns a generator whose history ends, and whose live stream starts, with
// the minute of now. The stories lie on fixed days before it.
func New(seed uint64, now time.Time) *Generator {
	now = now.UTC().Truncate(time.Minute)
	return &Generator{seed: seed, now: now, tenants: tenants()}
}

// History yields the last days before now, in order of Push.Time. Bodies hold
// up to 250 elements. It is to be taken once, before Live.
func (g *Generator) History(days int) iter.Seq[Push] {
	return func(yield func(Push) bool) {
		from := g.now.AddDate(0, 0, -days)
		g.begin(from)
		if g.advance(g.now, false, func(it item) bool { return it.at.Before(from) || g.shipper.add(it, yield) }) {
			g.shipper.flush(g.now, yield)
		}
	}
}

// Resume goes on at from as if everything before had been handed out. It
// replaces History where a ledger already holds what came before.
func (g *Generator) Resume(from time.Time) {
	g.resumed = from.UTC()
	start := g.resumed.Truncate(time.Minute)
	g.begin(start)
	g.advance(start, false, func(item) bool { return true })
}

// Live returns what is due before at and was not handed out yet. A minute that
// lies far behind at is as quiet as history; the present is busier, so that
// there is something to watch.
func (g *Generator) Live(at time.Time) []Push {
	var out []Push
	yield := func(p Push) bool { out = append(out, p); return true }
	at = at.UTC()
	if g.planned.IsZero() {
		g.Resume(g.now)
	}
	g.advance(at, true, func(it item) bool { return it.at.Before(g.resumed) || g.shipper.add(it, yield) })
	g.shipper.flush(at, yield)
	return out
}

// lead is how far before its start a stream is planned: what began then may
// end, be noticed or be retried after it.
const lead = 3 * 24 * time.Hour

func (g *Generator) begin(from time.Time) {
	g.planned = from.Add(-lead).Truncate(24 * time.Hour)
	g.agenda = nil
}

// advance plans up to until and takes out what is due before it, until take
// returns false.
func (g *Generator) advance(until time.Time, live bool, take func(item) bool) bool {
	for {
		horizon := until
		if g.planned.Before(until) {
			g.plan(g.planned, live && until.Sub(g.planned) < 5*time.Minute)
			g.planned = g.planned.Add(time.Minute)
			if g.planned.Before(until) {
				horizon = g.planned
			}
		}
		for it, ok := g.agenda.due(horizon); ok; it, ok = g.agenda.due(horizon) {
			if !take(it) {
				return false
			}
		}
		if !g.planned.Before(until) {
			return true
		}
	}
}

// plan puts on the agenda what begins in the minute at.
func (g *Generator) plan(at time.Time, live bool) {
	for i, t := range g.tenants {
		s := slot{
			g: g, t: t, at: at, live: live,
			r: rand.New(rand.NewPCG(g.seed+uint64(i)*0x9e3779b97f4a7c15, uint64(at.Unix()))),
		}
		if at.Equal(at.Truncate(24 * time.Hour)) {
			s.planTroubles()
			s.planStories()
			s.planBadInput()
		}
		s.planMinute()
	}
}

// slot is one minute of one tenant.
type slot struct {
	g    *Generator
	t    *tenant
	r    *rand.Rand
	at   time.Time
	live bool
}

// add puts an element on the agenda.
func (s *slot) add(f feed, at time.Time, body []byte) {
	s.put(item{at: at, feed: f, body: body})
}

func (s *slot) put(it item) {
	s.g.seq++
	it.seq, it.tenant = s.g.seq, s.t
	heap.Push(&s.g.agenda, it)
}

// within returns a moment of the slot's minute.
func (s *slot) within() time.Time { return s.at.Add(s.between(0, time.Minute-time.Millisecond)) }

// between returns a duration from low up to high, in whole milliseconds.
func (s *slot) between(low, high time.Duration) time.Duration {
	return low + time.Duration(s.r.Int64N(int64(high-low)/1e6+1))*time.Millisecond
}

func (s *slot) chance(p float64) bool { return s.r.Float64() < p }

func pick[T any](s *slot, of []T) T { return of[s.r.IntN(len(of))] }
