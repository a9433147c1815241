package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrRefused is wrapped by the error of Options.Push when sending the same body
// again cannot help.
var ErrRefused = errors.New("refused")

// Options say what Run sends, and where.
type Options struct {
	// Seed and Now are those of New; the zero Now is the present. Whoever resumes
	// a demo gives the Now of its first start, so that the stories stay where
	// they were.
	Seed uint64
	Now  time.Time
	// Push sends one body and returns once it is accepted. It is called by
	// several goroutines while history is sent. It is called again with the same
	// body if it fails, unless the error wraps ErrRefused.
	Push func(context.Context, Push) error
	// Days of history; 0 is 90.
	Days int
	// From, if set, replaces history: what happened before it was sent already.
	From time.Time
	// Interval of the live stream; 0 is one second.
	Interval time.Duration
	// Progress, if set, is told now and then how far history is, and once when
	// it is complete. It is called by one goroutine at a time.
	Progress func(Progress)
	Logger   *slog.Logger // nil: silent
}

// Progress is how much was sent so far.
type Progress struct {
	Pushes, Events int
	Bytes          int64
	Until          time.Time // history is sent up to here
	Done           bool      // the live stream begins
}

const (
	senders   = 4
	firstWait = 200 * time.Millisecond
	longest   = 5 * time.Second
)

// Run sends history and then, at the pace of the clock, the live stream, until
// ctx ends: then it returns nil.
func Run(ctx context.Context, o Options) error {
	o.Now = cmp.Or(o.Now, time.Now())
	o.Days = cmp.Or(o.Days, 90)
	o.Interval = cmp.Or(o.Interval, time.Second)
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	g := New(o.Seed, o.Now)
	err := o.history(ctx, g)
	if err == nil {
		err = o.live(ctx, g)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (o *Options) history(ctx context.Context, g *Generator) error {
	if !o.From.IsZero() {
		g.Resume(o.From)
		return nil
	}
	group, sending := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	var p Progress
	for push := range g.History(o.Days) {
		if sending.Err() != nil {
			break
		}
		group.Go(func() error { return o.send(sending, push) })
		p.Pushes, p.Events, p.Bytes, p.Until = p.Pushes+1, p.Events+push.Events, p.Bytes+int64(len(push.Body)), push.Time
		if p.Pushes%50 == 0 {
			o.Progress(p)
		}
	}
	if err := cmp.Or(group.Wait(), ctx.Err()); err != nil {
		return err
	}
	p.Done = true
	o.Progress(p)
	return nil
}

func (o *Options) live(ctx context.Context, g *Generator) error {
	tick := time.NewTicker(o.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case at := <-tick.C:
			for _, push := range g.Live(at) {
				if err := o.send(ctx, push); err != nil {
					return err
				}
			}
		}
	}
}

// send pushes until it is accepted, refused, or ctx ends. A refused body is
// logged and left behind, as a careless customer would.
func (o *Options) send(ctx context.Context, push Push) error {
	for wait := firstWait; ; wait = min(2*wait, longest) {
		err := o.Push(ctx, push)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, ErrRefused):
			o.Logger.Warn("demo push refused", "tenant", push.Tenant, "source", push.Source, "events", push.Events, "error", err)
			return nil
		}
		o.Logger.Info("demo push failed, will be repeated", "tenant", push.Tenant, "source", push.Source, "wait", wait, "error", err)
		select {
		case <-ctx.Done():
			return fmt.Errorf("push %d events of %s to %s: %w", push.Events, push.Tenant, push.Source, ctx.Err())
		case <-time.After(wait):
		}
	}
}
