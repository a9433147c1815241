package query

import (
	"context"
	"regexp"
	"time"
)

// before is how far before a time range revisions are read: the records of one
// run or action that tell which is newest lie within it of its last event.
const (
	beforeRuns    = 2 * 24 * time.Hour
	beforeActions = 24 * time.Hour
)

// list finds one page of a list that is ordered by (last_time, key), latest
// first.
type list struct {
	name     string         // of the statement
	filter   conditions     //
	before   time.Duration  // see beforeRuns
	key      *regexp.Regexp // what a key looks like
	greatest string         // key
	limit    int
	asked    uint64
}

// open fixes what the pages of l see: by the cursor, or now.
func (a *ask) open(l list, text string) (cursor, error) {
	if text == "" {
		return cursor{
			From: a.span.from.UnixMicro(), To: a.span.to.UnixMicro(), AsOf: a.now.Add(-a.limits.Settle).UnixMicro(),
			Time: latest.UnixMicro(), Key: l.greatest, Asked: l.asked,
		}, nil
	}
	c, err := parseCursor(text, l.asked, l.key)
	if err != nil {
		return c, err
	}
	a.scopeIs(span{time.UnixMicro(c.From).UTC(), time.UnixMicro(c.To).UTC()})
	return c, nil
}

// page appends to dst the rows of l after c, one more than its limit if there
// are more. It looks at the latest slice of the range first, and widens it
// while the page is not full: most lists are asked for their first rows.
func page[T any](ctx context.Context, a *ask, l list, c cursor) ([]T, error) {
	newest := min(c.Time, c.To)
	for width := 24 * time.Hour; ; width *= 8 {
		from := max(c.From, newest-width.Microseconds())
		p, err := newPlan(l.name, "tenant", a.tenant,
			"from", time.UnixMicro(from), "since", time.UnixMicro(max(0, from-l.before.Microseconds())), "to", time.UnixMicro(c.To),
			"as_of", time.UnixMicro(c.AsOf), "cursor_time", time.UnixMicro(c.Time), "cursor_key", c.Key, "limit", l.limit+1)
		if err != nil {
			return nil, err
		}
		if err := p.filter(l.filter); err != nil {
			return nil, err
		}
		var rows []T
		if err := a.read(ctx, &rows, p); err != nil {
			return nil, err
		}
		if len(rows) > l.limit || from == c.From {
			return rows, nil
		}
	}
}

// more notes that the list goes on after the row of this time and key.
func (a *ask) more(c cursor, at time.Time, key string) {
	c.Time, c.Key = at.UnixMicro(), key
	a.meta.NextCursor = c.String()
	a.meta.Complete = false
}
