package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/runledger/runledger/query/client"
	"github.com/runledger/runledger/query/wire"
)

// filtersOf tells what --where takes.
func filtersOf(request any) string {
	var names []string
	for _, name := range client.Parameters(request) {
		switch name {
		case "tenant", "from", "to", "limit", "cursor", "step", "by", "of":
		default:
			names = append(names, name)
		}
	}
	return "Filters (--where): " + strings.Join(names, ", ") + "."
}

type runsCmd struct {
	scopeFlags
	pageFlags
}

// Help is printed below the flags.
func (q *runsCmd) Help() string {
	return `Each run once, at its newest revision, by the time of its last event.

` + filtersOf(wire.RunsRequest{}) + `

  runledger query runs --tenant acme --from -7d --where outcome=failure,partial
  runledger query runs --tenant acme --where person=ada@example.com --all -o csv`
}

func (q *runsCmd) Run(c *cli) error {
	var r wire.RunsRequest
	if err := q.fill(&r); err != nil {
		return err
	}
	api := q.client(c)
	return list(c, &q.scopeFlags, &q.pageFlags, []column[wire.Run]{
		{"ENDED", func(r wire.Run) string { return minute(r.LastTime) }},
		{"STATUS", func(r wire.Run) string { return status(r.State, r.Outcome) + mark(r.Contradiction) }},
		{"WORKFLOW", func(r wire.Run) string { return cut(r.Workflow, 24) }},
		{"FOR", func(r wire.Run) string { return cut(people(r), 24) }},
		{"FAILED AT", func(r wire.Run) string { return cut(failedAt(r), 28) }},
		{"TOOK", func(r wire.Run) string { return took(r.DurationMS) }},
		{"RUN", func(r wire.Run) string { return r.RunID }},
	}, func(ctx context.Context, cursor string, limit int) (*wire.Answer[wire.Run], error) {
		r.Cursor, r.Limit = cursor, limit
		return api.Runs(ctx, r)
	})
}

type actionsCmd struct {
	scopeFlags
	pageFlags
}

// Help is printed below the flags.
func (q *actionsCmd) Help() string {
	return `Each action once, at the newest revision of its last attempt.

` + filtersOf(wire.ActionsRequest{}) + `

  runledger query actions --tenant acme --where target_app=Zendesk --where outcome=failure`
}

func (q *actionsCmd) Run(c *cli) error {
	var r wire.ActionsRequest
	if err := q.fill(&r); err != nil {
		return err
	}
	api := q.client(c)
	return list(c, &q.scopeFlags, &q.pageFlags, []column[wire.ActionRow]{
		{"TIME", func(r wire.ActionRow) string { return minute(r.LastTime) }},
		{"STATUS", func(r wire.ActionRow) string { return status(r.Last.State, r.Last.Outcome) }},
		{"ACTION", func(r wire.ActionRow) string { return cut(r.Name, 28) }},
		{"APP", func(r wire.ActionRow) string { return cut(r.App, 18) }},
		{"FOR", func(r wire.ActionRow) string { return cut(r.Subject, 24) }},
		{"TRIES", func(r wire.ActionRow) string { return fmt.Sprint(r.Attempts) }},
		{"ERROR", func(r wire.ActionRow) string { return cut(errorText(r.Last.Error), 40) }},
		{"RUN", func(r wire.ActionRow) string { return r.RunID }},
	}, func(ctx context.Context, cursor string, limit int) (*wire.Answer[wire.ActionRow], error) {
		r.Cursor, r.Limit = cursor, limit
		return api.Actions(ctx, r)
	})
}

type incidentsCmd struct {
	scopeFlags
	pageFlags
}

// Help is printed below the flags.
func (q *incidentsCmd) Help() string {
	return `An incident is a burst of failures of one workflow, error and target app, with
gaps under an hour.

` + filtersOf(wire.IncidentsRequest{}) + `

  runledger query incidents --tenant acme --from -7d`
}

func (q *incidentsCmd) Run(c *cli) error {
	var r wire.IncidentsRequest
	if err := q.fill(&r); err != nil {
		return err
	}
	api := q.client(c)
	return list(c, &q.scopeFlags, &q.pageFlags, []column[wire.Incident]{
		{"FAILED", func(r wire.Incident) string { return minute(r.Failed) }},
		{"DETECTED", func(r wire.Incident) string { return after(r.DetectSecs, r.Healed) }},
		{"DIAGNOSED", func(r wire.Incident) string { return after(r.DiagnoseSecs, false) }},
		{"RUNS", func(r wire.Incident) string { return fmt.Sprint(r.Runs) }},
		{"FAILURES", func(r wire.Incident) string { return fmt.Sprint(r.Failures) }},
		{"WORKFLOW", func(r wire.Incident) string { return cut(r.Workflow, 24) }},
		{"APP", func(r wire.Incident) string { return cut(r.TargetApp, 16) }},
		{"ERROR", func(r wire.Incident) string { return cut(r.ErrorMessage, 36) }},
		{"CAUSE", func(r wire.Incident) string { return cut(r.Cause, 30) }},
	}, func(ctx context.Context, cursor string, limit int) (*wire.Answer[wire.Incident], error) {
		r.Cursor, r.Limit = cursor, limit
		return api.Incidents(ctx, r)
	})
}

type freshnessCmd struct{ apiFlags }

// Help is printed below the flags.
func (q *freshnessCmd) Help() string {
	return `  runledger query freshness --tenant acme`
}

func (q *freshnessCmd) Run(c *cli) error {
	a, err := q.client(c).Freshness(c.ctx, wire.FreshnessRequest{Tenant: q.Tenant})
	if err != nil {
		return asked(err)
	}
	err = printRows(c, q.Output, a, a.Rows, []column[wire.Freshness]{
		{"SOURCE", func(r wire.Freshness) string { return r.Source }},
		{"LAST EVENT", func(r wire.Freshness) string { return r.LastEvent.Format(time.DateTime) }},
		{"LAST RECEIVED", func(r wire.Freshness) string { return r.LastReceived.Format(time.DateTime) }},
		{"LAG", func(r wire.Freshness) string { return length(r.LagSeconds) }},
	})
	if err != nil {
		return err
	}
	return c.finish(a.Meta, false)
}

type receivedCmd struct{ scopeFlags }

// Help is printed below the flags.
func (q *receivedCmd) Help() string {
	return `Records as they arrived, revisions and repeated deliveries included.

  runledger query sources --tenant acme --from -24h`
}

func (q *receivedCmd) Run(c *cli) error {
	var r wire.SourcesRequest
	if err := q.fill(&r); err != nil {
		return err
	}
	a, err := q.client(c).Sources(c.ctx, r)
	if err != nil {
		return asked(err)
	}
	n := func(f func(wire.Source) uint64) func(wire.Source) string {
		return func(r wire.Source) string { return fmt.Sprint(f(r)) }
	}
	err = printRows(c, q.Output, a, a.Rows, []column[wire.Source]{
		{"SOURCE", func(r wire.Source) string { return r.Source }},
		{"RUNS", n(func(r wire.Source) uint64 { return r.Runs })},
		{"SUBJECTS", n(func(r wire.Source) uint64 { return r.Subjects })},
		{"ACTIONS", n(func(r wire.Source) uint64 { return r.Actions })},
		{"AUDITS", n(func(r wire.Source) uint64 { return r.Audits })},
		{"AI STEPS", n(func(r wire.Source) uint64 { return r.AISteps })},
		{"REJECTED", n(func(r wire.Source) uint64 { return r.Rejected })},
	})
	if err != nil {
		return err
	}
	return c.finish(a.Meta, false)
}
