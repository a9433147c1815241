package query_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/query/wire"
)

// The reference below answers from a slice of deliveries, slowly and in plain
// Go; ClickHouse has to say the same.

func newer(x, y rec) int {
	return cmp.Or(cmp.Compare(x.Attempt, y.Attempt), orEpoch(x.Updated).Compare(orEpoch(y.Updated)), x.Recorded.Compare(y.Recorded),
		x.Event.Compare(y.Event), x.Received.Compare(y.Received), cmp.Compare(x.Offset, y.Offset))
}

// newest groups the rows of a kind and returns the newest of each group.
func newest(rows []rec, kind uint8, by func(rec) string) map[string]rec {
	out := map[string]rec{}
	for _, r := range rows {
		if r.Kind != kind {
			continue
		}
		if old, ok := out[by(r)]; !ok || newer(r, old) > 0 {
			out[by(r)] = r
		}
	}
	return out
}

func byRun(r rec) string    { return r.RunID }
func byAction(r rec) string { return r.RunID + "/" + r.NativeID }

// refRuns is the list of runs, as told.
func refRuns(rows []rec) []string {
	actions := newest(rows, 3, byAction)
	last := map[string]time.Time{}
	for _, r := range rows {
		if r.Kind == 1 && r.Event.After(last[r.RunID]) {
			last[r.RunID] = r.Event
		}
	}
	type line struct {
		at   time.Time
		text string
	}
	var lines []line
	for id, r := range newest(rows, 1, byRun) {
		state, outcome, from := r.State, r.Outcome, "source"
		var children []model.Child
		for _, a := range actions {
			if a.RunID == id {
				children = append(children, model.Child{State: model.State(a.State), Outcome: model.Outcome(a.Outcome)})
			}
		}
		if state == "unknown" {
			switch {
			case r.OutcomeDerived != "":
				state, outcome, from = "terminal", r.OutcomeDerived, "payload"
			case len(children) > 0:
				s := model.Rollup(children)
				state, outcome, from = string(s.State), string(s.Outcome), "actions"
			default:
				state, outcome, from = "unknown", "", "none"
			}
		}
		failed := 0
		for _, c := range children {
			if c.State == model.Terminal && c.Outcome.FailedStrict() {
				failed++
			}
		}
		lines = append(lines, line{last[id], fmt.Sprintf("%s %s/%s by %s, %d actions, %d failed", id, state, outcome, from, len(children), failed)})
	}
	slices.SortFunc(lines, func(x, y line) int { return cmp.Or(y.at.Compare(x.at), cmp.Compare(x.text, y.text)) })
	out := []string{}
	for _, l := range lines {
		out = append(out, l.at.Format(time.TimeOnly)+" "+l.text)
	}
	return out
}

// refRate is the total of the trend.
func refRate(rows map[string]rec, from, to time.Time) string {
	n := map[string]int{}
	for _, r := range rows {
		state, outcome := r.State, r.Outcome
		if r.Kind == 1 && state == "unknown" && r.OutcomeDerived != "" {
			state, outcome = "terminal", r.OutcomeDerived
		}
		end := r.Ended
		if end.IsZero() {
			end = r.Event
		}
		if state != "terminal" || r.Synthetic || end.Before(from) || !end.Before(to) {
			continue
		}
		if outcome == "skipped" && r.Class == "permanent" {
			outcome = "unmet"
		}
		n[outcome]++
	}
	return rateText(n["success"], n["partial"], n["failure"], n["timeout"], n["cancelled"], n["skipped"], n["unmet"])
}

func rateText(success, partial, failure, timeout, cancelled, skipped, unmet int) string {
	return fmt.Sprintf("success %d partial %d failure %d timeout %d cancelled %d skipped %d unmet %d denominator %d",
		success, partial, failure, timeout, cancelled, skipped, unmet, success+partial+failure+timeout+unmet)
}

func gotRate(r wire.Rate) string {
	text := rateText(int(r.Success), int(r.Partial), int(r.Failure), int(r.Timeout), int(r.Cancelled), int(r.Skipped), int(r.UnmetSkip))
	if !strings.HasSuffix(text, fmt.Sprintf("denominator %d", r.Denominator)) {
		return text + fmt.Sprintf(", but said %d", r.Denominator)
	}
	return text
}

