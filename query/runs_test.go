package query_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/runledger/runledger/query/wire"
)

// month is a scope around the histories of the tests.
func month(tenant string) wire.Scope {
	return wire.Scope{Tenant: tenant, From: day.AddDate(0, 0, -15).Format(time.RFC3339), To: day.AddDate(0, 0, 15).Format(time.RFC3339)}
}

func runs(t *testing.T, q wire.RunsRequest) *wire.Answer[wire.Run] {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 50
	}
	a, err := server().Runs(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// told is what matters of a run here.
func told(rows []wire.Run) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprintf("%s %s/%s by %s", r.RunID, r.State, r.Outcome, r.StatusFrom))
	}
	return out
}

func TestRunStatus(t *testing.T) {
	run := func(state, outcome string, minute float64) rec {
		return rec{Kind: 1, RunID: "r", State: state, Outcome: outcome, Event: at(minute), Attempt: 1}
	}
	with := func(r rec, f func(*rec)) rec { f(&r); return r }
	action := func(id, state, outcome string, minute float64) rec {
		return rec{Kind: 3, RunID: "r", NativeID: id, ActionName: id, State: state, Outcome: outcome, Event: at(minute), Attempt: 1}
	}
	ended := run("terminal", "success", 5)
	tests := map[string]struct {
		rows []rec
		want string
	}{
		"start then end":           {[]rec{run("running", "", 0), ended}, "r terminal/success by source"},
		"end arrives before start": {[]rec{ended, with(run("running", "", 0), func(r *rec) { r.Offset = 9 })}, "r terminal/success by source"},
		"delivered three times": {[]rec{
			ended, with(ended, func(r *rec) { r.Offset = 1; r.Received = at(60) }),
			with(ended, func(r *rec) { r.Offset = 2; r.Received = at(90) }),
		}, "r terminal/success by source"},
		"a correction with the same time, recorded later": {[]rec{
			with(run("terminal", "failure", 5), func(r *rec) { r.Recorded = at(9) }), ended,
		}, "r terminal/failure by source"},
		"updated_time beats event_time": {[]rec{
			with(run("terminal", "failure", 1), func(r *rec) { r.Updated = at(30) }),
			with(run("terminal", "success", 8), func(r *rec) { r.Updated = at(20) }),
		}, "r terminal/failure by source"},
		"the last attempt wins, though its record is older": {[]rec{
			with(run("terminal", "success", 3), func(r *rec) { r.Attempt = 2 }), run("terminal", "failure", 8),
		}, "r terminal/success by source"},
		"equal times: the later offset": {[]rec{
			with(run("terminal", "failure", 5), func(r *rec) { r.Offset = 300 }),
			with(run("terminal", "partial", 5), func(r *rec) { r.Offset = 299 }),
		}, "r terminal/failure by source"},
		"no end": {[]rec{run("running", "", 0), action("a", "terminal", "success", 1)}, "r running/ by source"},
		"no status, but in the payload": {
			[]rec{with(run("unknown", "", 0), func(r *rec) { r.OutcomeDerived = "partial" })},
			"r terminal/partial by payload",
		},
		"no status, but actions": {
			[]rec{run("", "", 0), action("a", "terminal", "success", 1), action("b", "terminal", "failure", 2)},
			"r terminal/partial by actions",
		},
		"no status at all": {[]rec{run("", "", 0)}, "r unknown/ by none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := "status-" + fmt.Sprint(id(name))[:8]
			for i := range test.rows {
				test.rows[i].Tenant = tenant
			}
			deliver(t, test.rows...)
			got := told(runs(t, wire.RunsRequest{Scope: month(tenant)}).Rows)
			if diff := cmp.Diff([]string{test.want}, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestRunsFilters(t *testing.T) {
	const tenant = "filters"
	r := func(id string, minute float64, f func(*rec)) rec {
		x := rec{Kind: 1, Tenant: tenant, RunID: id, Event: at(minute), State: "terminal", Outcome: "success", Workflow: "Onboard", WorkflowID: "w1", Trigger: "rule"}
		f(&x)
		return x
	}
	deliver(t,
		r("ok", 1, func(x *rec) { x.ActorEmail = "ada@example.com" }),
		r("bad", 2, func(x *rec) { x.Outcome, x.Class, x.Category, x.FP = "failure", "permanent", "auth", "f1" }),
		r("was-bad", 3, func(x *rec) { x.Outcome, x.Category = "failure", "auth" }),
		r("was-bad", 4, func(x *rec) {}),
		r("other", 5, func(x *rec) {
			x.Workflow, x.WorkflowID, x.App, x.Source, x.Trigger = "Offboard", "w2", "Git", "other.source", "manual"
		}),
		r("live", 6, func(x *rec) { x.State, x.Outcome = "waiting", "" }),
		r("mute", 7, func(x *rec) { x.State, x.Outcome = "", "" }),
		rec{Kind: 3, Tenant: tenant, RunID: "mute", NativeID: "m1", Event: at(7), State: "terminal", Outcome: "failure"},
		rec{Kind: 2, Tenant: tenant, RunID: "bad", NativeID: "s", Event: at(2), SubjectName: "Grace", SubjectEmail: "Grace@example.com"},
		rec{Kind: 3, Tenant: tenant, RunID: "live", NativeID: "l1", Event: at(6), SubjectID: "p7", State: "running"},
		rec{Kind: 4, Tenant: tenant, RunID: "ok", NativeID: "n1", Event: at(9), ChangeKind: "annotation", Annotation: "archive"},
		rec{Kind: 4, Tenant: tenant, RunID: "bad", NativeID: "n2", Event: at(9), ChangeKind: "annotation", Annotation: "archive"},
		rec{Kind: 4, Tenant: tenant, RunID: "bad", NativeID: "n3", Event: at(10), ChangeKind: "annotation", Annotation: "unarchive"},
	)
	tests := map[string]struct {
		ask  func(*wire.RunsRequest)
		want []string
	}{
		"all":                        {func(q *wire.RunsRequest) {}, []string{"mute", "live", "other", "was-bad", "bad", "ok"}},
		"outcome is that of now":     {func(q *wire.RunsRequest) { q.Outcome = []string{"failure"} }, []string{"mute", "bad"}},
		"two outcomes":               {func(q *wire.RunsRequest) { q.Outcome = []string{"failure", "success"} }, []string{"mute", "other", "was-bad", "bad", "ok"}},
		"state":                      {func(q *wire.RunsRequest) { q.State = []string{"waiting"} }, []string{"live"}},
		"workflow by name":           {func(q *wire.RunsRequest) { q.Workflow = "Offboard" }, []string{"other"}},
		"workflow by id":             {func(q *wire.RunsRequest) { q.Workflow = "w2" }, []string{"other"}},
		"app":                        {func(q *wire.RunsRequest) { q.TargetApp = "Git" }, []string{"other"}},
		"source":                     {func(q *wire.RunsRequest) { q.Source = "other.source" }, []string{"other"}},
		"trigger":                    {func(q *wire.RunsRequest) { q.Trigger = "manual" }, []string{"other"}},
		"category is that of now":    {func(q *wire.RunsRequest) { q.ErrorCategory = "auth" }, []string{"bad"}},
		"class":                      {func(q *wire.RunsRequest) { q.ErrorClass = "permanent" }, []string{"bad"}},
		"fingerprint":                {func(q *wire.RunsRequest) { q.Fingerprint = "f1" }, []string{"bad"}},
		"run id":                     {func(q *wire.RunsRequest) { q.RunID = "live" }, []string{"live"}},
		"actor of the run":           {func(q *wire.RunsRequest) { q.Person = "ADA@example.com" }, []string{"ok"}},
		"subject by e-mail":          {func(q *wire.RunsRequest) { q.Person = "grace@example.com" }, []string{"bad"}},
		"subject by name":            {func(q *wire.RunsRequest) { q.Person = "Grace" }, []string{"bad"}},
		"subject of an action by id": {func(q *wire.RunsRequest) { q.Person = "p7" }, []string{"live"}},
		"archived":                   {func(q *wire.RunsRequest) { q.Archived = "yes" }, []string{"ok"}},
		"not archived":               {func(q *wire.RunsRequest) { q.Archived = "no"; q.Workflow = "w1" }, []string{"mute", "live", "was-bad", "bad"}},
		"nobody":                     {func(q *wire.RunsRequest) { q.Person = "nobody" }, []string{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			q := wire.RunsRequest{Scope: month(tenant)}
			test.ask(&q)
			a := runs(t, q)
			got := []string{}
			for _, r := range a.Rows {
				got = append(got, r.RunID)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if !a.Complete || a.NextCursor != "" {
				t.Errorf("complete %t, next cursor %q of one whole page", a.Complete, a.NextCursor)
			}
		})
	}
}

func TestRunRow(t *testing.T) {
	const tenant = "row"
	deliver(t,
		rec{Kind: 1, Tenant: tenant, RunID: "r", Event: at(0), Started: at(0), State: "running", Workflow: "Onboard", Trigger: "schedule", ActorName: "engine"},
		rec{Kind: 1, Tenant: tenant, RunID: "r", Event: at(10), Ended: at(10), Updated: at(10), State: "terminal", Outcome: "success"},
		rec{Kind: 2, Tenant: tenant, RunID: "r", NativeID: "s1", Event: at(1), SubjectEmail: "user1@example.com"},
		rec{Kind: 2, Tenant: tenant, RunID: "r", NativeID: "s2", Event: at(2), SubjectEmail: "user2@example.com"},
		rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", ActionName: "Create", App: "Mail", Event: at(3), Attempt: 1, State: "terminal", Outcome: "failure", Message: "503", SubjectEmail: "user1@example.com"},
		rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", ActionName: "Create", App: "Mail", Event: at(4), Attempt: 2, State: "terminal", Outcome: "success", SubjectEmail: "user1@example.com"},
		rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "b", ActionName: "Badge", App: "Door", Event: at(6), Attempt: 1, State: "terminal", Outcome: "timeout", Message: "no answer", Code: "408"},
		rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "c", ActionName: "Desk", App: "Desk", Event: at(5), Attempt: 1, State: "terminal", Outcome: "cancelled"},
		rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "d", ActionName: "Late", Event: at(9), Attempt: 1, State: "terminal", Outcome: "failure"},
	)
	rows := runs(t, wire.RunsRequest{Scope: month(tenant)}).Rows
	if len(rows) != 1 {
		t.Fatalf("got %d runs, want 1", len(rows))
	}
	ms := int64(600_000)
	start, end := at(0), at(10)
	want := wire.Run{
		RunID: "r", Source: "test.source", Workflow: "Onboard", LastTime: at(10), Started: &start, Ended: &end, DurationMS: &ms,
		State: "terminal", Outcome: "success", StatusFrom: "source", Derived: &wire.Derived{State: "terminal", Outcome: "partial"},
		Contradiction: true, Trigger: "schedule", Actor: &wire.Actor{Name: "engine"}, Subjects: 2, FirstSubject: "user1@example.com",
		FirstFailed: &wire.FirstFailed{Name: "Badge", App: "Door", Time: at(6), Error: "no answer", ErrorCode: "408"},
		Actions:     wire.Counts{Total: 4, Success: 1, Failed: 2, Cancelled: 1, Attempts: 5}, Revisions: 2,
	}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Runs keep arriving and moving up while somebody turns the pages; every run
// that the first page could see is shown once, and no other.
func TestRunsPaging(t *testing.T) {
	const tenant, n = "paging", 137
	var first []rec
	for i := range n {
		first = append(first, rec{Kind: 1, Tenant: tenant, RunID: fmt.Sprintf("r%03d", i), Event: at(float64(i / 3)), State: "running"})
	}
	deliver(t, first...)
	var got []string
	q := wire.RunsRequest{Scope: month(tenant), Page: wire.Page{Limit: 10}}
	for pages := 0; ; pages++ {
		a := runs(t, q)
		for _, r := range a.Rows {
			got = append(got, r.RunID)
			if r.State != "running" {
				t.Errorf("%s is %s: arrived after the first page, yet seen", r.RunID, r.State)
			}
		}
		if a.Complete != (a.NextCursor == "") {
			t.Errorf("complete %t with next cursor %q", a.Complete, a.NextCursor)
		}
		if a.NextCursor == "" {
			break
		}
		if pages > n {
			t.Fatal("the pages do not end")
		}
		q.Cursor = a.NextCursor
		deliver(t, // one that is on a later page ends, and a new one arrives in the middle
			rec{Kind: 1, Tenant: tenant, RunID: fmt.Sprintf("r%03d", (pages*7)%n), Event: at(500 + float64(pages)), State: "terminal", Outcome: "success"},
			rec{Kind: 1, Tenant: tenant, RunID: fmt.Sprintf("new%03d", pages), Event: at(float64(pages)), State: "terminal", Outcome: "success"})
	}
	if len(got) != n {
		t.Errorf("got %d runs on all pages, want %d", len(got), n)
	}
	slices.Sort(got)
	if unique := slices.Compact(slices.Clone(got)); len(unique) != len(got) {
		t.Errorf("%d runs are repeated", len(got)-len(unique))
	}
}

func TestOneRun(t *testing.T) {
	const tenant = "one"
	rows := []rec{
		{Kind: 1, Tenant: tenant, RunID: "r", Event: at(0), State: "running", Workflow: "Onboard"},
		{Kind: 1, Tenant: tenant, RunID: "r", Event: at(9), State: "terminal", Outcome: "success"},
		{Kind: 2, Tenant: tenant, RunID: "r", NativeID: "s", Event: at(1), SubjectEmail: "user1@example.com", SubjectName: "User One", State: "terminal", Outcome: "success"},
		{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", ActionName: "Create", App: "Mail", Attempt: 1, Event: at(2), Started: at(1), Ended: at(2), State: "terminal", Outcome: "failure", Message: "busy", Class: "temporary", SubjectEmail: "user1@example.com"},
		{
			Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", ActionName: "Create", App: "Mail", Attempt: 2, Event: at(4), State: "terminal", Outcome: "success", SubjectEmail: "user1@example.com",
			StepLog: `[{"time":"t1","level":"info","text":"called"}]`, Changes: `[{"path":"active","from":false,"to":true}]`,
		},
		{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "b", ActionName: "Badge", App: "Door", Attempt: 1, Event: at(5), Sequence: 2, State: "terminal", Outcome: "failure", SubjectEmail: "user1@example.com"},
		{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "n", ActionName: "Notify", Attempt: 1, Event: at(6), Sequence: 3, State: "terminal", Outcome: "success"},
		{Kind: 4, Tenant: tenant, RunID: "r", NativeID: "note", Event: at(900), ChangeKind: "annotation", Annotation: "acknowledge", ActorName: "on call"},
	}
	again := rows[3]
	again.Offset, again.Received = 77, at(300)
	deliver(t, append(rows, again)...)
	a, err := server().Run(t.Context(), wire.RunRequest{Tenant: tenant, RunID: "r"})
	if err != nil {
		t.Fatal(err)
	}
	r := a.Run
	if r.State != "terminal" || r.Outcome != "success" || !r.Contradiction || r.Derived.Outcome != "partial" {
		t.Errorf("status %s/%s, derived %+v, contradiction %t; want terminal/success against partial", r.State, r.Outcome, r.Derived, r.Contradiction)
	}
	shape := ""
	for _, s := range r.SubjectTree {
		shape += fmt.Sprintf("[%s %s", s.Email, s.Derived.Outcome)
		if s.Native != nil {
			shape += " native " + s.Native.Outcome
		}
		for _, app := range s.Apps {
			shape += fmt.Sprintf(" (%s %s:", app.Name, app.Derived.Outcome)
			for _, action := range app.Actions {
				shape += fmt.Sprintf(" %s %s", action.Name, action.Outcome)
				for _, try := range action.Attempts {
					shape += fmt.Sprintf(" #%d=%s", try.Attempt, try.Outcome)
				}
			}
			shape += ")"
		}
		shape += "]"
	}
	want := "[user1@example.com partial native success (Mail success: Create success #1=failure #2=success) (Door failure: Badge failure #1=failure)]" +
		"[ success ( success: Notify success #1=success)]"
	if shape != want {
		t.Errorf("tree\n got %s\nwant %s", shape, want)
	}
	second := r.SubjectTree[0].Apps[0].Actions[0].Attempts[1]
	if len(second.StepLog) != 1 || second.StepLog[0].Text != "called" || len(second.Changes) != 1 || second.Changes[0].To != true {
		t.Errorf("step log %+v, changes %+v", second.StepLog, second.Changes)
	}
	if len(r.Annotations) != 1 || r.Annotations[0].Annotation != "acknowledge" {
		t.Errorf("annotations %+v, want the acknowledgement that came later", r.Annotations)
	}
	if len(r.Evidence) != len(rows) {
		t.Errorf("%d pieces of evidence, want %d", len(r.Evidence), len(rows))
	}
	for _, e := range r.Evidence {
		want := uint64(1)
		if e.EventID == again.complete().event().String() {
			want = 2
		}
		if e.Deliveries != want || len(e.RawHash) != 64 {
			t.Errorf("evidence %+v: want %d deliveries and a SHA-256", e, want)
		}
	}
	if text, err := json.Marshal(a); err != nil || len(text) == 0 {
		t.Errorf("marshal: %v", err)
	}
}

func TestOneRunOfActionsAlone(t *testing.T) {
	const tenant = "orphan"
	deliver(t, rec{Kind: 3, Tenant: tenant, RunID: "r", NativeID: "a", ActionName: "Create", Workflow: "Sync", Event: at(2), State: "terminal", Outcome: "failure"})
	a, err := server().Run(t.Context(), wire.RunRequest{Tenant: tenant, RunID: "r"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Run.StatusFrom != "actions" || a.Run.Outcome != "failure" || a.Run.Workflow != "Sync" {
		t.Errorf("got %s/%s by %s of workflow %q, want terminal/failure by actions of Sync", a.Run.State, a.Run.Outcome, a.Run.StatusFrom, a.Run.Workflow)
	}
}
