package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/runledger/runledger/query/client"
	"github.com/runledger/runledger/query/wire"
)

// queryCmd has one command for each kind of question.
type queryCmd struct {
	Runs      runsCmd      `cmd:"" help:"Runs, the latest first."`
	Actions   actionsCmd   `cmd:"" help:"Actions at their last attempt, the latest first."`
	Failures  failuresCmd  `cmd:"" help:"Failure trend: outcomes over time, strict and lenient rate."`
	MTTD      mttdCmd      `cmd:"" name:"mttd" help:"How long failures went unnoticed, and unexplained."`
	Incidents incidentsCmd `cmd:"" help:"The incidents that MTTD is made of, the latest first."`
	Freshness freshnessCmd `cmd:"" help:"How far each source has come."`
	Sources   receivedCmd  `cmd:"" help:"What each source has sent, and what was rejected."`
}

// apiFlags say whom to ask, and for whom.
type apiFlags struct {
	API    string `name:"api" env:"RUNLEDGER_API" help:"Address of the API: by default that of the up that runs here, or http://127.0.0.1:8080." placeholder:"URL"`
	Tenant string `short:"t" env:"RUNLEDGER_TENANT" help:"Tenant; may be left out where RUNLEDGER_API_TOKEN (or RUNLEDGER_TOKEN) stands for one."`
	Output string `short:"o" enum:"table,json,jsonl,tsv,csv,csv-excel" default:"table" help:"table, json (the whole answer), jsonl, tsv, csv, csv-excel."`
}

// scopeFlags say which time, and what of it.
type scopeFlags struct {
	apiFlags
	From  string   `default:"-30d" help:"Start: RFC 3339 or relative, such as -30d, -24h." placeholder:"TIME"`
	To    string   `default:"now" help:"End, exclusive: RFC 3339, relative, or now." placeholder:"TIME"`
	Where []string `short:"w" sep:"none" help:"Filter, repeatable: name=value." placeholder:"NAME=VALUE"`
}

// pageFlags say how much of a list.
type pageFlags struct {
	Limit  int    `help:"Rows of the answer; 50 unless said otherwise." placeholder:"N"`
	Cursor string `help:"Go on after the page that ended with this cursor." placeholder:"CURSOR"`
	All    bool   `help:"Follow the cursor to the end of the list."`
}

func (f *apiFlags) client(c *cli) *client.Client {
	api := f.API
	if api == "" {
		api = "http://127.0.0.1:8080"
		if cfg, err := c.config(); err == nil {
			if e, ok := running(cfg.Data); ok {
				api = e.API
			}
		}
	}
	token := c.Getenv("RUNLEDGER_API_TOKEN")
	if token == "" {
		token = c.Getenv("RUNLEDGER_TOKEN")
	}
	return &client.Client{Base: api, Token: token, HTTP: &http.Client{Timeout: 2 * time.Minute}}
}

// fill puts the flags into request, a pointer to a request of package wire.
func (f *scopeFlags) fill(request any, more ...string) error {
	pairs := append([]string{"tenant=" + f.Tenant, "from=" + f.From, "to=" + f.To}, more...)
	for _, pair := range append(pairs, f.Where...) {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return usage(fmt.Errorf("--where %q: want name=value", pair))
		}
		if err := client.Set(request, name, value); err != nil {
			return usage(fmt.Errorf("--where %s: %w", pair, err))
		}
	}
	return nil
}

func usage(err error) error { return &exitError{Code: exitUsage, Err: err} }

// asked turns what a question came back with into the end of the verb.
func asked(err error) error {
	if err == nil {
		return nil
	}
	var p *client.Problem
	switch {
	case client.Usage(err):
		return usage(err)
	case errors.As(err, &p):
		return err
	default:
		return fmt.Errorf("%w; is `runledger up` (or serve) running there? choose another with --api or RUNLEDGER_API", err)
	}
}

// list asks for one page, or for all, and prints the rows.
func list[T any](c *cli, f *scopeFlags, p *pageFlags, columns []column[T], ask func(context.Context, string, int) (*wire.Answer[T], error)) error {
	limit := p.Limit
	if limit == 0 {
		limit = 50
		if p.All {
			limit = 1000
		}
	}
	answer, err := ask(c.ctx, p.Cursor, limit)
	for err == nil && p.All && answer.NextCursor != "" {
		var next *wire.Answer[T]
		if next, err = ask(c.ctx, answer.NextCursor, limit); err == nil {
			next.Rows = append(answer.Rows, next.Rows...)
			next.RowsRead += answer.RowsRead
			next.ElapsedMS += answer.ElapsedMS
			answer = next
		}
	}
	if err != nil {
		return asked(err)
	}
	if err := printRows(c, f.Output, answer, answer.Rows, columns); err != nil {
		return err
	}
	return c.finish(answer.Meta, p.Limit > 0)
}

// finish says on standard error what the answer covers; an incomplete one ends
// with its own exit code, unless it was limited on purpose.
func (c *cli) finish(m wire.Meta, limited bool) error {
	fmt.Fprintln(c.Stderr, describe(m))
	for _, w := range m.Warnings {
		fmt.Fprintln(c.Stderr, "warning:", w)
	}
	if m.NextCursor != "" {
		fmt.Fprintf(c.Stderr, "there is more: --all, or --cursor %s\n", m.NextCursor)
	}
	if m.Complete || (limited && m.NextCursor != "") {
		return nil
	}
	return &exitError{Code: exitIncomplete}
}

// describe tells the scope of an answer in one line.
func describe(m wire.Meta) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s", m.Kind, m.Scope.Tenant)
	if m.Scope.From != nil && m.Scope.To != nil {
		fmt.Fprintf(&b, ", %s to %s", short(*m.Scope.From), short(*m.Scope.To))
	}
	if m.DataAsOf == nil {
		b.WriteString(", no data yet")
	} else {
		fmt.Fprintf(&b, ", data as of %s", m.DataAsOf.Format("2006-01-02 15:04:05Z"))
	}
	fmt.Fprintf(&b, " (%d rows read, %.0f ms)", m.RowsRead, m.ElapsedMS)
	return b.String()
}

func short(t time.Time) string { return t.UTC().Format("2006-01-02 15:04Z") }
