package query_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/runledger/runledger/query/wire"
)

func failures(t *testing.T, q wire.FailuresRequest) *wire.FailuresAnswer {
	t.Helper()
	if q.Of == "" {
		q.Of = "runs"
	}
	a, err := server().Failures(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// many returns n ended runs or actions of one outcome.
func many(kind uint8, tenant, outcome string, n int, f func(*rec)) []rec {
	rows := make([]rec, n)
	for i := range rows {
		rows[i] = rec{Kind: kind, Tenant: tenant, RunID: fmt.Sprintf("%s-%d", outcome, i), Event: at(float64(i)), State: "terminal", Outcome: outcome}
		if f != nil {
			f(&rows[i])
		}
	}
	return rows
}

func TestFailureRates(t *testing.T) {
	for _, of := range []struct {
		name string
		kind uint8
	}{{"runs", 1}, {"actions", 3}} {
		t.Run(of.name, func(t *testing.T) {
			tenant := "rates-" + of.name
			var rows []rec
			for outcome, n := range map[string]int{"success": 60, "partial": 8, "failure": 5, "error": 3, "timeout": 2, "cancelled": 11, "unknown": 1} {
				rows = append(rows, many(of.kind, tenant, outcome, n, nil)...)
			}
			rows = append(rows, many(of.kind, tenant, "skipped", 7, nil)...)
			rows = append(rows, many(of.kind, tenant, "skipped", 4, func(r *rec) { r.RunID += "-unmet"; r.Class = "permanent" })...)
			rows = append(rows, many(of.kind, tenant, "failure", 9, func(r *rec) { r.RunID += "-synthetic"; r.Synthetic = true })...)
			rows = append(rows, many(of.kind, tenant, "", 6, func(r *rec) { r.RunID += "-live"; r.State = "running" })...)
			deliver(t, rows...)
			deliver(t, rows...) // a source that sends everything twice changes nothing
			got := failures(t, wire.FailuresRequest{Scope: month(tenant), Of: of.name}).Total
			want := wire.Rate{
				Success: 60, Partial: 8, Failure: 5, Error: 3, Timeout: 2, Cancelled: 11, Skipped: 7, UnmetSkip: 4, Unknown: 1, Denominator: 83,
				// (5+3+2+8+4)/83 and (5+3+2)/83, intervals from an independent computation
				Strict:  &wire.Interval{Rate: 22. / 83, Low: 0.182044, High: 0.368862},
				Lenient: &wire.Interval{Rate: 10. / 83, Low: 0.066777, High: 0.207763},
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestFewHaveNoRate(t *testing.T) {
	const tenant = "few"
	deliver(t, append(many(1, tenant, "success", 18, nil), many(1, tenant, "failure", 1, nil)...)...)
	got := failures(t, wire.FailuresRequest{Scope: month(tenant)}).Total
	if got.Strict != nil || got.Lenient != nil || got.Denominator != 19 || got.Failure != 1 {
		t.Errorf("got %+v, want counts and no rate below 20", got)
	}
	deliver(t, many(1, tenant, "partial", 1, nil)...)
	if got = failures(t, wire.FailuresRequest{Scope: month(tenant)}).Total; got.Strict == nil || math.Abs(got.Strict.Rate-0.1) > 1e-12 {
		t.Errorf("got %+v, want a strict rate of 2/20", got)
	}
}

func TestFailureBuckets(t *testing.T) {
	const tenant = "buckets"
	end := func(id string, minute float64, outcome string, f func(*rec)) rec {
		r := rec{Kind: 1, Tenant: tenant, RunID: id, Event: at(minute), Ended: at(minute), State: "terminal", Outcome: outcome, Source: "s1", Workflow: "A"}
		if f != nil {
			f(&r)
		}
		return r
	}
	deliver(t,
		end("a", 5, "success", nil),
		end("b", 59.999, "failure", nil),
		end("c", 60, "success", nil),
		end("written-earlier", 61, "success", func(r *rec) { r.Event = at(-2800) }), // recorded at its start
		end("again", 10, "failure", func(r *rec) { r.Attempt = 1 }),
		end("again", 130, "success", func(r *rec) { r.Attempt = 2 }),            // counts at its last attempt only
		end("corrected", 20, "failure", nil),                                    //
		end("corrected", 20, "success", func(r *rec) { r.Recorded = at(9999) }), // told later, ended then
		end("again-live", 30, "failure", func(r *rec) { r.Attempt = 1 }),
		rec{Kind: 1, Tenant: tenant, RunID: "again-live", Event: at(40), Attempt: 2, State: "running", Source: "s1"}, // has not ended
		end("outside", 180, "failure", nil),
		end("before", -0.001, "failure", nil),
		end("other", 10, "timeout", func(r *rec) { r.Source, r.Workflow, r.App, r.Category = "s2", "B", "Git", "network" }),
	)
	scope := wire.Scope{Tenant: tenant, From: at(0).Format(time.RFC3339), To: at(180).Format(time.RFC3339)}
	show := func(a *wire.FailuresAnswer) map[string][]string {
		out := map[string][]string{}
		for _, s := range a.Series {
			for _, b := range s.Buckets {
				out[s.Name] = append(out[s.Name], fmt.Sprintf("%s ok %d failure %d timeout %d", b.Time.Format("15:04"), b.Success, b.Failure, b.Timeout))
			}
		}
		return out
	}
	all := []string{"12:00 ok 2 failure 1 timeout 1", "13:00 ok 2 failure 0 timeout 0", "14:00 ok 1 failure 0 timeout 0"}
	a := []string{"12:00 ok 2 failure 1 timeout 0", "13:00 ok 2 failure 0 timeout 0", "14:00 ok 1 failure 0 timeout 0"}
	b := []string{"12:00 ok 0 failure 0 timeout 1", "13:00 ok 0 failure 0 timeout 0", "14:00 ok 0 failure 0 timeout 0"}
	tests := map[string]struct {
		ask  wire.FailuresRequest
		want map[string][]string
	}{
		"one series":     {wire.FailuresRequest{}, map[string][]string{"": all}},
		"by source":      {wire.FailuresRequest{By: "source"}, map[string][]string{"s1": a, "s2": b}},
		"by workflow":    {wire.FailuresRequest{By: "workflow"}, map[string][]string{"A": a, "B": b}},
		"by app":         {wire.FailuresRequest{By: "target_app"}, map[string][]string{"": a, "Git": b}},
		"by category":    {wire.FailuresRequest{By: "error_category"}, map[string][]string{"": a, "network": b}},
		"only one":       {wire.FailuresRequest{Filter: wire.Filter{Workflow: "B"}}, map[string][]string{"": b}},
		"none":           {wire.FailuresRequest{Filter: wire.Filter{Workflow: "C"}}, map[string][]string{"": {"12:00 ok 0 failure 0 timeout 0", "13:00 ok 0 failure 0 timeout 0", "14:00 ok 0 failure 0 timeout 0"}}},
		"by what is not": {wire.FailuresRequest{By: "source", Filter: wire.Filter{Workflow: "C"}}, map[string][]string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.ask.Scope, test.ask.Step = scope, "1h"
			if diff := cmp.Diff(test.want, show(failures(t, test.ask))); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestMTTD(t *testing.T) {
	const tenant = "mttd"
	fail := func(run string, minute float64, attempt int64, f func(*rec)) rec {
		r := rec{
			Kind: 3, Tenant: tenant, RunID: run, NativeID: run + "/a", ActionName: "Create", Workflow: "W", WorkflowID: "w", App: "Mail",
			FP: "f1", Attempt: attempt, Event: at(minute), State: "terminal", Outcome: "failure", Message: "refused",
		}
		if f != nil {
			f(&r)
		}
		return r
	}
	note := func(run, kind, cause string, minute float64) rec {
		return rec{Kind: 4, Tenant: tenant, RunID: run, NativeID: fmt.Sprintf("%s/%s/%v", run, kind, minute), Event: at(minute), ChangeKind: "annotation", Annotation: kind, Cause: cause}
	}
	ok := func(r *rec) { r.Outcome, r.FP, r.Message = "success", "", "" }
	rows := []rec{
		// Three failures with gaps under an hour are one incident: failed at 0,
		// seen at 30 on the second run, explained at 90 on the third.
		fail("r1", 0, 1, nil), fail("r2", 20, 1, nil), fail("r3", 79.9, 1, nil),
		note("r2", "note", "irrelevant", 10), // a note is nobody who noticed
		note("r2", "acknowledge", "", 30), note("r3", "diagnosis", "expired token", 90), note("r1", "acknowledge", "", 200),
		// An hour after the last one begins another: nobody looked. What was said
		// about the run before it failed does not count.
		note("r4", "acknowledge", "", 100), fail("r4", 139.9, 1, nil),
		// Another fingerprint at the same time is another: an acknowledgement
		// that names the cause is both. 10 minutes.
		fail("r5", 5, 1, func(r *rec) { r.FP = "f2" }), note("r5", "acknowledge", "quota", 15),
		// Another app, healed by its second attempt before anybody looked.
		fail("r6", 7, 1, func(r *rec) { r.App = "Chat" }), fail("r6", 8, 2, func(r *rec) { r.App = "Chat"; ok(r) }),
		// A failed run without a failed action counts by itself; a user reported it after 60 minutes.
		{Kind: 1, Tenant: tenant, RunID: "r7", Workflow: "X", Event: at(300), State: "terminal", Outcome: "error", FP: "f3"},
		note("r7", "report", "", 360),
		// The run of a failed action is not counted beside it.
		{Kind: 1, Tenant: tenant, RunID: "r1", Workflow: "W", WorkflowID: "w", Event: at(1), State: "terminal", Outcome: "failure", FP: "f9"},
		// Corrected to a success, synthetic, partial: no failures.
		fail("r8", 400, 1, nil), fail("r8", 400, 1, func(r *rec) { ok(r); r.Recorded = at(401) }),
		fail("r9", 500, 1, func(r *rec) { r.Synthetic = true }),
		fail("r10", 600, 1, func(r *rec) { r.Outcome = "partial" }),
	}
	deliver(t, rows...)
	deliver(t, rows[:9]...)
	a, err := server().MTTD(t.Context(), wire.MTTDRequest{Scope: month(tenant)})
	if err != nil {
		t.Fatal(err)
	}
	want := wire.MTTD{
		Incidents: 5, Detected: 3, Undetected: 1, SelfHealed: 1, Diagnosed: 2, Measured: true,
		Detect:   &wire.Duration{N: 3, Mean: 2000, Median: 1800, P90: 3240}, // 600, 1800, 3600 s
		Diagnose: &wire.Duration{N: 2, Mean: 1800, Median: 1800, P90: 3240}, // 0, 3600 s
		Total:    &wire.Duration{N: 2, Mean: 3000, Median: 3000, P90: 4920}, // 600, 5400 s
		Grade:    wire.Grade{Measured: 2, None: 3},
	}
	if diff := cmp.Diff(want, a.MTTD, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	list, err := server().Incidents(t.Context(), wire.IncidentsRequest{Scope: month(tenant), Page: wire.Page{Limit: 50}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range list.Rows {
		got = append(got, fmt.Sprintf("%s %s %s failures %d runs %d by %q cause %q", i.Failed.Format("15:04"), i.Fingerprint, i.TargetApp, i.Failures, i.Runs, i.DetectedBy, i.Cause))
	}
	wantList := []string{
		`17:00 f3  failures 1 runs 1 by "report" cause ""`,
		`14:19 f1 Mail failures 1 runs 1 by "" cause ""`,
		`12:07 f1 Chat failures 1 runs 1 by "" cause ""`,
		`12:05 f2 Mail failures 1 runs 1 by "acknowledge" cause "quota"`,
		`12:00 f1 Mail failures 3 runs 3 by "acknowledge" cause "expired token"`,
	}
	if diff := cmp.Diff(wantList, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	var paged []string
	q := wire.IncidentsRequest{Scope: month(tenant), Page: wire.Page{Limit: 2}}
	for {
		page, err := server().Incidents(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range page.Rows {
			paged = append(paged, i.IncidentID)
		}
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			break
		}
	}
	if len(paged) != 5 {
		t.Errorf("pages of two hold %d incidents, want 5", len(paged))
	}
}

// An incident belongs to the range that its first failure lies in.
func TestIncidentBegunBefore(t *testing.T) {
	const tenant = "begun-before"
	deliver(t,
		rec{Kind: 3, Tenant: tenant, RunID: "r1", NativeID: "a", Event: at(-10), State: "terminal", Outcome: "failure", FP: "f"},
		rec{Kind: 3, Tenant: tenant, RunID: "r2", NativeID: "a", Event: at(10), State: "terminal", Outcome: "failure", FP: "f"})
	a, err := server().MTTD(t.Context(), wire.MTTDRequest{Scope: wire.Scope{Tenant: tenant, From: at(0).Format(time.RFC3339), To: at(60).Format(time.RFC3339)}})
	if err != nil {
		t.Fatal(err)
	}
	if a.MTTD.Incidents != 0 {
		t.Errorf("%d incidents, want none: the one there is began before", a.MTTD.Incidents)
	}
}

func TestMTTDUnmeasured(t *testing.T) {
	const tenant = "unmeasured"
	deliver(t, rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", Event: at(0), State: "terminal", Outcome: "failure"})
	a, err := server().MTTD(t.Context(), wire.MTTDRequest{Scope: month(tenant)})
	if err != nil {
		t.Fatal(err)
	}
	if a.MTTD.Measured || a.MTTD.Detect != nil || a.MTTD.Undetected != 1 {
		t.Errorf("got %+v, want one undetected incident and no MTTD", a.MTTD)
	}
}
