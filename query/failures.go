package query

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/runledger/runledger/query/wire"
)

// Bounds of a failure trend.
const (
	maxBuckets = 2000
	maxSeries  = 20
	fewest     = 20 // a rate of fewer than these says nothing
)

// steps are the widths a trend is given when none is asked for.
var steps = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 7 * 24 * time.Hour, 28 * 24 * time.Hour,
}

const failuresDefinition = "%[1]s that ended in the bucket, each once, at its last attempt, without synthetic ones. " +
	"strict = (failure + error + timeout + partial + unmet skips) / (all terminal - cancelled - benign skips); " +
	"lenient = (failure + error + timeout) / the same. Wilson 95 %% interval; no rate below a denominator of 20."

// Failures counts outcomes over time.
func (s *Server) Failures(ctx context.Context, q wire.FailuresRequest) (*wire.FailuresAnswer, error) {
	a := s.ask("failures", q.Scope)
	out := &wire.FailuresAnswer{}
	err := a.answer(ctx, func(ctx context.Context) error { return a.failures(ctx, q, out) })
	if err != nil {
		return nil, err
	}
	out.Meta = a.meta
	return out, nil
}

// outcomes is one row of failures_runs.sql or failures_actions.sql.
type outcomes struct {
	Bucket  time.Time `ch:"bucket"`
	Name    string    `ch:"name"`
	Outcome string    `ch:"outcome"`
	N       uint64    `ch:"n"`
}

func (a *ask) failures(ctx context.Context, q wire.FailuresRequest, out *wire.FailuresAnswer) error {
	step, err := stepOf(q.Step, a.span)
	if err != nil {
		return err
	}
	rows, err := a.outcomes(ctx, q, step)
	if err != nil {
		return err
	}
	a.meta.Definition = fmt.Sprintf(failuresDefinition, q.Of)
	out.StepSeconds = int64(step.Seconds())
	out.Series = a.series(rows, q.By, step)
	for i := range out.Series {
		add(&out.Total, out.Series[i].Total)
	}
	rate(&out.Total)
	return nil
}

func (a *ask) outcomes(ctx context.Context, q wire.FailuresRequest, step time.Duration) ([]outcomes, error) {
	name, before := "failures_runs", beforeRuns
	if q.Of == "actions" {
		name, before = "failures_actions", beforeActions
	}
	since := a.span.from.Add(-before)
	if since.Before(earliest) {
		since = earliest
	}
	p, err := newPlan(name, "tenant", a.tenant, "from", a.span.from, "to", a.span.to, "since", since,
		"step", uint32(step.Seconds()), "limit", a.limits.Rows+1)
	if err != nil {
		return nil, err
	}
	column, ok := groupings[q.By]
	if !ok {
		return nil, invalid("by", q.By, "%q is not among source, workflow, target_app, error_category", q.By)
	}
	if err := p.fill("by", "''", column); err != nil {
		return nil, err
	}
	if err := p.filter(filters(q.Filter)); err != nil {
		return nil, err
	}
	var rows []outcomes
	if err := a.read(ctx, &rows, p); err != nil {
		return nil, err
	}
	if len(rows) > a.limits.Rows {
		return nil, &Error{Reason: TooBig, Field: "step", Detail: fmt.Sprintf("has more than %d counts; ask for wider steps or fewer series", a.limits.Rows)}
	}
	return rows, nil
}

// stepOf reads a step, or chooses one that gives at most 48 buckets.
func stepOf(s string, in span) (time.Duration, error) {
	width := in.to.Sub(in.from)
	if s == "" {
		for _, step := range steps {
			if width <= 48*step {
				return step, nil
			}
		}
		return (width/48 + 24*time.Hour).Truncate(24 * time.Hour), nil
	}
	step, ok := parseDuration(s)
	if !ok || step < time.Second || step > 366*24*time.Hour {
		return 0, invalid("step", s, "want a number and a unit (s, m, h, d, w) such as 15m, 1h or 1d, at most 366d")
	}
	if width/step >= maxBuckets {
		return 0, invalid("step", s, "%s in steps of %s are more than %d buckets; ask for wider steps", width, s, maxBuckets)
	}
	return step, nil
}

