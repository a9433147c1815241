package query

import (
	"context"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/query/wire"
)

var uuidKey = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// runKey is one row of runs.sql.
type runKey struct {
	Key   uuid.UUID `ch:"run_key"`
	RunID string    `ch:"run_id"`
	Last  time.Time `ch:"last_time"`
	First time.Time `ch:"first_time"`
}

// Runs lists runs, the one with the latest event first.
func (s *Server) Runs(ctx context.Context, q wire.RunsRequest) (*wire.Answer[wire.Run], error) {
	a := s.ask("runs", q.Scope)
	var rows []wire.Run
	err := a.answer(ctx, func(ctx context.Context) (err error) {
		rows, err = a.runs(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &wire.Answer[wire.Run]{Meta: a.meta, Rows: rows}, nil
}

func (a *ask) runs(ctx context.Context, q wire.RunsRequest) ([]wire.Run, error) {
	l := list{
		name: "runs", filter: runFilters(q), before: beforeRuns, key: uuidKey, greatest: uuid.Max.String(), limit: q.Limit,
		asked: asked("runs", a.tenant, q.Scope.From, q.Scope.To, q.Filter, q.Status, q.RunID, q.Person, q.Trigger, q.Archived),
	}
	c, err := a.open(l, q.Cursor)
	if err != nil {
		return nil, err
	}
	keys, err := page[runKey](ctx, a, l, c)
	if err != nil {
		return nil, err
	}
	if len(keys) > q.Limit {
		keys = keys[:q.Limit]
		last := keys[len(keys)-1]
		a.more(c, last.Last, last.Key.String())
	}
	found, err := a.runDetails(ctx, keys, time.UnixMicro(c.AsOf))
	if err != nil {
		return nil, err
	}
	rows := make([]wire.Run, 0, len(keys))
	for _, k := range keys {
		if run, ok := found[k.Key]; ok && statusMatches(q.Status, run) {
			rows = append(rows, *run)
		}
	}
	return rows, nil
}

// statusMatches looks again at what runs.sql could not decide.
func statusMatches(want wire.Status, r *wire.Run) bool {
	return (len(want.State) == 0 || slices.Contains(want.State, r.State)) &&
		(len(want.Outcome) == 0 || slices.Contains(want.Outcome, r.Outcome))
}

// runDetails reads all that a list shows about the runs of keys.
func (a *ask) runDetails(ctx context.Context, keys []runKey, asOf time.Time) (map[uuid.UUID]*wire.Run, error) {
	out := make(map[uuid.UUID]*wire.Run, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	b, err := a.bounds(ctx, keys)
	if err != nil {
		return nil, err
	}
	b.asOf = asOf
	return out, a.fillRuns(ctx, b, out)
}

// fillRuns reads the runs of b into out. A run that is in out already is kept
// where it has no record of its own.
func (a *ask) fillRuns(ctx context.Context, b bounds, out map[uuid.UUID]*wire.Run) error {
	var rows []runRow
	var children []childRow
	var people []peopleRow
	var archived []archivedRow
	err := together(ctx,
		func(ctx context.Context) error { return a.within(ctx, &rows, "run_rows", b) },
		func(ctx context.Context) error { return a.within(ctx, &children, "run_children", b) },
		func(ctx context.Context) error { return a.within(ctx, &people, "run_people", b) },
		func(ctx context.Context) error { return a.within(ctx, &archived, "run_archived", b) },
	)
	if err != nil {
		return err
	}
	for i := range rows {
		out[rows[i].Key] = rows[i].run()
	}
	for i := range children {
		if run := out[children[i].Key]; run != nil {
			children[i].addTo(run)
		}
	}
	for _, r := range people {
		if run := out[r.Key]; run != nil {
			run.Subjects, run.FirstSubject = r.Subjects, r.First
		}
	}
	for _, r := range archived {
		if run := out[r.Key]; run != nil {
			run.Archived = true
		}
	}
	return nil
}

// bounds is where the records of some runs lie.
type bounds struct {
	keys        []uuid.UUID
	first, last time.Time
	asOf        time.Time
}

// within runs a statement about the runs of b.
func (a *ask) within(ctx context.Context, dst any, name string, b bounds) error {
	p, err := newPlan(name, "tenant", a.tenant, "keys", b.keys, "first", b.first, "last", b.last, "as_of", b.asOf)
	if err != nil {
		return err
	}
	return a.read(ctx, dst, p)
}

func (a *ask) bounds(ctx context.Context, keys []runKey) (bounds, error) {
	b := bounds{first: keys[0].First, last: keys[0].Last}
	var ids []string
	for _, k := range keys {
		b.keys, ids = append(b.keys, k.Key), append(ids, k.RunID)
		b.include(k.First, k.Last)
	}
	p, err := newPlan("run_bounds", "tenant", a.tenant, "run_ids", ids, "keys", b.keys)
	if err != nil {
		return b, err
	}
	var rows []struct {
		First time.Time `ch:"first_time"`
		Last  time.Time `ch:"last_time"`
	}
	if err := a.read(ctx, &rows, p); err != nil {
		return b, err
	}
	if known(rows[0].Last) != nil {
		b.include(rows[0].First, rows[0].Last)
	}
	return b, nil
}

func (b *bounds) include(first, last time.Time) {
	if first.Before(b.first) {
		b.first = first
	}
	if last.After(b.last) {
		b.last = last
	}
}

// settleStatus decides the status of r: the source's own word, else that of
// the children in its payload, else the roll-up of its recorded actions.
func settleStatus(r *wire.Run, outcomeInPayload string) {
	known := r.State != "" && r.State != string(model.UnknownState)
	switch {
	case known && (r.Outcome != "" || r.State != string(model.Terminal) || outcomeInPayload == ""):
		r.StatusFrom = "source"
	case outcomeInPayload != "":
		r.State, r.Outcome, r.StatusFrom = string(model.Terminal), outcomeInPayload, "payload"
	default:
		r.State, r.Outcome, r.StatusFrom = string(model.UnknownState), "", "none"
	}
}

// compare puts the roll-up beside the status of r, takes it where there is
// none, and flags a difference where both are sure.
func compare(r *wire.Run, rolled model.Status) {
	d := derived(rolled)
	r.Derived = &d
	if r.StatusFrom == "none" {
		r.State, r.Outcome, r.StatusFrom = d.State, d.Outcome, "actions"
		return
	}
	ended := r.State == string(model.Terminal)
	unsure := rolled.State == model.UnknownState || rolled.Outcome == model.UnknownOutcome || r.Outcome == string(model.UnknownOutcome)
	r.Contradiction = ended && !unsure && (rolled.State != model.Terminal || !model.Agree(model.Outcome(r.Outcome), rolled.Outcome))
}

func derived(s model.Status) wire.Derived {
	return wire.Derived{State: string(s.State), Outcome: string(s.Outcome), Failing: s.Failing}
}
