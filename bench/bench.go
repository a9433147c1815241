// Package bench measures runledger from outside, as its users run it: the
// binary's own verbs as processes, a real ClickHouse and a real broker, CPU
// seconds and memory as the kernel counts them.
//
// It is not a test: nothing fails for being slow. Rates depend on the machine;
// CPU seconds per million events hardly do.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Options says what to measure and how much of it.
type Options struct {
	Binary  string    // the runledger that is measured
	Dir     string    // scratch directory; needs about 2 kB for each event
	Events  int       // for the ingest benchmark
	Actions int       // for the query benchmark
	Only    string    // "ingest", "query" or "" for both
	Out     string    // directory for the report; "" writes none
	Log     io.Writer // progress
}

// Report is everything one run measured.
type Report struct {
	Time     time.Time `json:"time"`
	Version  string    `json:"version"`
	CPUs     int       `json:"cpus"`
	Platform string    `json:"platform"`
	Ingest   *Ingest   `json:"ingest,omitempty"`
	Queries  []Timing  `json:"queries,omitempty"`
}

// Run measures what o asks for and prints the report to w.
func Run(ctx context.Context, o Options, version string, w io.Writer) error {
	r := Report{
		Time: time.Now().UTC().Truncate(time.Second), Version: version,
		CPUs: runtime.NumCPU(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if o.Only != "query" {
		ingest, err := measureIngest(ctx, o)
		if err != nil {
			return fmt.Errorf("measure ingest: %w", err)
		}
		r.Ingest = &ingest
	}
	if o.Only != "ingest" {
		timings, err := measureQueries(ctx, o)
		if err != nil {
			return fmt.Errorf("measure queries: %w", err)
		}
		r.Queries = timings
	}
	r.print(w)
	return r.save(o.Out)
}

func (r *Report) save(dir string) error {
	if dir == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("save report: %w", err)
	}
	path := filepath.Join(dir, r.Time.Format("2006-01-02T150405Z")+".json")
	if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("save report: %w", err)
	}
	return nil
}
