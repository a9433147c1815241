package query_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/query"
	"github.com/runledger/runledger/query/client"
	"github.com/runledger/runledger/query/wire"
)

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// serve serves the API and returns its address.
func serve(t *testing.T, c query.ServerConfig) string {
	t.Helper()
	c.Conn, c.Version = conn, "test"
	mux := http.NewServeMux()
	query.NewServer(c).Routes(mux)
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL
}

func fetch(t *testing.T, address, token string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// storyOf is a history with something of everything; marker is in all of it.
func storyOf(tenant, marker string) []rec {
	return []rec{
		{Kind: 1, Tenant: tenant, RunID: "shared-id", Event: at(0), Started: at(-1), State: "running", Workflow: marker, ActorName: marker},
		{Kind: 1, Tenant: tenant, RunID: "shared-id", Event: at(9), Ended: at(9), State: "terminal", Outcome: "failure", FP: marker, Message: marker, Category: "auth", Workflow: marker},
		{Kind: 2, Tenant: tenant, RunID: "shared-id", NativeID: "s", Event: at(1), SubjectEmail: marker + "@example.com", State: "terminal", Outcome: "failure"},
		{
			Kind: 3, Tenant: tenant, RunID: "shared-id", NativeID: "a", ActionName: marker, App: marker, Event: at(2), State: "terminal", Outcome: "failure", FP: marker, Message: marker, SubjectEmail: marker + "@example.com",
			StepLog: `[{"text":"` + marker + `"}]`, Changes: `[{"path":"` + marker + `","from":null,"to":"x"}]`,
		},
		{Kind: 4, Tenant: tenant, RunID: "shared-id", NativeID: "n", Event: at(20), ChangeKind: "annotation", Annotation: "diagnosis", Cause: marker, ActorName: marker},
	}
}

// questions are one of every kind, with a marker where a filter may hold one.
func questions(marker string) []string {
	m := url.QueryEscape(marker)
	scope := "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"
	return []string{
		"/v1/runs?" + scope, "/v1/runs?person=" + m + "@example.com&" + scope, "/v1/runs?workflow=" + m + "&" + scope, "/v1/runs?archived=no&" + scope,
		"/v1/runs/shared-id?", "/v1/actions?" + scope, "/v1/actions?person=" + m + "@example.com&" + scope, "/v1/actions?run_id=shared-id&" + scope,
		"/v1/failures?" + scope, "/v1/failures?by=workflow&" + scope, "/v1/failures?of=actions&by=target_app&" + scope,
		"/v1/mttd?" + scope, "/v1/incidents?" + scope, "/v1/freshness?", "/v1/sources?" + scope,
	}
}

// Whatever is asked for one tenant, nothing of another comes back.
func TestTenantIsolation(t *testing.T) {
	deliver(t, append(storyOf("isolated-a", "alpha"), storyOf("isolated-b", "bravo")...)...)
	tokens := []config.Token{{Tenant: "isolated-a", SHA256: hash("token a")}, {Tenant: "isolated-b", SHA256: hash("token b")}}
	open, closed := serve(t, query.ServerConfig{}), serve(t, query.ServerConfig{Tokens: tokens})
	seen := 0
	for _, marker := range []string{"alpha", "bravo"} {
		for _, q := range questions(marker) {
			for name, ask := range map[string]func() (int, string){
				"named": func() (int, string) { return fetch(t, open+q+"&tenant=isolated-a", "") },
				"token": func() (int, string) { return fetch(t, closed+q, "token a") },
				"both":  func() (int, string) { return fetch(t, closed+q+"&tenant=isolated-a", "token a") },
			} {
				status, body := ask()
				if status != http.StatusOK {
					t.Errorf("%s %s: status %d: %s", name, q, status, body)
				}
				if strings.Contains(body, "bravo") {
					t.Errorf("%s %s shows another tenant: %s", name, q, body)
				}
				seen += strings.Count(body, "alpha")
			}
		}
	}
	if seen == 0 {
		t.Error("not even its own records were shown")
	}
}

// Absent and forbidden look the same.
func TestEqualRefusals(t *testing.T) {
	deliver(t, storyOf("refuse-b", "bravo")...)
	api := serve(t, query.ServerConfig{Tokens: []config.Token{{Tenant: "refuse-a", SHA256: hash("token a")}}})
	for _, pair := range [][2]string{
		{"/v1/runs?tenant=refuse-b", "/v1/runs?tenant=never-was"},
		{"/v1/runs/shared-id", "/v1/runs/other-id-9"},
	} {
		statusOne, forbidden := fetch(t, api+pair[0], "token a")
		statusTwo, absent := fetch(t, api+pair[1], "token a")
		forbidden = strings.NewReplacer("refuse-b", "X", "shared-id", "X").Replace(forbidden)
		absent = strings.NewReplacer("never-was", "X", "other-id-9", "X").Replace(absent)
		if statusOne != http.StatusNotFound || statusOne != statusTwo || forbidden != absent {
			t.Errorf("%s: %d %s\n%s: %d %s\nwant the same 404", pair[0], statusOne, forbidden, pair[1], statusTwo, absent)
		}
	}
	for _, token := range []string{"", "token b", "token", hash("token a")} {
		if status, body := fetch(t, api+"/v1/runs", token); status != http.StatusUnauthorized {
			t.Errorf("token %q: status %d %s, want 401", token, status, body)
		}
	}
}

// Every answer is as the OpenAPI document describes it, and every operation of
// the document is asked.
func TestOpenAPI(t *testing.T) {
	deliver(t, storyOf("described", "alpha")...)
	deliver(t, many(1, "described", "success", 30, nil)...)
	api := serve(t, query.ServerConfig{})
	d := openAPI(t, api)
	if !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Errorf("openapi %q, want 3.1", d.OpenAPI)
	}
	asked := map[string]bool{}
	for _, q := range questions("alpha") {
		path, _, _ := strings.Cut(q, "?")
		if strings.HasPrefix(path, "/v1/runs/") {
			path = "/v1/runs/{run_id}"
		}
		asked[path] = true
		op := d.Paths[path].Get
		if op == nil {
			t.Fatalf("%s is not described", path)
		}
		_, body := fetch(t, api+q+"&tenant=described", "")
		var answer any
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		if err := d.check(op.Responses["200"].Content["application/json"].Schema, answer, op.OperationID); err != nil {
			t.Errorf("%s: %v", q, err)
		}
		for _, p := range op.Parameters {
			if p.Description == "" {
				t.Errorf("%s: parameter %s has no description", path, p.Name)
			}
		}
	}
	for path := range d.Paths {
		if !asked[path] {
			t.Errorf("%s is described and not asked", path)
		}
	}
}

