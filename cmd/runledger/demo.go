package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/runledger/runledger/internal/demo"
)

// demoState is what `up --demo` remembers, so that a restart goes on instead of
// telling the same ninety days again.
type demoState struct {
	Now  time.Time `json:"now"`  // when the demo was first started
	Sent time.Time `json:"sent"` // history and stream are sent up to here; zero: history is not complete
}

func demoFile(data string) string { return filepath.Join(data, "demo.json") }

func readDemo(data string) (demoState, error) {
	s := demoState{Now: time.Now().UTC()}
	text, err := os.ReadFile(demoFile(data))
	if errors.Is(err, fs.ErrNotExist) {
		return s, s.write(data)
	}
	if err != nil {
		return s, fmt.Errorf("read demo state: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("read demo state %s: %w; delete the file to begin again", demoFile(data), err)
	}
	return s, nil
}

func (s demoState) write(data string) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := os.WriteFile(demoFile(data), text, 0o600); err != nil {
		return fmt.Errorf("write demo state: %w", err)
	}
	return nil
}

// demo pushes like any customer: over HTTP, with a token.
func (n *node) demo(days int) func(context.Context) error {
	return func(ctx context.Context) error {
		state, err := readDemo(n.cfg.Data)
		if err != nil {
			return err
		}
		log := n.log.With("component", "demo")
		client := &http.Client{Timeout: time.Minute}
		var mu sync.Mutex // of state: history is sent by several goroutines
		return demo.Run(ctx, demo.Options{
			Now: state.Now, From: state.Sent, Days: days, Logger: log,
			Push: func(ctx context.Context, p demo.Push) error {
				if err := n.pushDemo(ctx, client, p); err != nil {
					return err
				}
				mu.Lock()
				defer mu.Unlock()
				if state.Sent.IsZero() {
					return nil // history is repeated whole if it is cut short
				}
				state.Sent = p.Time
				return state.write(n.cfg.Data)
			},
			Progress: func(p demo.Progress) {
				log.Info("demo history", "events", p.Events, "MiB", p.Bytes>>20, "until", p.Until.Format(time.DateOnly), "complete", p.Done)
				if p.Done {
					mu.Lock()
					defer mu.Unlock()
					state.Sent = state.Now
				}
			},
		})
	}
}

func (n *node) pushDemo(ctx context.Context, client *http.Client, p demo.Push) error {
	secret, err := token(n.cfg.Data, p.Tenant)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+n.cfg.Listen+"/v1/push/"+p.Source, bytes.NewReader(p.Body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Content-Type", p.ContentType)
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("push: %w", err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	switch {
	case res.StatusCode == http.StatusAccepted:
		return nil
	case res.StatusCode == http.StatusTooManyRequests || res.StatusCode >= 500:
		return fmt.Errorf("push: %s: %s", res.Status, text)
	default:
		return fmt.Errorf("push: %s: %s: %w", res.Status, text, demo.ErrRefused)
	}
}
