package query

import (
	"context"
	"regexp"
	"strconv"
	"time"

	"github.com/runledger/runledger/query/wire"
)

var uintKey = regexp.MustCompile(`^[0-9]{1,20}$`)

// actionKey is one row of actions.sql.
type actionKey struct {
	Key      uint64    `ch:"action_key"`
	Last     time.Time `ch:"last_time"`
	First    time.Time `ch:"first_time"`
	Attempts uint64    `ch:"attempts"`
}

// Actions lists actions, each at its last attempt, the latest event first.
func (s *Server) Actions(ctx context.Context, q wire.ActionsRequest) (*wire.Answer[wire.ActionRow], error) {
	a := s.ask("actions", q.Scope)
	var rows []wire.ActionRow
	err := a.answer(ctx, func(ctx context.Context) (err error) {
		rows, err = a.listActions(ctx, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &wire.Answer[wire.ActionRow]{Meta: a.meta, Rows: rows}, nil
}

func (a *ask) listActions(ctx context.Context, q wire.ActionsRequest) ([]wire.ActionRow, error) {
	l := list{
		name: "actions", filter: actionFilters(q), before: beforeActions, key: uintKey,
		greatest: strconv.FormatUint(1<<64-1, 10), limit: q.Limit,
		asked: asked("actions", a.tenant, q.Scope.From, q.Scope.To, q.Filter, q.Status, q.RunID, q.Person, q.Action, q.TaskType),
	}
	c, err := a.open(l, q.Cursor)
	if err != nil {
		return nil, err
	}
	keys, err := page[actionKey](ctx, a, l, c)
	if err != nil {
		return nil, err
	}
	if len(keys) > q.Limit {
		keys = keys[:q.Limit]
		last := keys[len(keys)-1]
		a.more(c, last.Last, strconv.FormatUint(last.Key, 10))
	}
	return a.actionRows(ctx, keys, time.UnixMicro(c.AsOf))
}

func (a *ask) actionRows(ctx context.Context, keys []actionKey, asOf time.Time) ([]wire.ActionRow, error) {
	out := make([]wire.ActionRow, 0, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	b := bounds{first: keys[0].First, last: keys[0].Last}
	ids := make([]uint64, 0, len(keys))
	for _, k := range keys {
		ids = append(ids, k.Key)
		b.include(k.First, k.Last)
	}
	p, err := newPlan("action_rows", "tenant", a.tenant, "keys", ids, "first", b.first, "last", b.last, "as_of", asOf, "limit", len(keys))
	if err != nil {
		return nil, err
	}
	var rows []actionRow
	if err := a.read(ctx, &rows, p); err != nil {
		return nil, err
	}
	byKey := make(map[uint64]*actionRow, len(rows))
	for i := range rows {
		byKey[rows[i].Key] = &rows[i]
	}
	for _, k := range keys {
		if r := byKey[k.Key]; r != nil {
			out = append(out, wire.ActionRow{
				RunID: r.RunID, Source: r.Source, Workflow: firstOf(r.WorkflowName, r.WorkflowID), ActionID: r.ActionID,
				Name: r.ActionName, TaskType: r.TaskType, LastTime: k.Last.UTC(), App: r.TargetApp,
				Subject: firstOf(r.SubjectEmail, r.SubjectName, r.SubjectID), Object: firstOf(r.ObjectName, r.ObjectID),
				Attempts: k.Attempts, Last: r.attempt(),
			})
		}
	}
	return out, nil
}
