package ingest

import (
	"context"
	"fmt"
)

// resume finds out where the partition stands, inserts again what was declared
// last, and leaves the reader at the next offset.
func (p *partition) resume(ctx, finish context.Context) error {
	var c committed
	var bounds log
	var at position
	ins, err := p.c.borrow(ctx)
	if err != nil {
		return err
	}
	defer p.c.giveBack(ins)
	err = p.retry(ctx, "resume", func() (err error) {
		if c, err = p.member.committed(ctx, p.topic.Name, p.id); err != nil {
			return err
		}
		if bounds, err = p.member.bounds(ctx, p.topic.Name, p.id); err != nil {
			return err
		}
		if !p.c.cfg.naive {
			at, err = ins.position(ctx, p.topic.Name, p.topic.Epoch, p.id)
		}
		return err
	})
	if err != nil {
		return err
	}
	next, pending, err := resume(c, bounds, at, p.topic.Epoch)
	if err != nil {
		return p.refuse(err)
	}
	p.reader.seek(next)
	p.log.Info("reading partition", "offset", next, "end", bounds.end, "pending", pending != nil)
	if pending == nil {
		return nil
	}
	return p.replay(ctx, finish, ins, pending)
}

// replay reads exactly the range that was declared and inserts it again.
func (p *partition) replay(ctx, finish context.Context, ins *inserter, i *intent) error {
	if i.layout != layout || i.plan != p.plan {
		return p.refuse(fmt.Errorf("offsets %d to %d were begun with layout %d and plan %08x, this is layout %d and plan %08x: run the previous version with the previous formats, topics and retention rules once, until it is idle",
			p.reader.at, i.last, i.layout, i.plan, layout, p.plan))
	}
	p.span.reset(p.reader.at)
	for full := false; !full; {
		var err error
		if full, err = p.fetch(ctx, i.last, 1, idleWait); err != nil {
			return err
		}
		full = full || p.reader.at > i.last
	}
	if n, h := int64(len(p.span.messages)), p.span.hash.Sum64(); n != i.messages || h != i.hash || p.span.last != i.last {
		return p.refuse(fmt.Errorf("offsets %d to %d were declared as %d messages with hash %016x and are now %d with %016x: the topic was made anew or compacted; raise its epoch",
			p.span.first, i.last, i.messages, i.hash, n, h))
	}
	p.declared = i.declared
	if err := p.insert(ctx, finish, ins); err != nil {
		return err
	}
	p.c.metrics.replayed()
	p.log.Info("replayed", "offset", p.span.first, "last", p.span.last)
	return nil
}

// stepNaively is the control of the fault test: insert, then commit.
func (p *partition) stepNaively(ctx, finish context.Context, ins *inserter) error {
	err := p.retry(ctx, "insert", func() error {
		ins.batcher.start(&p.span, p.topic.Name, p.id, p.topic.Epoch)
		return ins.insert(finish, plainSettings())
	})
	if err != nil {
		return err
	}
	return p.commit(ctx, p.span.last+1, "")
}
