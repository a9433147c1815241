// Package query answers the questions that can be asked of the ledger: one
// planner for the API, the CLI and dashboards. Questions are typed (package
// query/wire); nobody sends SQL. It decides what is true now among append-only
// revisions and repeated deliveries, and says with every answer how fresh and
// how complete it is.
//
// It writes nothing, and it does not decide who may ask beyond which tenant a
// token stands for.
package query

import (
	"context"
	"log/slog"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/query/wire"
)

// ServerConfig says whom a Server asks and who may ask it. Conn is required.
type ServerConfig struct {
	Conn driver.Conn
	// Tokens say who may ask, each for one tenant. Without tokens every caller
	// may ask for every tenant, and has to name one.
	Tokens   []config.Token
	Version  string
	Logger   *slog.Logger          // nil: slog.DiscardHandler
	Registry prometheus.Registerer // nil: no metrics
	Limits   Limits                // zero members: DefaultLimits
	// Describe, if set, adds to the OpenAPI document what else the same process serves.
	Describe func(*huma.OpenAPI)
}

// Limits bound what one question, and all of them together, may cost.
type Limits struct {
	Concurrency int           // questions at once
	Queue       time.Duration // how long a question waits for its turn
	Time        time.Duration // of one statement
	Memory      int64         // of one statement, in bytes
	Threads     int           // of one statement
	Rows        int           // of one part of an answer, before it is cut and called incomplete
	// Settle is how long an insert may take to become visible after the database
	// has stamped it. Lists look that far into the past, so that the pages of one
	// list see the same records while others arrive.
	Settle time.Duration
}

// DefaultLimits fit a machine that also ingests.
func DefaultLimits() Limits {
	return Limits{Concurrency: 8, Queue: 5 * time.Second, Time: 20 * time.Second, Memory: 2 << 30, Threads: 4, Rows: 50_000, Settle: 2 * time.Second}
}

// statements is how many statements run at once, of all questions together.
const statements = 8

// Server answers questions. Its methods are safe for concurrent use.
type Server struct {
	describe func(*huma.OpenAPI)
	conn     driver.Conn
	tokens   []config.Token
	version  string
	limits   Limits
	log      *slog.Logger
	metrics  *metrics
	turns    chan struct{} // one element for each question being answered
	// statements holds one element for each statement that runs. It stays below
	// the size of the connection pool, so that none waits for a connection.
	statements chan struct{}
}

// NewServer returns a Server for c.
func NewServer(c ServerConfig) *Server {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	l, d := c.Limits, DefaultLimits()
	l.Concurrency = or(l.Concurrency, d.Concurrency)
	l.Queue = or(l.Queue, d.Queue)
	l.Time = or(l.Time, d.Time)
	l.Memory = or(l.Memory, d.Memory)
	l.Threads = or(l.Threads, d.Threads)
	l.Rows = or(l.Rows, d.Rows)
	l.Settle = or(l.Settle, d.Settle)
	return &Server{
		conn: c.Conn, tokens: c.Tokens, version: c.Version, limits: l, log: c.Logger,
		describe: c.Describe, metrics: newMetrics(c.Registry), turns: make(chan struct{}, l.Concurrency), statements: make(chan struct{}, statements),
	}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Ready returns nil when a question can be answered.
func (s *Server) Ready(ctx context.Context) error {
	a := s.ask("ready", wire.Scope{Tenant: "ready"})
	return a.clock(ctx)
}
