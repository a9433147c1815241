package demo_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/demo"
)

var now = time.Date(2026, 11, 19, 10, 30, 0, 0, time.UTC)

func digest(pushes []demo.Push) string {
	h := sha256.New()
	for _, p := range pushes {
		fmt.Fprintln(h, p.Tenant, p.Source, p.ContentType, p.Time, p.Events, p.Bad)
		h.Write(p.Body)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

func everything(seed uint64) []demo.Push {
	g := demo.New(seed, now)
	pushes := slices.Collect(g.History(20))
	return append(pushes, g.Live(now.Add(10*time.Minute))...)
}

func TestSameSeedSameBytes(t *testing.T) {
	require.Equal(t, digest(everything(1)), digest(everything(1)))
	require.NotEqual(t, digest(everything(1)), digest(everything(2)))
}

func TestHistory(t *testing.T) {
	var events, bad, size int
	last := now.AddDate(0, 0, -90)
	for p := range demo.New(1, now).History(90) {
		require.False(t, p.Time.Before(last), "%s comes after %s", p.Time, last)
		require.False(t, p.Time.After(now))
		last = p.Time
		require.LessOrEqual(t, p.Events, 250)
		require.Equal(t, p.Events, len(elements(t, p)))
		events, bad, size = events+p.Events, bad+p.Bad, size+len(p.Body)
	}
	t.Logf("%d events, %d bad, %d MiB", events, bad, size>>20)
	require.Greater(t, events, 60_000)
	require.Less(t, events, 120_000)
	require.Greater(t, bad, 30)
	require.Less(t, bad, events/200, "bad input is to be rare")
}

// elements takes a body apart as its content type says, and checks that only
// what is announced as bad is no JSON.
func elements(t *testing.T, p demo.Push) [][]byte {
	t.Helper()
	if p.ContentType == "application/x-ndjson" {
		rows := bytes.Split(bytes.TrimSuffix(p.Body, []byte("\n")), []byte("\n"))
		torn := 0
		for _, row := range rows {
			if !json.Valid(row) {
				torn++
			}
		}
		require.LessOrEqual(t, torn, p.Bad)
		return rows
	}
	var list []json.RawMessage
	if p.Source == "azure.logic_apps" {
		var doc struct{ Records []json.RawMessage }
		require.NoError(t, json.Unmarshal(p.Body, &doc))
		list = doc.Records
	} else {
		require.NoError(t, json.Unmarshal(p.Body, &list))
	}
	rows := make([][]byte, len(list))
	for i, e := range list {
		rows[i] = e
	}
	return rows
}

func TestLiveGoesOnWhereHistoryEnds(t *testing.T) {
	g := demo.New(1, now)
	for range g.History(2) {
	}
	minutes, events := 10, 0
	for i := 1; i <= minutes*60; i++ {
		at := now.Add(time.Duration(i) * time.Second)
		for _, p := range g.Live(at) {
			require.Equal(t, at, p.Time)
			events += p.Events
		}
	}
	perSecond := float64(events) / float64(minutes*60)
	t.Logf("%.1f events/s", perSecond)
	require.Greater(t, perSecond, 1.0)
	require.Less(t, perSecond, 30.0)
}

// TestResumeRepeatsNothing restarts a stream: what comes after the restart must
// not have been sent before it.
func TestResumeRepeatsNothing(t *testing.T) {
	from := now.Add(20 * time.Second)
	id := regexp.MustCompile(`"(?:uuid|id)":"[0-9a-f-]{36}"`)
	first := demo.New(1, now)
	for range first.History(4) {
	}
	sent := map[string]bool{}
	for _, p := range first.Live(from) {
		for _, m := range id.FindAllString(string(p.Body), -1) {
			sent[m] = true
		}
	}
	require.NotEmpty(t, sent)
	resumed := demo.New(1, now)
	resumed.Resume(from)
	events := 0
	for _, p := range resumed.Live(from.Add(time.Minute)) {
		events += p.Events
		for _, m := range id.FindAllString(string(p.Body), -1) {
			require.False(t, sent[m], "%s was sent before", m)
		}
	}
	require.NotZero(t, events)
}

func TestOktaEventsAreLikeThoseOfTheVendor(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	orders, size := map[string]bool{}, 0
	const n = 2000
	for range n {
		e := demo.AppendOktaEvent(nil, r, now)
		size += len(e)
		var event map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(e, &event), "%s", e)
		require.Contains(t, event, "uuid")
		order := bytes.IndexByte(e, 'v')
		orders[fmt.Sprint(order, len(event), bytes.Index(e, []byte(`"actor"`)) < bytes.Index(e, []byte(`"target"`)))] = true
	}
	t.Logf("%d bytes on average", size/n)
	require.InDelta(t, 900, size/n, 100)
	require.Greater(t, len(orders), 4, "the order of members is to vary")
}

func BenchmarkOktaEvent(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = demo.AppendOktaEvent(buf[:0], r, now)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkHistory(b *testing.B) {
	events := 0
	for b.Loop() {
		for p := range demo.New(1, now).History(90) {
			events += p.Events
		}
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}
