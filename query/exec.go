package query

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"github.com/runledger/runledger/query/wire"
)

// ask is one question on its way to its answer.
type ask struct {
	*Server
	kind   string
	tenant string
	scope  wire.Scope
	begun  time.Time
	now    time.Time // by the clock of the database
	span   span
	rows   atomic.Uint64

	mu   sync.Mutex // guards meta while statements run together
	meta wire.Meta
}

func (s *Server) ask(kind string, scope wire.Scope) *ask {
	return &ask{Server: s, kind: kind, tenant: scope.Tenant, scope: scope, begun: time.Now()}
}

// answer runs f when it is the question's turn and completes its Meta.
func (a *ask) answer(ctx context.Context, f func(context.Context) error) (err error) {
	defer func() { a.metrics.answered(a.kind, time.Since(a.begun), a.rows.Load(), err) }()
	if err := checkTenant(a.tenant); err != nil {
		return err
	}
	if err := a.turn(ctx); err != nil {
		return err
	}
	defer func() { <-a.turns; a.metrics.running.Dec() }()
	a.meta.Kind, a.meta.Complete = a.kind, true
	if err := a.clock(ctx); err != nil {
		return err
	}
	if err := f(ctx); err != nil {
		return err
	}
	a.meta.RowsRead = a.rows.Load()
	a.meta.ElapsedMS = float64(time.Since(a.begun).Microseconds()) / 1000
	return nil
}

func (a *ask) turn(ctx context.Context) error {
	timer := time.NewTimer(a.limits.Queue)
	defer timer.Stop()
	select {
	case a.turns <- struct{}{}:
		a.metrics.running.Inc()
		return nil
	case <-timer.C:
		return &Error{Reason: Busy, Detail: "too many questions at once; ask again in a few seconds"}
	case <-ctx.Done():
		return &Error{Reason: Busy, Detail: "waiting for a turn", Err: ctx.Err()}
	}
}

// clock asks the database for the time and reads the scope by it.
func (a *ask) clock(ctx context.Context) error {
	var rows []struct {
		Now      time.Time `ch:"now"`
		DataAsOf time.Time `ch:"data_as_of"`
	}
	p, err := newPlan("scope", "tenant", a.tenant)
	if err != nil {
		return err
	}
	if err := a.read(ctx, &rows, p); err != nil {
		return err
	}
	a.now = rows[0].Now
	a.meta.DataAsOf = known(rows[0].DataAsOf)
	a.meta.Scope.Tenant = a.tenant
	if a.scope.From == "" && a.scope.To == "" {
		return nil
	}
	if a.span, err = parseSpan(a.scope, a.now); err != nil {
		return err
	}
	a.scopeIs(a.span)
	return nil
}

func (a *ask) scopeIs(s span) {
	a.span = s
	a.meta.Scope.From, a.meta.Scope.To = &s.from, &s.to
}

// read runs p and appends its rows to dst, a pointer to a slice of structs.
func (a *ask) read(ctx context.Context, dst any, p *plan) error {
	ctx, cancel := context.WithTimeout(ctx, a.limits.Time+5*time.Second)
	defer cancel()
	select {
	case a.statements <- struct{}{}:
		defer func() { <-a.statements }()
	case <-ctx.Done():
		return databaseError(p.name, ctx.Err())
	}
	ctx = clickhouse.Context(ctx,
		clickhouse.WithSettings(clickhouse.Settings{
			"max_execution_time": int(a.limits.Time.Seconds()),
			"max_memory_usage":   a.limits.Memory,
			"max_threads":        a.limits.Threads,
			"readonly":           2, // 1 would refuse these very settings
		}),
		clickhouse.WithProgress(func(p *clickhouse.Progress) { a.rows.Add(p.Rows) }),
	)
	if err := a.conn.Select(ctx, dst, p.text, p.args()...); err != nil {
		return databaseError(p.name, err)
	}
	return nil
}

// together runs fs at the same time and returns the first error.
func together(ctx context.Context, fs ...func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, f := range fs {
		group.Go(func() error { return f(ctx) })
	}
	return group.Wait()
}

// cut notes that the answer had to be cut short.
func (a *ask) cut(warning string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.meta.Complete = false
	a.meta.Warnings = append(a.meta.Warnings, warning)
}

// known returns t, or nil where it stands for nothing.
func known(t time.Time) *time.Time {
	if t.Unix() <= 0 {
		return nil
	}
	t = t.UTC()
	return &t
}
