package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/runledger/runledger/internal/config"
)

type doctorCmd struct {
	Output string `short:"o" enum:"table,json" default:"table" help:"table or json."`
}

// verdict is the result of one check.
type verdict string

const (
	healthy verdict = "ok"
	warning verdict = "warn"
	sick    verdict = "fail"
)

// finding is what one check saw, and what to do about it.
type finding struct {
	Check   string  `json:"check"`
	Verdict verdict `json:"verdict"`
	Found   string  `json:"found"`
	Advice  string  `json:"advice,omitempty"`
}

// report collects findings; ok and bad keep the checks one line each.
type report struct{ findings []finding }

func (r *report) ok(check, format string, args ...any) {
	r.findings = append(r.findings, finding{Check: check, Verdict: healthy, Found: fmt.Sprintf(format, args...)})
}

func (r *report) bad(v verdict, check, advice, format string, args ...any) {
	r.findings = append(r.findings, finding{Check: check, Verdict: v, Found: fmt.Sprintf(format, args...), Advice: advice})
}

// want adds a finding that is healthy when it holds, and v with advice otherwise.
func (r *report) want(holds bool, v verdict, check, advice, format string, args ...any) {
	if holds {
		r.ok(check, format, args...)
		return
	}
	r.bad(v, check, advice, format, args...)
}

func (d *doctorCmd) Run(c *cli) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.ctx, 2*time.Minute)
	defer cancel()
	var r report
	r.ok("configuration", "valid")
	examineClickHouse(ctx, &r, cfg)
	examineKafka(ctx, &r, cfg)
	if err := d.print(c.Stdout, r.findings); err != nil {
		return err
	}
	for _, f := range r.findings {
		if f.Verdict == sick {
			return &exitError{Code: exitFailed}
		}
	}
	return nil
}

func (d *doctorCmd) print(w io.Writer, findings []finding) error {
	if d.Output == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(findings)
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"", "check", "found", "what to do"})
	for _, f := range findings {
		t.AppendRow(table.Row{f.Verdict, f.Check, f.Found, f.Advice})
	}
	t.SetColumnConfigs([]table.ColumnConfig{{Number: 3, WidthMax: 50}, {Number: 4, WidthMax: 60}})
	t.Render()
	return nil
}

// neededWindow is how many (partition, block) entries a dedup window must hold:
// ten times what all collectors insert in the minute a range may wait for its
// replay, each insert touching two months.
func neededWindow(cfg config.Config) int64 {
	inserts := float64(cfg.Kafka.Partitions) * float64(time.Minute) / float64(cfg.Collector.BatchInterval)
	return int64(10 * 2 * inserts)
}
