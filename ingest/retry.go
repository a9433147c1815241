package ingest

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// The pause between two attempts grows from the first to the last.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second
)

// retry calls f until it succeeds, says that it never will (backoff.Permanent),
// or ctx is done; failed hears of every failure that is followed by a pause.
func retry(ctx context.Context, failed func(error), f func() error) error {
	pauses := backoff.NewExponentialBackOff()
	pauses.InitialInterval, pauses.MaxInterval = firstPause, lastPause
	_, err := backoff.Retry(ctx, func() (struct{}, error) { return struct{}{}, f() },
		backoff.WithBackOff(pauses),
		backoff.WithMaxElapsedTime(0),
		backoff.WithNotify(func(err error, _ time.Duration) { failed(err) }))
	return err
}