// refIncidents counts incidents and those that somebody noticed.
func refIncidents(rows []rec, from, to time.Time) string {
	attempts := newest(rows, 3, func(r rec) string { return fmt.Sprint(byAction(r), r.Attempt) })
	last := newest(rows, 3, byAction)
	isFailed := func(r rec) bool {
		return r.State == "terminal" && model.Outcome(r.Outcome).Failed() && !r.Synthetic
	}
	type failure struct {
		at      time.Time
		run, fp string
		healed  bool
	}
	var all []failure
	hasAction := map[string]bool{}
	end := func(r rec) time.Time {
		if r.Ended.IsZero() {
			return r.Event
		}
		return r.Ended
	}
	for _, a := range attempts {
		if isFailed(a) {
			hasAction[a.RunID] = true
			all = append(all, failure{end(a), a.RunID, a.FP, last[byAction(a)].Outcome == "success"})
		}
	}
	for _, r := range newest(rows, 1, byRun) {
		if isFailed(r) && !hasAction[r.RunID] {
			all = append(all, failure{end(r), r.RunID, r.FP, false})
		}
	}
	slices.SortFunc(all, func(x, y failure) int { return cmp.Or(cmp.Compare(x.fp, y.fp), x.at.Compare(y.at)) })
	notes := newest(rows, 4, func(r rec) string { return r.NativeID })
	incidents, detected, healed := 0, 0, 0
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].fp == all[i].fp && all[j].at.Sub(all[j-1].at) < time.Hour {
			j++
		}
		begun := all[i].at
		if !begun.Before(from) && begun.Before(to) {
			incidents++
			seen, well := false, true
			for _, f := range all[i:j] {
				well = well && f.healed
				for _, n := range notes {
					seen = seen || (n.RunID == f.run && !n.Event.Before(begun))
				}
			}
			if seen {
				detected++
			} else if well {
				healed++
			}
		}
		i = j
	}
	return fmt.Sprintf("incidents %d detected %d healed %d", incidents, detected, healed)
}

// history draws deliveries of a few runs: revisions, attempts, repetitions, in
// any order. Times are few, so that they are often equal, and some end in bytes
// of zero.
func history(t *rapid.T, tenant string) []rec {
	minute := rapid.Custom(func(t *rapid.T) time.Time {
		return at(float64(rapid.IntRange(0, 200).Draw(t, "minute"))).Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 256, 65536}).Draw(t, "micros")) * time.Microsecond)
	})
	maybe := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "known") {
			return minute.Draw(t, "time")
		}
		return time.Time{}
	})
	one := rapid.Custom(func(t *rapid.T) rec {
		r := rec{
			Tenant: tenant, Kind: rapid.SampledFrom([]uint8{1, 1, 3, 3, 3, 4}).Draw(t, "kind"),
			RunID:   fmt.Sprintf("r%d", rapid.IntRange(0, 3).Draw(t, "run")),
			Attempt: int64(rapid.SampledFrom([]int{0, 1, 1, 2, 256}).Draw(t, "attempt")),
			Event:   minute.Draw(t, "event"), Recorded: minute.Draw(t, "recorded"), Received: minute.Draw(t, "received"),
			Updated: maybe.Draw(t, "updated"), Offset: int64(rapid.IntRange(0, 600).Draw(t, "offset")),
			State: "terminal", FP: rapid.SampledFrom([]string{"", "f1"}).Draw(t, "fingerprint"),
		}
		switch r.Kind {
		case 4:
			r.NativeID, r.ChangeKind, r.Annotation, r.Attempt = fmt.Sprintf("n%d", rapid.IntRange(0, 1).Draw(t, "note"))+r.RunID, "annotation", "acknowledge", 0
			return r
		case 3:
			r.NativeID = fmt.Sprintf("a%d", rapid.IntRange(0, 2).Draw(t, "action"))
		case 1:
			r.NativeID = r.RunID
			r.OutcomeDerived = rapid.SampledFrom([]string{"", "", "success", "partial"}).Draw(t, "derived")
		}
		r.Ended = maybe.Draw(t, "ended")
		r.Synthetic = rapid.IntRange(0, 9).Draw(t, "synthetic") == 0
		r.Class = rapid.SampledFrom([]string{"", "permanent"}).Draw(t, "class")
		r.Outcome = rapid.SampledFrom([]string{"success", "success", "failure", "failure", "partial", "timeout", "cancelled", "skipped"}).Draw(t, "outcome")
		if r.State = rapid.SampledFrom([]string{"terminal", "terminal", "running", "unknown"}).Draw(t, "state"); r.State != "terminal" {
			r.Outcome = ""
		}
		return r
	})
	rows := rapid.SliceOfN(one, 1, 25).Draw(t, "deliveries")
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(rows)-1), 0, 6).Draw(t, "again") {
		again := rows[i]
		again.Offset += 1000
		rows = append(rows, again)
	}
	// Two different contents with every time and offset equal have no order.
	seen := map[string]bool{}
	return slices.DeleteFunc(rows, func(r rec) bool {
		key := fmt.Sprint(r.Kind, r.RunID, r.NativeID, r.Attempt, r.Updated, r.Recorded, r.Event, r.Received, r.Offset)
		if r.Kind == 1 {
			key = fmt.Sprint(r.Kind, r.RunID, r.Attempt, r.Updated, r.Recorded, r.Event, r.Received, r.Offset)
		}
		defer func() { seen[key] = true }()
		return seen[key]
	})
}