func TestRefusedQuestions(t *testing.T) {
	api := serve(t, query.ServerConfig{})
	tests := map[string]struct {
		ask  string
		want []string // in the problem
	}{
		"no tenant":           {"/v1/runs", []string{`"query.tenant"`, "required"}},
		"no tenant name":      {"/v1/runs?tenant=a'b", []string{`"query.tenant"`, "tenant name"}},
		"unknown parameter":   {"/v1/runs?tenant=t&colour=red", []string{`"query.colour"`, "want one of", "workflow"}},
		"twice":               {"/v1/runs?tenant=t&source=a&source=b", []string{`"query.source"`, "2 times"}},
		"unknown outcome":     {"/v1/runs?tenant=t&outcome=exploded", []string{"outcome", "cancelled"}},
		"unknown grouping":    {"/v1/failures?tenant=t&by=tenant_id", []string{"query.by", "error_category"}},
		"no time":             {"/v1/runs?tenant=t&from=yesterday", []string{`"query.from"`, "RFC 3339"}},
		"year 9999":           {"/v1/runs?tenant=t&to=9999-01-01T00:00:00Z", []string{`"query.to"`, "1970 to 2200"}},
		"year 0":              {"/v1/runs?tenant=t&from=0000-01-01T00:00:00Z", []string{`"query.from"`, "1970 to 2200"}},
		"absurd days":         {"/v1/runs?tenant=t&from=-999999d", []string{`"query.from"`}},
		"from after to":       {"/v1/runs?tenant=t&from=now&to=-1d", []string{`"query.from"`, "empty"}},
		"too many buckets":    {"/v1/failures?tenant=t&from=-30d&step=1s", []string{`"query.step"`, "buckets"}},
		"step of nothing":     {"/v1/failures?tenant=t&step=0s", []string{`"query.step"`}},
		"no page":             {"/v1/runs?tenant=t&limit=0", []string{"query.limit"}},
		"huge page":           {"/v1/runs?tenant=t&limit=1000000", []string{"query.limit", "1000"}},
		"no cursor":           {"/v1/runs?tenant=t&cursor=AAAA", []string{`"query.cursor"`}},
		"cursor with SQL":     {"/v1/runs?tenant=t&cursor=eyJmIjoxLCJ0IjoxLCJhIjoxLCJsIjoxLCJrIjoiJykgT1IgMT0xIiwicSI6MX0", []string{`"query.cursor"`}},
		"cursor of elsewhere": {"/v1/incidents?tenant=t&cursor=eyJmIjoxLCJ0IjoxLCJhIjoxLCJsIjoxLCJrIjoiYSIsInEiOjF9", []string{`"query.cursor"`, "other parameters"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := fetch(t, api+test.ask, "")
			if status != http.StatusUnprocessableEntity {
				t.Errorf("%s: status %d, want 422: %s", test.ask, status, body)
			}
			for _, want := range test.want {
				if !strings.Contains(body, want) {
					t.Errorf("%s: %s\ndoes not say %q", test.ask, body, want)
				}
			}
		})
	}
}

