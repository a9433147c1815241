package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/segmentio/kafka-go/protocol"

	"github.com/runledger/runledger/internal/config"
)

const (
	// idleWait is how long a read waits for the first message. After a read
	// without any, what was inserted is confirmed.
	idleWait = time.Second
	// linger is how much longer an INSERT in flight may take when its time is
	// over: at shutdown, or when the group has ended the generation.
	linger = 5 * time.Second
	// forgetAfter bounds how many ranges may be inserted between the two
	// attempts at one: with four tables' entries each, the tables still know
	// its token.
	forgetAfter = 5000
	doubtAfter  = time.Minute
)

// partition reads one partition for as long as one generation of the group
// lasts. It owns its buffers; nothing in it is shared.
type partition struct {
	c      *Collector
	log    *slog.Logger
	topic  config.Topic
	id     int
	member *member
	router *router
	reader reader
	plan   uint32
	small  int  // bytes of a span that is read out of turn
	budget int  // bytes of the span that is being read
	behind bool // the last span was full: there is more than we take at a time

	span        span
	declared    time.Time // when the span was
	inserted    int64     // the last offset that has arrived
	unconfirmed bool      // … and the group does not know
}

// run resumes where the group stands and reads until ctx is done. It returns a
// *Refusal, errFenced or the error of ctx.
func (p *partition) run(ctx context.Context) error {
	finish, stop := lingering(ctx)
	defer stop()
	if err := p.resume(ctx, finish); err != nil {
		return err
	}
	p.c.status.running(p.name())
	for {
		if err := p.step(ctx, finish); err != nil {
			if p.unconfirmed && !errors.Is(err, errFenced) {
				_ = p.confirm(finish) // the next owner would only insert in vain
			}
			return err
		}
	}
}

// lingering returns a context that is done a while after ctx is.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-late.Done():
		case <-time.After(linger):
			cancel()
		}
	})
	return late, func() { stop(); cancel() }
}

// step carries one range from Kafka to ClickHouse: read, declare, insert. The
// next declaration confirms it; a crash anywhere repeats it with the same token.
//
// Whoever is behind waits for its turn before it reads, and then reads much:
// few large inserts cost the server less than many small ones, and only those
// whose turn it is hold memory.
func (p *partition) step(ctx, finish context.Context) error {
	var inserter *inserter
	var err error
	p.budget = p.small
	if p.behind {
		if inserter, err = p.c.borrow(ctx); err != nil {
			return err
		}
		defer p.c.giveBack(inserter)
		p.budget = maxSpanBytes
	}
	defer p.span.memory.reset()
	if err := p.read(ctx); err != nil {
		return err
	}
	if p.span.empty() {
		return p.confirm(ctx)
	}
	if inserter == nil {
		if inserter, err = p.c.borrow(ctx); err != nil {
			return err
		}
		defer p.c.giveBack(inserter)
	}
	if p.c.cfg.naive {
		return p.stepNaively(ctx, finish, inserter)
	}
	if err := p.declare(ctx); err != nil {
		return err
	}
	return p.insert(ctx, finish, inserter)
}

// read fills the span until it holds enough, or its time is over, or there was
// nothing to begin with.
func (p *partition) read(ctx context.Context) error {
	p.span.reset(p.reader.at)
	var deadline time.Time
	full, err := p.take(math.MaxInt64)
	for {
		if p.behind = full; full || ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			p.reader.seek(p.reader.at)
		}
		wait, minBytes := idleWait, int32(1)
		if !p.span.empty() {
			if deadline.IsZero() {
				deadline = time.Now().Add(p.c.cfg.Collector.BatchInterval)
			}
			wait, minBytes = time.Until(deadline), fetchBytes/2
		}
		if wait <= 0 {
			return nil
		}
		before := p.span.last
		if full, err = p.fetch(ctx, math.MaxInt64, minBytes, wait); err != nil {
			return err
		}
		if p.span.empty() && p.span.last == before {
			return nil
		}
	}
}

// fetch asks the broker until it answers, and takes what came.
func (p *partition) fetch(ctx context.Context, until int64, minBytes int32, wait time.Duration) (full bool, err error) {
	err = p.retry(ctx, "fetch", func() error {
		err := p.reader.fetch(ctx, minBytes, wait)
		if errors.Is(err, errOutOfRange) {
			return backoff.Permanent(p.outOfRange(ctx, err))
		}
		if err != nil {
			return err
		}
		if full, err = p.take(until); err != nil {
			p.reader.seek(p.reader.at)
		}
		return err
	})
	p.c.metrics.behind(p.topic.Name, p.id, p.reader.end-p.span.first)
	return full, err
}

// outOfRange makes err a refusal when the broker says what it has instead.
func (p *partition) outOfRange(ctx context.Context, err error) error {
	bounds, errBounds := p.member.bounds(ctx, p.topic.Name, p.id)
	if errBounds != nil {
		return err
	}
	if p.reader.at > bounds.end {
		return p.refuse(fmt.Errorf("offset %d is wanted and the topic ends at %d: it was deleted and made anew, or lost messages; raise its epoch", p.reader.at, bounds.end))
	}
	return p.refuse(fmt.Errorf("offsets %d to %d were deleted by the broker before they were read: keep messages longer; to go on without them, raise the epoch", p.reader.at, bounds.first-1))
}