func TestReference(t *testing.T) {
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		tenant := fmt.Sprintf("reference-%d", n)
		rows := history(rt, tenant)
		half := rapid.IntRange(0, len(rows)).Draw(rt, "first insert")
		for _, part := range [][]rec{rows[:half], rows[half:]} {
			if len(part) > 0 {
				deliver(t, part...)
			}
		}
		from, to := at(30), at(170)
		narrow := wire.Scope{Tenant: tenant, From: from.Format(time.RFC3339), To: to.Format(time.RFC3339)}
		check := func(what string, want, got any) {
			if diff := gocmp.Diff(want, got); diff != "" {
				rt.Fatalf("%s of\n%s\n-want +got\n%s", what, deliveries(rows), diff)
			}
		}
		s := server()
		list, err := s.Runs(t.Context(), wire.RunsRequest{Scope: month(tenant), Page: wire.Page{Limit: 50}})
		if err != nil {
			rt.Fatal(err)
		}
		got := []string{}
		for _, r := range list.Rows {
			got = append(got, fmt.Sprintf("%s %s %s/%s by %s, %d actions, %d failed", r.LastTime.Format(time.TimeOnly), r.RunID, r.State, r.Outcome, r.StatusFrom, r.Actions.Total, r.Actions.Failed))
		}
		want := refRuns(rows)
		slices.Sort(got) // runs of one moment are in the order of their keys
		slices.Sort(want)
		check("runs", want, got)
		for _, r := range list.Rows[:min(1, len(list.Rows))] {
			one, err := s.Run(t.Context(), wire.RunRequest{Tenant: tenant, RunID: r.RunID})
			if err != nil {
				rt.Fatal(err)
			}
			check("run against list", r.Actions, one.Run.Actions)
			check("run against list", r.Derived, one.Run.Derived)
			check("run against list", r.State+"/"+r.Outcome, one.Run.State+"/"+one.Run.Outcome)
		}
		for kind, of := range map[uint8]string{1: "runs", 3: "actions"} {
			by := byRun
			if kind == 3 {
				by = byAction
			}
			a, err := s.Failures(t.Context(), wire.FailuresRequest{Scope: narrow, Of: of, Step: "1h"})
			if err != nil {
				rt.Fatal(err)
			}
			check("failures of "+of, refRate(newest(rows, kind, by), from, to), gotRate(a.Total))
		}
		m, err := s.MTTD(t.Context(), wire.MTTDRequest{Scope: narrow})
		if err != nil {
			rt.Fatal(err)
		}
		check("incidents", refIncidents(rows, from, to), fmt.Sprintf("incidents %d detected %d healed %d", m.MTTD.Incidents, m.MTTD.Detected, m.MTTD.SelfHealed))
	})
}

func deliveries(rows []rec) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "kind %d %s %s #%d %s/%s(%s) event %s ended %s updated %s recorded %s received %s offset %d fp %q synthetic %t\n", r.Kind, r.RunID, r.NativeID, r.Attempt,
			r.State, r.Outcome, r.OutcomeDerived, r.Event.Format("15:04:05.000000"), r.Ended.Format("15:04:05.000000"), r.Updated.Format("15:04:05.000000"),
			r.Recorded.Format("15:04:05.000000"), r.Received.Format("15:04:05.000000"), r.Offset, r.FP, r.Synthetic)
	}
	return b.String()
}