// series puts counts into their buckets, the series with the most failures
// first; those after the twentieth are put together.
func (a *ask) series(rows []outcomes, by string, step time.Duration) []wire.Failure {
	totals := map[string]*wire.Rate{}
	if by == "" {
		totals[""] = &wire.Rate{}
	}
	for _, r := range rows {
		if totals[r.Name] == nil {
			totals[r.Name] = &wire.Rate{}
		}
		count(totals[r.Name], r.Outcome, r.N)
	}
	list := make([]wire.Failure, 0, len(totals))
	for name, total := range totals {
		list = append(list, wire.Failure{Name: name, Total: *total})
	}
	slices.SortFunc(list, func(x, y wire.Failure) int {
		return cmp.Or(cmp.Compare(failed(y.Total), failed(x.Total)), cmp.Compare(x.Name, y.Name))
	})
	if len(list) > maxSeries {
		a.meta.Warnings = append(a.meta.Warnings, fmt.Sprintf("%d series after the first %d are put together as %q", len(list)-maxSeries, maxSeries, others))
		list = append(list[:maxSeries], wire.Failure{Name: others})
	}
	place := map[string]int{}
	for i := range list {
		place[list[i].Name], list[i].Total, list[i].Buckets = i, wire.Rate{}, a.buckets(step)
	}
	for _, r := range rows {
		i, ok := place[r.Name]
		if !ok {
			i = len(list) - 1
		}
		s := &list[i]
		count(&s.Total, r.Outcome, r.N)
		at, found := slices.BinarySearchFunc(s.Buckets, r.Bucket, func(b wire.Bucket, t time.Time) int { return b.Time.Compare(t) })
		if found {
			count(&s.Buckets[at].Rate, r.Outcome, r.N)
		}
	}
	for i := range list {
		rate(&list[i].Total)
		for j := range list[i].Buckets {
			rate(&list[i].Buckets[j].Rate)
		}
	}
	return list
}

const others = "(others)"

// buckets returns the empty buckets of the range.
func (a *ask) buckets(step time.Duration) []wire.Bucket {
	seconds := int64(step.Seconds())
	var out []wire.Bucket
	for t := a.span.from.Unix() / seconds * seconds; t < a.span.to.Unix() || (t == a.span.to.Unix() && a.span.to.Nanosecond() > 0); t += seconds {
		out = append(out, wire.Bucket{Time: time.Unix(t, 0).UTC()})
	}
	return out
}

func count(r *wire.Rate, outcome string, n uint64) {
	switch outcome {
	case "success":
		r.Success += n
	case "partial":
		r.Partial += n
	case "failure":
		r.Failure += n
	case "error":
		r.Error += n
	case "timeout":
		r.Timeout += n
	case "cancelled":
		r.Cancelled += n
	case "skipped":
		r.Skipped += n
	case "unmet_skip":
		r.UnmetSkip += n
	default:
		r.Unknown += n
	}
}

func add(to *wire.Rate, r wire.Rate) {
	to.Success += r.Success
	to.Partial += r.Partial
	to.Failure += r.Failure
	to.Error += r.Error
	to.Timeout += r.Timeout
	to.Cancelled += r.Cancelled
	to.Skipped += r.Skipped
	to.UnmetSkip += r.UnmetSkip
	to.Unknown += r.Unknown
}

// failed counts what the strict rate calls failed.
func failed(r wire.Rate) uint64 { return r.Failure + r.Error + r.Timeout + r.Partial + r.UnmetSkip }

// rate completes r from its counts.
func rate(r *wire.Rate) {
	r.Denominator = r.Success + r.Partial + r.Failure + r.Error + r.Timeout + r.UnmetSkip + r.Unknown
	if r.Denominator < fewest {
		return
	}
	r.Strict = wilson(failed(*r), r.Denominator)
	r.Lenient = wilson(r.Failure+r.Error+r.Timeout, r.Denominator)
}

// wilson returns k/n with its Wilson score interval at 95 %.
func wilson(k, n uint64) *wire.Interval {
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return &wire.Interval{Rate: p, Low: max(0, centre-half), High: min(1, centre+half)}
}