// take moves what was fetched into the span, up to the offset until, and
// reports whether the span is complete.
func (p *partition) take(until int64) (full bool, err error) {
	for {
		r, err := p.reader.peek()
		if err != nil || r == nil {
			return false, err
		}
		if r.offset > until {
			return true, nil
		}
		if r.message == nil {
			p.span.skip(r.offset, r.millis)
		} else if err := p.add(r); err != nil {
			return false, err
		}
		p.reader.advance()
		if p.span.last == until || until == math.MaxInt64 && p.enough() {
			return true, nil
		}
	}
}

func (p *partition) enough() bool {
	return len(p.span.messages) >= p.c.cfg.Collector.BatchRows || p.span.size >= p.budget
}

func (p *partition) add(r *record) error {
	p.reader.headers = p.reader.headers[:0]
	for _, h := range r.message.Headers {
		p.reader.headers = append(p.reader.headers, header{h.Key, h.Value})
	}
	m := message{offset: r.offset, millis: r.millis}
	m.route, m.headers = p.router.route(p.reader.headers)
	var err error
	if m.value, err = readValue(&p.span.memory, r.message.Value); err != nil {
		return fmt.Errorf("read the value at offset %d: %w", r.offset, err)
	}
	p.span.add(m)
	return nil
}

func readValue(a *arena, value protocol.Bytes) ([]byte, error) {
	if value == nil || value.Len() == 0 {
		return nil, nil
	}
	b := a.alloc(value.Len())
	_, err := io.ReadFull(value, b)
	return b, err
}

// declare commits the intent to insert the span, which confirms all before it.
func (p *partition) declare(ctx context.Context) error {
	p.declared = time.Now()
	return p.commit(ctx, p.span.first, intent{
		epoch: p.topic.Epoch, pending: true, last: p.span.last, messages: int64(len(p.span.messages)),
		layout: layout, plan: p.plan, hash: p.span.hash.Sum64(), declared: p.declared,
	}.String())
}

// confirm tells the group, when there is nothing more to declare, that the last
// range has arrived.
func (p *partition) confirm(ctx context.Context) error {
	if !p.unconfirmed {
		return nil
	}
	return p.commit(ctx, p.inserted+1, intent{epoch: p.topic.Epoch}.String())
}

func (p *partition) commit(ctx context.Context, offset int64, metadata string) error {
	began := time.Now()
	err := p.retry(ctx, "commit", func() error {
		err := p.member.commit(ctx, p.topic.Name, p.id, offset, metadata)
		if errors.Is(err, errFenced) {
			return backoff.Permanent(err)
		}
		return err
	})
	if err == nil {
		p.unconfirmed = false
		p.c.metrics.committed(time.Since(began))
	}
	return err
}

// insert sends the span until the server says that it has it.
func (p *partition) insert(ctx, finish context.Context, ins *inserter) error {
	settings := insertSettings(tokenOf(p.c.cluster, p.topic.Name, p.topic.Epoch, p.id, p.span.first, p.span.last, layout))
	began := time.Now()
	err := p.retry(ctx, "insert", func() error {
		if err := p.remembered(finish, ins); err != nil {
			return err
		}
		ins.batcher.start(&p.span, p.topic.Name, p.id, p.topic.Epoch)
		return ins.insert(finish, settings)
	})
	if err != nil {
		return err
	}
	p.arrived(ins, time.Since(began))
	return nil
}

func (p *partition) arrived(ins *inserter, took time.Duration) {
	p.inserted, p.unconfirmed = p.span.last, true
	p.c.metrics.inserted(&p.span, &ins.batcher.tally, took)
	p.c.metrics.behind(p.topic.Name, p.id, p.reader.end-p.span.last-1)
}

// remembered refuses to insert a range that was declared so long ago that the
// tables may have forgotten its token.
func (p *partition) remembered(ctx context.Context, ins *inserter) error {
	if time.Since(p.declared) < doubtAfter {
		return nil
	}
	n, err := ins.insertsSince(ctx, p.declared)
	if err != nil {
		return err
	}
	if n > forgetAfter {
		return backoff.Permanent(p.refuse(fmt.Errorf("offsets %d to %d may have arrived in part, and %d ranges were inserted since: the tables may have forgotten the token; look for src_partition %d and these offsets in the tables, delete them, then set the group's offset to %d",
			p.span.first, p.span.last, n, p.id, p.span.first)))
	}
	return nil
}

// retry is the function retry for one operation of p, counted and reported.
func (p *partition) retry(ctx context.Context, operation string, f func() error) error {
	failed := func(err error) {
		p.c.metrics.retried(operation)
		p.c.status.failed(p.name(), err)
		p.log.Warn("retrying", "operation", operation, "offset", p.reader.at, "err", err)
	}
	err := retry(ctx, failed, f)
	if err == nil {
		p.c.status.failed(p.name(), nil)
	}
	return err
}

func (p *partition) name() string { return fmt.Sprintf("%s/%d", p.topic.Name, p.id) }

func (p *partition) refuse(reason error) *Refusal {
	return &Refusal{Topic: p.topic.Name, Partition: p.id, Reason: reason.Error()}
}
