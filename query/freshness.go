package query

import (
	"context"
	"time"

	"github.com/runledger/runledger/query/wire"
)

// Freshness says how far each source has come.
func (s *Server) Freshness(ctx context.Context, q wire.FreshnessRequest) (*wire.Answer[wire.Freshness], error) {
	a := s.ask("freshness", wire.Scope{Tenant: q.Tenant})
	out := []wire.Freshness{}
	err := a.answer(ctx, func(ctx context.Context) error {
		p, err := newPlan("freshness", "tenant", a.tenant)
		if err != nil {
			return err
		}
		var rows []struct {
			Source       string    `ch:"source"`
			LastEvent    time.Time `ch:"last_event_time"`
			LastReceived time.Time `ch:"last_received_time"`
		}
		if err := a.read(ctx, &rows, p); err != nil {
			return err
		}
		for _, r := range rows {
			out = append(out, wire.Freshness{
				Source: r.Source, LastEvent: r.LastEvent.UTC(), LastReceived: r.LastReceived.UTC(),
				LagSeconds: max(0, a.now.Sub(r.LastReceived).Seconds()),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &wire.Answer[wire.Freshness]{Meta: a.meta, Rows: out}, nil
}

// Sources says what each source has sent.
func (s *Server) Sources(ctx context.Context, q wire.SourcesRequest) (*wire.Answer[wire.Source], error) {
	a := s.ask("sources", q.Scope)
	out := []wire.Source{}
	err := a.answer(ctx, func(ctx context.Context) error {
		p, err := newPlan("sources", "tenant", a.tenant, "from", a.span.from, "to", a.span.to)
		if err != nil {
			return err
		}
		var rows []struct {
			Source    string `ch:"source"`
			Instances uint64 `ch:"instances"`
			Runs      uint64 `ch:"runs"`
			Subjects  uint64 `ch:"subjects"`
			Actions   uint64 `ch:"actions"`
			Audits    uint64 `ch:"audits"`
			AISteps   uint64 `ch:"ai_steps"`
			Rejected  uint64 `ch:"rejected"`
		}
		if err := a.read(ctx, &rows, p); err != nil {
			return err
		}
		for _, r := range rows {
			out = append(out, wire.Source(r))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &wire.Answer[wire.Source]{Meta: a.meta, Rows: out}, nil
}
