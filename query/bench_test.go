package query_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/runledger/runledger/query"
	"github.com/runledger/runledger/query/wire"
)

// seed fills the ledger with bench/seed.sql: 14,000 runs with 100,000 actions,
// or as many runs as RUNLEDGER_BENCH_RUNS says (1400000 are 10 M actions), of
// RUNLEDGER_BENCH_TENANTS tenants (50).
func seed(b *testing.B) {
	b.Helper()
	text, err := os.ReadFile("../bench/seed.sql")
	if err != nil {
		b.Fatal(err)
	}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	for statement := range strings.SplitSeq(string(text), ";\n") {
		if !strings.Contains(statement, "INSERT") {
			continue
		}
		err := conn.Exec(b.Context(), statement,
			clickhouse.Named("runs", number("RUNLEDGER_BENCH_RUNS", 14_000)), clickhouse.Named("days", 95),
			clickhouse.Named("tenants", number("RUNLEDGER_BENCH_TENANTS", 50)),
			clickhouse.Named("until", time.Now().UTC().Format(time.DateTime)))
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQuery asks each kind of question for the largest tenant and for one
// of average size.
func BenchmarkQuery(b *testing.B) {
	seed(b)
	s := query.NewServer(query.ServerConfig{Conn: conn})
	for _, tenant := range []string{"bench-00", "bench-25"} {
		scope, page := wire.Scope{Tenant: tenant, From: "-30d", To: "now"}, wire.Page{Limit: 50}
		list, err := s.Runs(b.Context(), wire.RunsRequest{Scope: scope, Page: page})
		if err != nil || len(list.Rows) == 0 {
			b.Fatalf("%d runs of %s, %v", len(list.Rows), tenant, err)
		}
		one := list.Rows[len(list.Rows)/2].RunID
		for _, q := range []struct {
			name string
			ask  func() (wire.Meta, error)
		}{
			{"runs", func() (wire.Meta, error) {
				a, err := s.Runs(b.Context(), wire.RunsRequest{Scope: scope, Page: page})
				return meta(a, err)
			}},
			{"runs failed", func() (wire.Meta, error) {
				a, err := s.Runs(b.Context(), wire.RunsRequest{Scope: scope, Page: page, Status: wire.Status{Outcome: []string{"failure"}}})
				return meta(a, err)
			}},
			{"runs of a person", func() (wire.Meta, error) {
				a, err := s.Runs(b.Context(), wire.RunsRequest{Scope: scope, Page: page, Person: "person77@example.com"})
				return meta(a, err)
			}},
			{"run", func() (m wire.Meta, err error) {
				a, err := s.Run(b.Context(), wire.RunRequest{Tenant: tenant, RunID: one})
				if err == nil {
					m = a.Meta
				}
				return m, err
			}},
			{"actions", func() (wire.Meta, error) {
				a, err := s.Actions(b.Context(), wire.ActionsRequest{Scope: scope, Page: page})
				return meta(a, err)
			}},
			{"failures", func() (wire.Meta, error) { return trend(b, s, wire.FailuresRequest{Scope: scope, Of: "runs"}) }},
			{"failures by workflow", func() (wire.Meta, error) {
				return trend(b, s, wire.FailuresRequest{Scope: scope, Of: "runs", By: "workflow"})
			}},
			{"failures of actions", func() (wire.Meta, error) { return trend(b, s, wire.FailuresRequest{Scope: scope, Of: "actions"}) }},
			{"mttd", func() (m wire.Meta, err error) {
				a, err := s.MTTD(b.Context(), wire.MTTDRequest{Scope: scope})
				if err == nil {
					m = a.Meta
				}
				return m, err
			}},
		} {
			b.Run(fmt.Sprintf("%s/%s", tenant, q.name), func(b *testing.B) {
				var m wire.Meta
				for b.Loop() {
					if m, err = q.ask(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(m.RowsRead), "rows-read")
			})
		}
	}
}

func meta[T any](a *wire.Answer[T], err error) (wire.Meta, error) {
	if err != nil {
		return wire.Meta{}, err
	}
	return a.Meta, nil
}

func trend(b *testing.B, s *query.Server, q wire.FailuresRequest) (wire.Meta, error) {
	a, err := s.Failures(b.Context(), q)
	if err != nil {
		return wire.Meta{}, err
	}
	return a.Meta, nil
}
