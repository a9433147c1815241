package query

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/runledger/runledger/query/wire"
)

// Routes adds to mux the questions below /v1, the OpenAPI document as
// /openapi.json and .yaml, and a readable page of it as /docs.
func (s *Server) Routes(mux *http.ServeMux) {
	c := huma.DefaultConfig("runledger", s.version)
	c.Info.Description = "Questions to the ledger of everything automation did. Every answer says how fresh and how complete it is."
	c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", nil
	if len(s.tokens) > 0 {
		c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "A token of api.tokens; it stands for one tenant."}}
		c.Security = []map[string][]string{{"token": {}}}
	}
	api := humago.New(mux, c)
	api.UseMiddleware(s.authorize(api), knownParameters(api))
	s.operations(api)
	if s.describe != nil {
		s.describe(api.OpenAPI())
	}
	page, err := docsPage(api.OpenAPI())
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) {
		if err != nil {
			s.log.Error("render docs", "err", err)
			http.Error(w, "the page could not be rendered; see /openapi.json", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(page)
	})
}

func (s *Server) operations(api huma.API) {
	get(s, api, "/v1/runs", "runs", "Runs, the latest first",
		"Each run once, at its newest revision, ordered by the time of its last event; a run is in the range that event lies in.",
		func(ctx context.Context, q *wire.RunsRequest, tenant string) (*wire.Answer[wire.Run], error) {
			q.Tenant = tenant
			return s.Runs(ctx, *q)
		})
	get(s, api, "/v1/runs/{run_id}", "run", "One run",
		"Its subjects, applications, actions and attempts, with the roll-up beside the status of the source, and the evidence for all of it.",
		func(ctx context.Context, q *wire.RunRequest, tenant string) (*wire.RunAnswer, error) {
			q.Tenant = tenant
			return s.Run(ctx, *q)
		})
	get(s, api, "/v1/actions", "actions", "Actions, the latest first",
		"Each action once, at the newest revision of its last attempt.",
		func(ctx context.Context, q *wire.ActionsRequest, tenant string) (*wire.Answer[wire.ActionRow], error) {
			q.Tenant = tenant
			return s.Actions(ctx, *q)
		})
	get(s, api, "/v1/failures", "failures", "Failure trend",
		"Outcomes over time, with the strict and the lenient failure rate and their intervals.",
		func(ctx context.Context, q *wire.FailuresRequest, tenant string) (*wire.FailuresAnswer, error) {
			q.Tenant = tenant
			return s.Failures(ctx, *q)
		})
	get(s, api, "/v1/mttd", "mttd", "Mean time to detect and to diagnose",
		"How long failures went unnoticed, and how long their cause stayed unknown once they were noticed.",
		func(ctx context.Context, q *wire.MTTDRequest, tenant string) (*wire.MTTDAnswer, error) {
			q.Tenant = tenant
			return s.MTTD(ctx, *q)
		})
	get(s, api, "/v1/incidents", "incidents", "Incidents, the latest first",
		"Bursts of failures of one cause, with who noticed and what was found, and the events that show it.",
		func(ctx context.Context, q *wire.IncidentsRequest, tenant string) (*wire.Answer[wire.Incident], error) {
			q.Tenant = tenant
			return s.Incidents(ctx, *q)
		})
	get(s, api, "/v1/freshness", "freshness", "Freshness of the sources",
		"The last event and the last receipt of each source.",
		func(ctx context.Context, q *wire.FreshnessRequest, tenant string) (*wire.Answer[wire.Freshness], error) {
			q.Tenant = tenant
			return s.Freshness(ctx, *q)
		})
	get(s, api, "/v1/sources", "sources", "What each source has sent",
		"Records as they arrived in the range, revisions and repeated deliveries included, and what was rejected.",
		func(ctx context.Context, q *wire.SourcesRequest, tenant string) (*wire.Answer[wire.Source], error) {
			q.Tenant = tenant
			return s.Sources(ctx, *q)
		})
}

// body is how huma wants an answer.
type body[A any] struct{ Body A }

func get[Q, A any](s *Server, api huma.API, path, id, summary, description string, f func(context.Context, *Q, string) (*A, error)) {
	statuses := []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
	if len(s.tokens) > 0 {
		statuses = append(statuses, http.StatusUnauthorized)
	}
	if strings.Contains(path, "{") {
		statuses = append(statuses, http.StatusNotFound, http.StatusConflict)
	}
	slices.Sort(statuses)
	op := huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description, Errors: statuses,
	}
	huma.Register(api, op, func(ctx context.Context, q *Q) (*body[A], error) {
		tenant, _ := ctx.Value(tenantKey{}).(string)
		answer, err := f(ctx, q, tenant)
		if err != nil {
			return nil, s.problem(err)
		}
		return &body[A]{*answer}, nil
	})
}

// problem turns err into the body of RFC 9457, with the field that is wrong
// and what it may hold.
func (s *Server) problem(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Reason: Unavailable, Err: err}
	}
	status := map[Reason]int{
		Invalid: http.StatusUnprocessableEntity, NotFound: http.StatusNotFound, Ambiguous: http.StatusConflict,
		Busy: http.StatusServiceUnavailable, TooBig: http.StatusUnprocessableEntity, Unavailable: http.StatusServiceUnavailable,
	}[e.Reason]
	detail := e.Error()
	if e.Reason == Unavailable {
		s.log.Error("answer a question", "err", err)
		detail = "the database did not answer; see /readyz and the log of this server"
	}
	if e.Field == "" {
		return huma.NewError(status, detail)
	}
	d := &huma.ErrorDetail{Location: location(e.Field), Message: e.Detail}
	if e.Value != "" {
		d.Value = e.Value
	}
	if len(e.Allowed) > 0 {
		d.Message += "; want one of " + strings.Join(e.Allowed, ", ")
	}
	return huma.NewError(status, detail, d)
}

func location(field string) string {
	if field == "run_id" {
		return "path.run_id"
	}
	return "query." + field
}

// knownParameters refuses parameters that an operation does not have, and
// repeated ones, of which it would see only one.
func knownParameters(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		var allowed []string
		for _, p := range ctx.Operation().Parameters {
			if p.In == "query" {
				allowed = append(allowed, p.Name)
			}
		}
		slices.Sort(allowed)
		u := ctx.URL()
		for name, values := range u.Query() {
			switch {
			case !slices.Contains(allowed, name):
				refuse(api, ctx, name, "unknown parameter; want one of "+strings.Join(allowed, ", "))
				return
			case len(values) > 1:
				refuse(api, ctx, name, fmt.Sprintf("given %d times; want it once, several values separated by commas", len(values)))
				return
			}
		}
		next(ctx)
	}
}

func refuse(api huma.API, ctx huma.Context, name, message string) {
	_ = huma.WriteErr(api, ctx, http.StatusUnprocessableEntity, name+": "+message,
		&huma.ErrorDetail{Location: "query." + name, Message: message})
}
