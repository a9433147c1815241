package demo_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/demo"
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

// incident is failures of one cause that follow each other within an hour.
type incident struct {
	first, last     normalize.Micros
	seen, diagnosed normalize.Micros
	failures        []string // the actions that failed
}

// month is what the records of 30 days say about failures and people.
type month struct {
	failures, notes []normalize.Record
	healed          map[string]bool // actions of which some attempt succeeded
}

// TestPeopleNotice computes from the records what a ledger would: how soon the
// incidents of a month were seen and explained, and that some were not.
func TestPeopleNotice(t *testing.T) {
	m := lastMonth(t, 3)
	incidents := m.incidents()
	var detect, diagnose []time.Duration
	runless, healed, unnoticed := 0, 0, 0
	for _, i := range incidents {
		require.True(t, i.seen == 0 || i.seen >= i.first, "noticed before it happened")
		switch {
		case i.seen != 0:
			detect = append(detect, i.seen.Time().Sub(i.first.Time()))
		case !slices.ContainsFunc(i.failures, func(id string) bool { return !m.healed[id] }):
			healed++
		case i.failures[0] == "":
			runless++
		default:
			unnoticed++
		}
		if i.diagnosed != 0 {
			diagnose = append(diagnose, i.diagnosed.Time().Sub(i.seen.Time()))
		}
	}
	slices.Sort(detect)
	slices.Sort(diagnose)
	t.Logf("%d incidents: %d detected (median %s), %d of them diagnosed (median %s), %d healed by themselves, %d unnoticed, %d without a run",
		len(incidents), len(detect), detect[len(detect)/2], len(diagnose), diagnose[len(diagnose)/2], healed, unnoticed, runless)
	require.InDelta(t, 25, detect[len(detect)/2].Minutes(), 15)
	require.InDelta(t, 55, diagnose[len(diagnose)/2].Minutes(), 30)
	require.Greater(t, len(detect), unnoticed+runless, "most incidents are noticed")
	require.Greater(t, unnoticed, 5, "some are not")
}

func (m *month) incidents() []*incident {
	type key struct{ tenant, source, workflow, fingerprint, app string }
	open, of := map[key]*incident{}, map[normalize.ID][]*incident{}
	var all []*incident
	for _, r := range m.failures {
		k := key{r.TenantID, r.Source, r.WorkflowID, r.Fingerprint, r.TargetApp}
		if i := open[k]; i == nil || r.EventTime-i.last > 3600e6 {
			open[k] = &incident{first: r.EventTime}
			all = append(all, open[k])
		}
		open[k].last = r.EventTime
		if r.RunKey == (normalize.ID{}) {
			open[k].failures = append(open[k].failures, "")
			continue
		}
		open[k].failures = append(open[k].failures, r.NativeID)
		if !slices.Contains(of[r.RunKey], open[k]) {
			of[r.RunKey] = append(of[r.RunKey], open[k])
		}
	}
	for _, r := range m.notes {
		for _, i := range of[r.RunKey] {
			i.seen = cmp.Or(i.seen, r.EventTime)
			if r.Annotation == "diagnosis" {
				i.diagnosed = cmp.Or(i.diagnosed, r.EventTime)
			}
		}
	}
	return all
}

func lastMonth(t *testing.T, seed uint64) *month {
	t.Helper()
	known := formats.ByName()
	var n normalize.Normalizer
	var b normalize.Batch
	m := &month{healed: map[string]bool{}}
	for p := range demo.New(seed, now).History(30) {
		read(known[p.Source], &n, &b, p)
		for i := range b.Records {
			m.take(&b.Records[i])
		}
	}
	byTime := func(a, b normalize.Record) int { return cmp.Compare(a.EventTime, b.EventTime) }
	slices.SortStableFunc(m.failures, byTime)
	slices.SortStableFunc(m.notes, byTime)
	return m
}

func (m *month) take(r *normalize.Record) {
	switch {
	case r.Kind == normalize.KindAction && r.Outcome == model.Success:
		m.healed[strings.Clone(r.NativeID)] = true
	case r.Kind == normalize.KindAction && r.Outcome.Failed():
		m.failures = append(m.failures, kept(r))
	case r.Annotation != "":
		m.notes = append(m.notes, kept(r))
	}
}

// kept copies of r what outlives the Normalizer's next Reset.
func kept(r *normalize.Record) normalize.Record {
	return normalize.Record{
		TenantID: r.TenantID, Source: r.Source, RunKey: r.RunKey, EventTime: r.EventTime,
		NativeID: strings.Clone(r.NativeID), WorkflowID: strings.Clone(r.WorkflowID), TargetApp: strings.Clone(r.TargetApp),
		Fingerprint: strings.Clone(r.Fingerprint), Annotation: strings.Clone(r.Annotation),
	}
}