// Hostile texts are values: they match nothing, and nothing breaks.
func TestHostileValues(t *testing.T) {
	deliver(t, storyOf("hostile", "alpha")...)
	hostile := []string{
		`' OR 1=1 --`, `'); DROP TABLE runs; --`, `{tenant:String}`, `/*slot:filter*/`, `\`, `\'`, "a\tb\nc\rd", "nul\x00", `"`, "`", "🙂", "%", "_", "?", "$1",
		strings.Repeat("x", 1000),
	}
	ctx, s := t.Context(), server()
	for _, text := range hostile {
		f := wire.Filter{Source: text, Workflow: text, TargetApp: text, ErrorCategory: text, ErrorClass: text, Fingerprint: text}
		scope, page := month("hostile"), wire.Page{Limit: 10}
		runs, err := s.Runs(ctx, wire.RunsRequest{Scope: scope, Page: page, Person: text})
		if err != nil || len(runs.Rows) != 0 {
			t.Errorf("person %q: %v, %d rows", text, err, len(runs.Rows))
		}
		if a, err := s.Runs(ctx, wire.RunsRequest{Scope: scope, Page: page, Filter: f, Status: wire.Status{Outcome: []string{text}, State: []string{text, text}}}); err != nil || len(a.Rows) != 0 {
			t.Errorf("filters %q: %v", text, err)
		}
		if a, err := s.Actions(ctx, wire.ActionsRequest{Scope: scope, Page: page, Filter: f, Action: text, TaskType: text, RunID: text}); err != nil || len(a.Rows) != 0 {
			t.Errorf("filters %q of actions: %v", text, err)
		}
		if a, err := s.Failures(ctx, wire.FailuresRequest{Scope: scope, Filter: f, Of: "runs"}); err != nil || a.Total.Denominator != 0 {
			t.Errorf("filters %q of failures: %v", text, err)
		}
		if a, err := s.MTTD(ctx, wire.MTTDRequest{Scope: scope, Filter: f}); err != nil || a.MTTD.Incidents != 0 {
			t.Errorf("filters %q of mttd: %v", text, err)
		}
		if _, err := s.Run(ctx, wire.RunRequest{Tenant: "hostile", RunID: text}); err == nil || !strings.Contains(err.Error(), "no run") {
			t.Errorf("run %q: %v, want no run", text, err)
		}
		if _, err := s.Failures(ctx, wire.FailuresRequest{Scope: scope, Of: "runs", By: text}); err == nil {
			t.Errorf("by %q was taken", text)
		}
	}
	if a := runs(t, wire.RunsRequest{Scope: month("hostile")}); len(a.Rows) != 1 {
		t.Errorf("%d runs are left, want 1", len(a.Rows))
	}
}

// A text with every awkward byte is found again by a filter of the same text.
func TestAwkwardValuesAreFound(t *testing.T) {
	for i, text := range []string{`it's`, `back\slash`, "tab\tline\nreturn\r", `quote"`, "'", `\n`, "🙂 é", "nul\x00end"} {
		tenant := fmt.Sprintf("awkward-%d", i)
		deliver(t, rec{Kind: 1, Tenant: tenant, RunID: text, Event: at(0), State: "terminal", Outcome: text, Workflow: text, ActorName: text})
		for name, q := range map[string]wire.RunsRequest{
			"workflow": {Filter: wire.Filter{Workflow: text}}, "person": {Person: text}, "run id": {RunID: text}, "outcome": {Status: wire.Status{Outcome: []string{text}}},
		} {
			q.Scope = month(tenant)
			if a := runs(t, q); len(a.Rows) != 1 || a.Rows[0].RunID != text {
				t.Errorf("%s %q: found %d runs, want 1", name, text, len(a.Rows))
			}
		}
		if _, err := server().Run(t.Context(), wire.RunRequest{Tenant: tenant, RunID: text}); err != nil {
			t.Errorf("run %q: %v", text, err)
		}
	}
}

