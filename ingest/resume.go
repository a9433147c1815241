package ingest

import (
	"fmt"
)

// committed is what the group remembers of a partition.
type committed struct {
	known    bool
	offset   int64
	metadata string
}

// log is what the broker has of a partition.
type log struct {
	first int64 // the oldest offset that is left
	end   int64 // one past the newest
}

// Refusal is why a partition is not read: going on could lose messages or
// store them twice, so a person has to decide. It says what to do.
type Refusal struct {
	Topic     string
	Partition int
	Reason    string
}

// Error names the partition and the reason.
func (r *Refusal) Error() string {
	return fmt.Sprintf("topic %s partition %d is not read: %s", r.Topic, r.Partition, r.Reason)
}

// resume decides where to go on: at next, after the pending range (if any) has
// been inserted again. Every doubt is an error, which says what to do.
func resume(c committed, l log, p position, epoch uint32) (next int64, pending *intent, err error) {
	var i intent
	if c.known && c.metadata != "" {
		if i, err = parseIntent(c.metadata); err != nil {
			return 0, nil, fmt.Errorf("%w; another program or a newer version commits for this group: stop it, or choose a group of our own", err)
		}
		if i.epoch > epoch {
			return 0, nil, fmt.Errorf("the group has read epoch %d, the configuration says %d: the epoch is never lowered", i.epoch, epoch)
		}
		if i.epoch < epoch { // of the topic that was there before
			c, i = committed{}, intent{}
		}
	}
	if !c.known {
		if p.known {
			return 0, nil, fmt.Errorf("the ledger holds offsets up to %d and the group has none (they expired, or the group was renamed): stop all collectors, set the group's offset to %d and start again; if the topic is a new one, raise its epoch", p.last, p.last+1)
		}
		return l.first, nil, nil
	}
	if err := plausible(c, i, l, p); err != nil {
		return 0, nil, err
	}
	if i.pending {
		return c.offset, &i, nil
	}
	return c.offset, nil, nil
}

// plausible checks the three memories (group, broker, ledger) against each other.
func plausible(c committed, i intent, l log, p position) error {
	newest := c.offset - 1
	if i.pending {
		newest = i.last
	}
	switch {
	case newest >= l.end:
		return fmt.Errorf("the group has come to offset %d and the topic ends at %d: it was deleted and made anew; raise its epoch", newest, l.end)
	case c.offset < l.first:
		return fmt.Errorf("offsets %d to %d were deleted by the broker before they were read: keep messages longer; to go on without them, raise the epoch", c.offset, l.first-1)
	case p.known && i.pending && (p.last == c.offset-1 || p.last == i.last), p.known && !i.pending && p.last == c.offset-1:
		return nil
	case p.known && p.last < c.offset:
		return fmt.Errorf("the ledger ends at offset %d and the group goes on at %d: %d offsets would be missing; the group was moved or the database is older: stop all collectors and set the group's offset to %d", p.last, c.offset, c.offset-1-p.last, p.last+1)
	case p.known:
		return fmt.Errorf("the ledger holds offsets up to %d and the group goes on at %d: they would be stored twice; the group was moved: stop all collectors and set its offset to %d", p.last, c.offset, p.last+1)
	case c.metadata != "" && !i.pending:
		return fmt.Errorf("the group has read up to offset %d and the ledger is empty: the database was emptied; restore it, or read all again by raising the epoch", newest)
	}
	return nil
}
