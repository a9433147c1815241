package query

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/runledger/runledger/query/wire"
)

// foundRun is one row of run_find.sql.
type foundRun struct {
	Key       uuid.UUID `ch:"run_key"`
	Source    string    `ch:"source"`
	SourceURI string    `ch:"source_uri"`
	First     time.Time `ch:"first_time"`
	Last      time.Time `ch:"last_time"`
}

// Run tells all about one run, with payloads left out. A run of another tenant
// is as absent as one that never was.
func (s *Server) Run(ctx context.Context, q wire.RunRequest) (*wire.RunAnswer, error) {
	a := s.ask("run", wire.Scope{Tenant: q.Tenant})
	var detail *wire.RunDetail
	err := a.answer(ctx, func(ctx context.Context) error {
		found, err := a.find(ctx, q)
		if err != nil {
			return err
		}
		detail, err = a.runDetail(ctx, q.RunID, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &wire.RunAnswer{Meta: a.meta, Run: *detail}, nil
}

// find returns the one run that q means.
func (a *ask) find(ctx context.Context, q wire.RunRequest) (foundRun, error) {
	p, err := newPlan("run_find", "tenant", a.tenant, "run_id", q.RunID)
	if err != nil {
		return foundRun{}, err
	}
	var c conditions
	c.text("source = {source:String}", "source", q.Source)
	c.text("source_uri = {source_uri:String}", "source_uri", q.URI)
	if err := p.filter(c); err != nil {
		return foundRun{}, err
	}
	var found []foundRun
	if err := a.read(ctx, &found, p); err != nil {
		return foundRun{}, err
	}
	switch len(found) {
	case 0:
		return foundRun{}, &Error{Reason: NotFound, Field: "run_id", Value: q.RunID, Detail: fmt.Sprintf("no run %q", q.RunID)}
	case 1:
		return found[0], nil
	}
	return foundRun{}, ambiguous(q, found)
}

func ambiguous(q wire.RunRequest, found []foundRun) error {
	e := &Error{Reason: Ambiguous, Field: "source", Value: q.Source, Detail: fmt.Sprintf("several sources have a run %q", q.RunID)}
	for _, f := range found {
		e.Allowed = append(e.Allowed, f.Source)
	}
	if e.Allowed = slices.Compact(e.Allowed); len(e.Allowed) > 1 {
		return e
	}
	e.Field, e.Value, e.Allowed = "source_uri", q.URI, nil
	e.Detail = fmt.Sprintf("several instances of %s have a run %q", found[0].Source, q.RunID)
	for _, f := range found {
		e.Allowed = append(e.Allowed, f.SourceURI)
	}
	return e
}

func (a *ask) runDetail(ctx context.Context, runID string, f foundRun) (*wire.RunDetail, error) {
	b := bounds{keys: []uuid.UUID{f.Key}, first: f.First, last: f.Last, asOf: latest}
	// Where only its actions or subjects are recorded, this is all of the run.
	run := &wire.Run{RunID: runID, Source: f.Source, SourceURI: f.SourceURI, LastTime: f.Last.UTC()}
	settleStatus(run, "")
	var own []runRow
	d := detail{RunDetail: &wire.RunDetail{}}
	var tree treeRows
	err := together(ctx,
		func(ctx context.Context) error { return a.within(ctx, &own, "run_rows", b) },
		func(ctx context.Context) (err error) {
			tree.actions, err = part[actionRow](ctx, a, "run_actions", f)
			return err
		},
		func(ctx context.Context) (err error) {
			tree.subjects, err = part[subjectRow](ctx, a, "run_subjects", f)
			return err
		},
		func(ctx context.Context) error { return a.annotations(ctx, f, d.RunDetail) },
		func(ctx context.Context) error { return a.evidence(ctx, f, d.RunDetail) },
	)
	if err != nil {
		return nil, err
	}
	if len(own) > 0 {
		run = own[0].run()
	}
	d.Run = *run
	d.SubjectTree = buildTree(tree.subjects, tree.actions)
	d.fromTree(tree.actions)
	return d.RunDetail, nil
}

// treeRows is what the tree below a run is made of.
type treeRows struct {
	actions  []actionRow
	subjects []subjectRow
}

// part reads one list below a run, and notes when it had to be cut.
func part[T any](ctx context.Context, a *ask, name string, f foundRun) ([]T, error) {
	p, err := newPlan(name, "tenant", a.tenant, "key", f.Key, "first", f.First, "last", f.Last,
		"since", f.First, "limit", a.limits.Rows+1)
	if err != nil {
		return nil, err
	}
	var rows []T
	if err := a.read(ctx, &rows, p); err != nil {
		return nil, err
	}
	if len(rows) > a.limits.Rows {
		rows = rows[:a.limits.Rows]
		a.cut(fmt.Sprintf("%s: only the first %d are shown", name, a.limits.Rows))
	}
	return rows, nil
}

func (a *ask) annotations(ctx context.Context, f foundRun, d *wire.RunDetail) error {
	type row struct {
		EventID    uuid.UUID `ch:"event_id"`
		Time       time.Time `ch:"event_time"`
		Annotation string    `ch:"annotation"`
		Cause      string    `ch:"cause"`
		Reason     string    `ch:"reason"`
		ActorType  string    `ch:"actor_type"`
		ActorID    string    `ch:"actor_id"`
		ActorName  string    `ch:"actor_name"`
		ActorEmail string    `ch:"actor_email"`
	}
	rows, err := part[row](ctx, a, "run_annotations", f)
	if err != nil {
		return err
	}
	d.Annotations = make([]wire.Annotation, 0, len(rows))
	for _, r := range rows {
		d.Annotations = append(d.Annotations, wire.Annotation{
			EventID: r.EventID.String(), Time: r.Time.UTC(), Annotation: r.Annotation, Cause: r.Cause, Reason: r.Reason,
			Actor: actor(r.ActorType, r.ActorID, r.ActorName, r.ActorEmail),
		})
	}
	slices.SortStableFunc(d.Annotations, func(x, y wire.Annotation) int { return x.Time.Compare(y.Time) })
	return nil
}

func (a *ask) evidence(ctx context.Context, f foundRun, d *wire.RunDetail) error {
	type row struct {
		Record     string    `ch:"record"`
		EventID    uuid.UUID `ch:"event_id"`
		EntityID   uuid.UUID `ch:"entity_id"`
		RawHash    string    `ch:"raw_hash"`
		EventTime  time.Time `ch:"event_time"`
		Received   time.Time `ch:"received"`
		Deliveries uint64    `ch:"deliveries"`
		Topic      string    `ch:"topic"`
		Partition  int32     `ch:"partition"`
		Offset     int64     `ch:"offset"`
	}
	rows, err := part[row](ctx, a, "run_evidence", f)
	if err != nil {
		return err
	}
	d.Evidence = make([]wire.Evidence, 0, len(rows))
	for _, r := range rows {
		d.Evidence = append(d.Evidence, wire.Evidence{
			Record: r.Record, EventID: r.EventID.String(), EntityID: r.EntityID.String(), RawHash: r.RawHash,
			EventTime: r.EventTime.UTC(), Received: r.Received.UTC(), Deliveries: r.Deliveries,
			Topic: r.Topic, Partition: r.Partition, Offset: r.Offset,
		})
	}
	return nil
}