func TestAmbiguousRun(t *testing.T) {
	const tenant = "ambiguous"
	deliver(t,
		rec{Kind: 1, Tenant: tenant, RunID: "42", Source: "one", Event: at(0), State: "running"},
		rec{Kind: 1, Tenant: tenant, RunID: "42", Source: "two", URI: "/x", Event: at(0), State: "running"},
		rec{Kind: 1, Tenant: tenant, RunID: "42", Source: "two", URI: "/y", Event: at(0), State: "running"})
	api := serve(t, query.ServerConfig{})
	c := client.Client{Base: api}
	for _, test := range []struct{ source, uri, want string }{
		{"", "", "want one of one, two"}, {"two", "", "want one of /x, /y"}, {"two", "/y", ""}, {"one", "", ""}, {"three", "", "no run"},
	} {
		_, err := c.Run(t.Context(), wire.RunRequest{Tenant: tenant, RunID: "42", Source: test.source, URI: test.uri})
		if got := fmt.Sprint(err); (test.want == "") != (err == nil) || (err != nil && !strings.Contains(got, test.want)) {
			t.Errorf("source %q uri %q: %v, want %q", test.source, test.uri, err, test.want)
		}
	}
}

func TestOtherHostsAreRefusedWithoutTokens(t *testing.T) {
	api := serve(t, query.ServerConfig{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, api+"/v1/freshness?tenant=t", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host = "rebound.example.com"
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("status %d for another host, want 403", resp.StatusCode)
	}
}

// The page works where there is no network: it loads nothing.
func TestDocsPage(t *testing.T) {
	status, body := fetch(t, serve(t, query.ServerConfig{})+"/docs", "")
	if status != http.StatusOK || !strings.Contains(body, "/v1/failures") || !strings.Contains(body, "error_category") {
		t.Errorf("status %d, %d bytes; want the operations and their parameters", status, len(body))
	}
	if found := regexp.MustCompile(`(?i)<script|<link|src=|@import|url\(`).FindString(body); found != "" {
		t.Errorf("the page loads something: %q", found)
	}
}

func TestLimits(t *testing.T) {
	deliver(t, storyOf("limits", "alpha")...)
	for name, test := range map[string]struct {
		limits query.Limits
		want   string
	}{
		"memory": {query.Limits{Memory: 1000}, "memory"},
		"rows":   {query.Limits{Rows: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := query.NewServer(query.ServerConfig{Conn: conn, Limits: test.limits})
			a, err := s.Run(t.Context(), wire.RunRequest{Tenant: "limits", RunID: "shared-id"})
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want a word about %s", err, test.want)
				}
				return
			}
			if err != nil || a.Complete || len(a.Warnings) == 0 || len(a.Run.Evidence) != 1 {
				t.Errorf("%v: want an incomplete answer that says so", err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := server().Freshness(ctx, wire.FreshnessRequest{Tenant: "limits"}); err == nil {
		t.Error("a question that nobody waits for was answered")
	}
}

func TestMetrics(t *testing.T) {
	reg := prometheus.NewRegistry()
	api := serve(t, query.ServerConfig{Registry: reg})
	fetch(t, api+"/v1/freshness?tenant=metrics", "")
	fetch(t, api+"/v1/runs?tenant=metrics&from=nonsense", "")
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			got[f.GetName()] += fmt.Sprint(m.GetLabel(), " ")
		}
	}
	for name, want := range map[string]string{"runledger_query_seconds": "freshness", "runledger_query_errors_total": "invalid"} {
		if !strings.Contains(got[name], want) {
			t.Errorf("%s has %q, want %q in it", name, got[name], want)
		}
	}
}

// Every table that a statement reads is narrowed to the tenant.
func TestStatementsNameTheTenant(t *testing.T) {
	files := os.DirFS("../sql/queries")
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) < 15 {
		t.Fatalf("%d statements, %v", len(names), err)
	}
	tables := regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+(runs|subjects|actions|audits|ai_steps|payloads|dead_letters|freshness|run_index|ledger|landing)\b`)
	for _, name := range names {
		if name == "ledger_check.sql" { // asked by the collector about its topics
			continue
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		sql := regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(string(text), "")
		reads, narrowed := len(tables.FindAllString(sql, -1)), strings.Count(sql, "tenant_id = {tenant:String}")
		if reads != narrowed {
			t.Errorf("%s reads %d tables and narrows %d to the tenant", name, reads, narrowed)
		}
	}
}
