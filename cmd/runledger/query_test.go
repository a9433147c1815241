package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rivo/uniseg"

	"github.com/runledger/runledger/query/wire"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func TestDrawTrend(t *testing.T) {
	rates := []wire.Rate{
		{Success: 90, Failure: 10, Denominator: 100, Strict: &wire.Interval{Rate: 0.1, Low: 0.0552, High: 0.1744}},
		{},
		{Success: 3, Failure: 1, Denominator: 4},
		{Success: 60, Failure: 30, Partial: 10, Denominator: 100, Strict: &wire.Interval{Rate: 0.4, Low: 0.3094, High: 0.498}},
		{Success: 20, Denominator: 20, Strict: &wire.Interval{High: 0.1611}},
	}
	a := &wire.FailuresAnswer{StepSeconds: 3600, Total: rates[3], Series: []wire.Failure{{}}}
	a.Total.Lenient = &wire.Interval{Rate: 0.3}
	for i, r := range rates {
		a.Series[0].Buckets = append(a.Series[0].Buckets, wire.Bucket{Time: noon.Add(time.Duration(i) * time.Hour), Rate: r})
	}
	var out bytes.Buffer
	if err := drawTrend(&out, a); err != nil {
		t.Fatal(err)
	}
	want := `              failure rate (strict)       rate  95 % interval    failed/ended
Mar 10 12:00  ██████                    10.0 %  5.5 – 17.4 %           10/100
Mar 10 13:00                                                                -
Mar 10 14:00  ·                                 too few                   1/4
Mar 10 15:00  ████████████████████████  40.0 %  30.9 – 49.8 %          40/100
Mar 10 16:00                             0.0 %  0.0 – 16.1 %             0/20

Total     strict 40.0 % [30.9 – 49.8 %], 40 of 100 failed
          lenient 30.0 %; success 60, partial 10, failure 30
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for line := range strings.Lines(out.String()) {
		if w := uniseg.StringWidth(strings.TrimRight(line, "\n")); w > 80 {
			t.Errorf("%d columns: %s", w, line)
		}
	}
}

func TestDrawRun(t *testing.T) {
	ms := int64(1500)
	try := func(n uint16, outcome string, e *wire.Error) wire.Attempt {
		return wire.Attempt{Attempt: n, Time: noon, State: "terminal", Outcome: outcome, Error: e, DurationMS: &ms}
	}
	busy := &wire.Error{Code: "503", Message: "busy\x1b[31m"}
	r := &wire.RunDetail{
		Run: wire.Run{
			RunID: "r1", Source: "zluri.run_log", StatusNative: "Completed", Workflow: "Onboard", State: "terminal", Outcome: "success",
			Trigger: "rule", Started: &noon, Actions: wire.Counts{Total: 2, Success: 1, Failed: 1, Attempts: 3}, Contradiction: true,
			Derived: &wire.Derived{State: "terminal", Outcome: "partial"}, Revisions: 1,
		},
		SubjectTree: []wire.Subject{{Name: "Ada", Email: "ada@example.com", Derived: wire.Derived{State: "terminal", Outcome: "partial"}, Apps: []wire.App{
			{Name: "Mail", Derived: wire.Derived{State: "terminal", Outcome: "success"}, Actions: []wire.Action{
				{Name: "Create", State: "terminal", Outcome: "success", Attempts: []wire.Attempt{try(1, "failure", busy), try(2, "success", nil)}},
			}},
			{Name: "Door", Derived: wire.Derived{State: "terminal", Outcome: "failure"}, Actions: []wire.Action{
				{Name: "Badge", State: "terminal", Outcome: "failure", Attempts: []wire.Attempt{try(1, "failure", busy)}},
			}},
		}}},
		Annotations: []wire.Annotation{{Time: noon, Annotation: "acknowledge", Cause: "quota", Actor: &wire.Actor{Name: "on call"}}},
	}
	var out bytes.Buffer
	if err := drawRun(&out, r, false); err != nil {
		t.Fatal(err)
	}
	want := `r1  SUCCESS
Onboard  (zluri.run_log, Completed)
  trigger    rule
  started    2026-03-10 12:00:00Z
  actions    2, 1 success, 1 failed, 3 attempts
  (!)        the source says success, its actions say partial
  evidence   0 events, 1 revisions of the run
└─ Ada <ada@example.com>  partial
   ├─ Mail  success
   │  └─ Create  success, 2 attempts
   │     ├─ #1 12:00:00  failure, 1.5s, 503 busy` + "\ufffd" + `[31m
   │     └─ #2 12:00:00  success, 1.5s
   └─ Door  failure
      └─ Badge  failure, 1.5s, 503 busy` + "\ufffd" + `[31m
2026-03-10 12:00  acknowledge by on call: quota
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestDelimited(t *testing.T) {
	rows := []wire.Run{{RunID: "=HYPERLINK(1)", Workflow: "a,\"b\"\nc", Actor: &wire.Actor{Name: "-5", Email: "@x"}}, {RunID: "plain"}}
	for form, want := range map[string]struct{ id, name, email string }{
		"csv":       {"=HYPERLINK(1)", "-5", "@x"},
		"tsv":       {"=HYPERLINK(1)", "-5", "@x"},
		"csv-excel": {"'=HYPERLINK(1)", "-5", "'@x"},
	} {
		var out bytes.Buffer
		if err := printDelimited(&out, form, rows); err != nil {
			t.Fatal(err)
		}
		text, marked := strings.CutPrefix(out.String(), "\ufeff")
		if marked != (form == "csv-excel") {
			t.Errorf("%s: byte order mark %t", form, marked)
		}
		r := csv.NewReader(strings.NewReader(text))
		if form == "tsv" {
			r.Comma = '\t'
		}
		lines, err := r.ReadAll()
		if err != nil || len(lines) != 3 {
			t.Fatalf("%s: %d lines, %v", form, len(lines), err)
		}
		got := map[string]string{}
		for i, name := range lines[0] {
			got[name] = lines[1][i]
		}
		if got["run_id"] != want.id || got["actor.name"] != want.name || got["actor.email"] != want.email || got["workflow"] != "a,\"b\"\nc" {
			t.Errorf("%s: got %q %q %q %q, want %q", form, got["run_id"], got["actor.name"], got["actor.email"], got["workflow"], want)
		}
	}
}

// ask runs the binary's verb against an API that answers with status and body.
func askWith(t *testing.T, status int, body string, args ...string) (code int, stdout, stderr, asked string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String() + " " + r.Header.Get("Authorization")
		w.Header().Set("Content-Type", map[bool]string{true: "application/json", false: "application/problem+json"}[status == 200])
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer s.Close()
	var out, errs bytes.Buffer
	env := map[string]string{"RUNLEDGER_TOKEN": "push", "RUNLEDGER_API_TOKEN": "ask"}
	c := &cli{ctx: context.Background(), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(k string) string { return env[k] }}
	code = run(c, append(args, "--api", s.URL))
	return code, out.String(), errs.String(), asked
}

func TestExitCodes(t *testing.T) {
	const whole, cut = `{"kind":"runs","complete":true,"rows":[]}`, `{"kind":"runs","complete":false,"next_cursor":"C","rows":[]}`
	tests := map[string]struct {
		status int
		body   string
		args   []string
		want   int
	}{
		"answered":             {200, whole, []string{"query", "runs"}, exitAnswered},
		"there is more":        {200, cut, []string{"query", "runs"}, exitIncomplete},
		"limited on purpose":   {200, cut, []string{"query", "runs", "--limit", "5"}, exitAnswered},
		"the question is bad":  {422, `{"detail":"from: want RFC 3339"}`, []string{"query", "runs", "--from", "-x"}, exitUsage},
		"unknown filter":       {200, whole, []string{"query", "runs", "--where", "colour=red"}, exitUsage},
		"filter without value": {200, whole, []string{"query", "runs", "--where", "colour"}, exitUsage},
		"unknown kind":         {200, whole, []string{"query", "weather"}, exitUsage},
		"no such run":          {404, `{"detail":"no run"}`, []string{"run", "show", "r"}, exitFailed},
		"which run":            {409, `{"detail":"several"}`, []string{"run", "show", "r"}, exitUsage},
		"the server fails":     {503, `{"detail":"the database did not answer"}`, []string{"query", "mttd"}, exitFailed},
		"no runledger there":   {200, `<html>`, []string{"query", "mttd"}, exitFailed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, _, stderr, _ := askWith(t, test.status, test.body, test.args...)
			if code != test.want {
				t.Errorf("exit code %d, want %d; stderr: %s", code, test.want, stderr)
			}
		})
	}
}

func TestWhatIsAsked(t *testing.T) {
	_, _, _, asked := askWith(t, 200, `{"complete":true}`, "query", "runs", "--tenant", "acme", "--from", "-7d", "--where", "outcome=failure,partial", "-w", "workflow=a, b=c", "--limit", "7")
	want := "/v1/runs?from=-7d&limit=7&outcome=failure%2Cpartial&tenant=acme&to=now&workflow=a%2C+b%3Dc Bearer ask"
	if asked != want {
		t.Errorf("asked %s\n want %s", asked, want)
	}
}
