package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

type normalizeCmd struct {
	Source    string   `required:"" short:"s" help:"What wrote the payloads: see runledger sources."`
	Tenant    string   `default:"local" help:"Whose records they are."`
	SourceURI string   `name:"source-uri" help:"Instance of the source, where it matters."`
	Received  string   `help:"When the payloads arrived (RFC 3339): by default when a file was last changed, and now for standard input." placeholder:"TIME"`
	Files     []string `arg:"" optional:"" name:"file" help:"Files, or directories of .json, .jsonl, .ndjson and .log; gzip or not. Standard input by default."`
}

// Help is printed below the flags.
func (n *normalizeCmd) Help() string {
	return `Vendor payloads (a JSON value, an array, JSON lines, or the
lines of a log) in, canonical records out
as JSON lines. What cannot be read goes to standard error as JSON lines with file,
line, byte offset, reason and path; its neighbours go through.

Exit code: 0 all were read, 3 some were rejected, 2 usage.`
}

func (n *normalizeCmd) Run(c *cli) error {
	format, err := formatNamed(n.Source)
	if err != nil {
		return err
	}
	if !config.ValidTenant(n.Tenant) {
		return &exitError{Code: exitUsage, Err: fmt.Errorf("--tenant: %q is no tenant name", n.Tenant)}
	}
	raw := normalize.Raw{Tenant: n.Tenant, SourceURI: n.SourceURI}
	if n.Received != "" {
		at, err := time.Parse(time.RFC3339, n.Received)
		if err != nil {
			return &exitError{Code: exitUsage, Err: fmt.Errorf("--received: want a time such as 2026-03-01T09:30:00Z, got %q", n.Received)}
		}
		raw.ReceivedTime = normalize.FromTime(at)
	}
	list, err := inputs(n.Files)
	if err != nil {
		return err
	}
	started := time.Now()
	total, err := normalizeAll(c, list, format, raw)
	if err != nil {
		return err
	}
	if terminal(c.Stderr) {
		fmt.Fprintf(c.Stderr, "%s in %d files, %s\n", total, len(list), rate(total.bytes, time.Since(started)))
	}
	if total.rejects > 0 {
		return &exitError{Code: exitIncomplete}
	}
	return nil
}

// formatNamed returns the format of a source; an unknown one is a usage error.
func formatNamed(name string) (*normalize.Format, error) {
	known := formats.ByName()
	if f := known[name]; f != nil {
		return f, nil
	}
	var names []string
	for _, f := range formats.All() {
		names = append(names, f.Name)
	}
	return nil, &exitError{Code: exitUsage, Err: fmt.Errorf("no source is named %q; there are %s", name, strings.Join(names, ", "))}
}

// tally counts what went in and came out: pieces = pieces with records + pieces with rejects.
type tally struct {
	pieces, records, rejects int
	bytes                    int64
}

func (t *tally) add(o tally) {
	t.pieces += o.pieces
	t.records += o.records
	t.rejects += o.rejects
	t.bytes += o.bytes
}

func (t tally) String() string {
	return fmt.Sprintf("%d payloads: %d records, %d rejects", t.pieces, t.records, t.rejects)
}

func rate(n int64, took time.Duration) string {
	return fmt.Sprintf("%.1f MB in %s, %.0f MB/s", float64(n)/1e6, took.Round(time.Millisecond), float64(n)/1e6/took.Seconds())
}

// batch is a part on its way, with what it becomes.
type batch struct {
	part    *part
	done    chan struct{} // closed when the rest is final
	records []byte
	rejects bytes.Buffer
	count   tally
	err     error
}

// normalizeAll reads in one goroutine, normalises in one for each processor and
// writes in another, in the order of the inputs.
func normalizeAll(c *cli, list []*input, format *normalize.Format, raw normalize.Raw) (total tally, err error) {
	workers := runtime.GOMAXPROCS(0)
	work, ordered := make(chan *batch), make(chan *batch, 2*workers)
	var spare sync.Pool
	group, ctx := errgroup.WithContext(c.ctx)
	reader := newCutter(format, c.Stdin, func(p *part) error {
		b, _ := spare.Get().(*batch)
		if b == nil {
			b = new(batch)
		}
		b.part, b.done = p, make(chan struct{})
		for _, to := range [...]chan<- *batch{ordered, work} {
			select {
			case to <- b:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	group.Go(func() error {
		defer close(work)
		defer close(ordered)
		return reader.readAll(ctx, list)
	})
	for range workers {
		group.Go(func() error {
			var w normalizeWorker
			for b := range work {
				w.run(b, format, raw)
				close(b.done)
			}
			return nil
		})
	}
	group.Go(func() error {
		for b := range ordered {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			if err := b.write(c.Stdout, c.Stderr); err != nil {
				return err
			}
			total.add(b.count)
			reader.release(b.part)
			spare.Put(b)
		}
		return nil
	})
	return total, group.Wait()
}

func (c *cutter) readAll(ctx context.Context, list []*input) error {
	for _, in := range list {
		if err := c.read(ctx, in); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) write(records, rejects io.Writer) error {
	if b.err != nil {
		return b.err
	}
	if _, err := records.Write(b.records); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	if _, err := rejects.Write(b.rejects.Bytes()); err != nil {
		return fmt.Errorf("write rejects: %w", err)
	}
	return nil
}

// normalizeWorker owns what one goroutine needs.
type normalizeWorker struct {
	n   normalize.Normalizer
	out normalize.Batch
}

func (w *normalizeWorker) run(b *batch, format *normalize.Format, raw normalize.Raw) {
	p := b.part
	b.records, b.err = b.records[:0], nil
	b.rejects.Reset()
	b.count = tally{pieces: len(p.pieces), bytes: int64(len(p.data))}
	if raw.ReceivedTime == 0 {
		raw.ReceivedTime = normalize.FromTime(p.in.mtime)
	}
	for i := range p.pieces {
		piece := &p.pieces[i]
		if piece.refused != nil {
			b.reject(*piece.refused)
			continue
		}
		raw.Value = p.data[piece.start:piece.end]
		w.out.Clear()
		w.n.Reset()
		w.n.Append(&w.out, format, raw)
		for j := range w.out.Records {
			b.records = append(normalize.AppendJSON(b.records, &w.out.Records[j]), '\n')
		}
		b.count.records += len(w.out.Records)
		for j := range w.out.Rejects {
			e := w.out.Rejects[j].Error
			e.Offset += piece.start
			b.reject(e)
		}
	}
	if p.broken != nil {
		b.reject(normalize.Error{Reason: normalize.BadEncoding, Offset: len(p.data), Detail: "the file cannot be read on: " + p.broken.Error()})
	}
}

// rejectLine is what is printed of a reject.
type rejectLine struct {
	File   string           `json:"file"`
	Line   int64            `json:"line"`
	Offset int64            `json:"offset"`
	Reason normalize.Reason `json:"reason"`
	Path   string           `json:"path,omitempty"`
	Detail string           `json:"detail"`
}

// reject notes e, whose offset counts from the start of the part.
func (b *batch) reject(e normalize.Error) {
	b.count.rejects++
	b.err = encode(&b.rejects, b.part.rejectLine(e))
}

func (p *part) rejectLine(e normalize.Error) rejectLine {
	return rejectLine{p.in.name, p.lineAt(e.Offset), p.offset + int64(e.Offset), e.Reason, e.Path, e.Detail}
}
