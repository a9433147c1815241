package demo

import (
	"fmt"
	"hash/fnv"
	"time"
)

// tenant is one customer: its size, its hours, and what it automates.
type tenant struct {
	name      string
	domain    string
	people    int
	zone      time.Duration // of its office hours, east of UTC
	perDay    [feeds]float64
	perMinute [feeds]float64 // at least so many in the live stream
	shapes    [feeds]shape
	apps      []string
	playbooks []playbook
	workflows []workflow

	troubles  []*trouble
	incidents map[incidentKey]time.Time // when each was seen last
}

func tenants() []*tenant {
	return []*tenant{
		{
			name: "acme", domain: "acme.example.com", people: 2400, zone: time.Hour,
			perDay:    [feeds]float64{oktaFeed: 330, logicFeed: 22, scimFeed: 110, zluriFeed: 26, appFeed: 60},
			perMinute: [feeds]float64{oktaFeed: 60, logicFeed: 2.5, scimFeed: 15, zluriFeed: 0.8, appFeed: 10},
			shapes:    [feeds]shape{oktaFeed: array, logicFeed: envelope, scimFeed: lines, zluriFeed: batched, appFeed: lines},
			apps:      []string{"Salesforce", "Slack", "HubSpot", "Zendesk", "Zoom", "GitHub"},
			playbooks: acmePlaybooks, workflows: acmeWorkflows,
			incidents: map[incidentKey]time.Time{},
		},
		{
			name: "globex", domain: "globex.example.com", people: 900, zone: -5 * time.Hour,
			perDay:    [feeds]float64{oktaFeed: 160, logicFeed: 12, scimFeed: 50, zluriFeed: 9, appFeed: 25},
			perMinute: [feeds]float64{oktaFeed: 30, logicFeed: 1, scimFeed: 6, zluriFeed: 0.3, appFeed: 4},
			shapes:    [feeds]shape{oktaFeed: lines, logicFeed: lines, scimFeed: batched, zluriFeed: lines, appFeed: lines},
			apps:      []string{"Salesforce", "Slack", "Zendesk", "Zoom"},
			playbooks: globexPlaybooks, workflows: globexWorkflows,
			incidents: map[incidentKey]time.Time{},
		},
	}
}

// officeHours is the share of a working day that each hour gets.
var officeHours = [24]float64{
	.004, .003, .003, .003, .004, .008, .02, .05, .09, .115, .11, .095,
	.065, .085, .095, .09, .07, .04, .016, .01, .008, .006, .005, .005,
}

// share is the share of a working day's events that fall in the minute at.
func (t *tenant) share(at time.Time) float64 {
	local := at.Add(t.zone)
	share := officeHours[local.Hour()] / 60
	switch local.Weekday() {
	case time.Saturday, time.Sunday:
		return share * 0.12
	case time.Monday: // starters start on Mondays
		return share * 1.2
	default:
		return share
	}
}

// open reports whether somebody is at a desk.
func (t *tenant) open(at time.Time) bool {
	local := at.Add(t.zone)
	day, hour := local.Weekday(), local.Hour()
	return day != time.Saturday && day != time.Sunday && hour >= 7 && hour < 19
}

// morning is when the next working day begins.
func (t *tenant) morning(at time.Time) time.Time {
	for at = at.Truncate(15 * time.Minute); !t.open(at); {
		at = at.Add(15 * time.Minute)
	}
	return at
}

// person is somebody who does not exist.
type person struct{ name, email, oktaID, scimID string }

func (t *tenant) person(n int) person {
	return person{
		name:   fmt.Sprintf("User %04d", n),
		email:  fmt.Sprintf("user%04d@%s", n, t.domain),
		oktaID: fmt.Sprintf("00u%017x", hash(t.name, "okta", n)),
		scimID: fmt.Sprintf("%016x", hash(t.name, "scim", n)),
	}
}

func (s *slot) person() person { return s.t.person(1 + s.r.IntN(s.t.people)) }

// operator is one of the few who run the automation.
func (s *slot) operator() string { return fmt.Sprintf("ops%d@%s", 1+s.r.IntN(4), s.t.domain) }

// app is a target application of a tenant.
func (t *tenant) appID(name string) string { return fmt.Sprintf("0oa%017x", hash(t.name, name, 0)) }

func hash(tenant, what string, n int) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s/%s/%d", tenant, what, n)
	return h.Sum64()
}

// id returns an identifier nobody has seen before.
func (s *slot) id(prefix string) string { return fmt.Sprintf("%s%012x", prefix, s.r.Uint64()>>16) }

func (s *slot) uuid() string {
	return string(appendUUID(nil, s.r))
}

// planMinute starts what begins in this minute by itself.
func (s *slot) planMinute() {
	burst := 1.0
	if s.live && s.r.IntN(12) == 0 {
		burst = 5
	}
	for f, plan := range [feeds]func(*slot){
		oktaFeed: (*slot).planOkta, logicFeed: (*slot).planLogicApp, scimFeed: (*slot).planSCIM,
		zluriFeed: (*slot).planZluri, appFeed: (*slot).planApp,
	} {
		mean := s.t.perDay[f] * s.t.share(s.at)
		if s.live {
			mean = max(mean, s.t.perMinute[f]*burst)
		}
		for n := s.count(mean); n > 0; n-- {
			plan(s)
		}
	}
}

// count returns a whole number whose mean is mean.
func (s *slot) count(mean float64) int {
	n := int(mean)
	if s.chance(mean - float64(n)) {
		n++
	}
	return n
}
