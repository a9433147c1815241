package demo_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/demo"
)

// customer counts what arrives, and fails at first.
type customer struct {
	mu              sync.Mutex
	calls           int
	history, stream int // events
	live            chan struct{}
	start           time.Time
}

func (c *customer) push(_ context.Context, p demo.Push) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	switch {
	case c.calls == 1:
		return errors.New("connection refused")
	case c.calls == 3:
		return fmt.Errorf("status 422: %w", demo.ErrRefused)
	case p.Time.After(c.start):
		if c.stream == 0 {
			close(c.live)
		}
		c.stream += p.Events
	default:
		c.history += p.Events
	}
	return nil
}

func TestRunSendsHistoryThenTheLiveStream(t *testing.T) {
	start := time.Now()
	want, refused := 0, 0
	for p := range demo.New(1, start).History(2) {
		want += p.Events
		refused = max(refused, p.Events)
	}
	c := &customer{live: make(chan struct{}), start: start}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	var last demo.Progress
	go func() {
		done <- demo.Run(ctx, demo.Options{
			Seed: 1, Now: start, Days: 2, Interval: 20 * time.Millisecond, Push: c.push,
			Progress: func(p demo.Progress) { last = p },
		})
	}()
	select {
	case <-c.live:
	case <-time.After(30 * time.Second):
		t.Fatal("no live stream within 30 s")
	}
	cancel()
	require.NoError(t, <-done, "the end of the context is no error")
	require.True(t, last.Done)
	require.Equal(t, want, last.Events)
	require.LessOrEqual(t, want-c.history, refused, "only the refused body is missing")
	require.Less(t, c.history, want, "what was refused is not sent again")
}

// TestRunCutShort ends a run in the middle of history: it must not be called
// complete, or the next start would leave the rest out.
func TestRunCutShort(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var mu sync.Mutex
	calls := 0
	push := func(context.Context, demo.Push) error {
		mu.Lock()
		defer mu.Unlock()
		if calls++; calls == 20 {
			cancel()
		}
		return nil
	}
	err := demo.Run(ctx, demo.Options{Seed: 1, Days: 20, Push: push, Progress: func(p demo.Progress) {
		require.False(t, p.Done)
	}})
	require.NoError(t, err)
	require.GreaterOrEqual(t, calls, 20)
}
