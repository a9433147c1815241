package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/runledger/runledger/ingest"
	"github.com/runledger/runledger/internal/config"
)

// What one push may hold; the gateway's own limits are not below.
const (
	pushBytes  = 1 << 20
	pushPieces = 5000
)

// retryPause is the pause after a first failure; it doubles up to maxRetryPause.
const (
	retryPause    = 200 * time.Millisecond
	maxRetryPause = 10 * time.Second
)

type sendCmd struct {
	Source    string        `required:"" short:"s" help:"What wrote the payloads: see runledger sources."`
	Tenant    string        `default:"default" help:"Whose payloads they are: chooses the token that up keeps, unless RUNLEDGER_TOKEN is set."`
	SourceURI string        `name:"source-uri" help:"Instance of the source, where it matters."`
	Gateway   string        `env:"RUNLEDGER_GATEWAY" help:"Address of the gateway: by default that of the up that runs here." placeholder:"URL"`
	RetryFor  time.Duration `default:"2m" help:"How long to repeat a push that the gateway cannot take now."`
	Output    string        `short:"o" enum:"summary,jsonl" default:"summary" help:"summary, or jsonl: the receipt of each push."`
	Files     []string      `arg:"" optional:"" name:"file" help:"Files, or directories of .json, .jsonl, .ndjson and .log; gzip or not. Standard input by default."`
}

// Help is printed below the flags.
func (s *sendCmd) Help() string {
	return `Pushes payloads to a gateway, which answers when Kafka has them. What is pushed
twice is counted once. What the gateway rejects goes to standard error as JSON lines.

Exit code: 0 all were accepted, 1 the gateway cannot be reached or refuses, 3 some
were rejected, 2 usage.`
}

func (s *sendCmd) Run(c *cli) error {
	format, err := formatNamed(s.Source)
	if err != nil {
		return err
	}
	p, err := s.pusher(c)
	if err != nil {
		return err
	}
	list, err := inputs(s.Files)
	if err != nil {
		return err
	}
	if terminal(c.Stderr) {
		p.progress = progressbar.NewOptions64(sizeOf(list), progressbar.OptionSetWriter(c.Stderr),
			progressbar.OptionShowBytes(true), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	started := time.Now()
	reader := newCutter(format, c.Stdin, nil)
	reader.take = func(part *part) error {
		defer reader.release(part)
		return p.send(c.ctx, part)
	}
	err = reader.readAll(c.ctx, list)
	if p.progress != nil {
		_ = p.progress.Finish()
	}
	if err != nil {
		return fmt.Errorf("%w (before it %d records were accepted in %d pushes; sending all again does no harm)", err, p.total.records, p.pushes)
	}
	if s.Output == "summary" {
		fmt.Fprintf(c.Stdout, "%s in %d pushes, %s\n", p.total, p.pushes, rate(p.total.bytes, time.Since(started)))
	}
	if p.total.rejects > 0 {
		return &exitError{Code: exitIncomplete}
	}
	return nil
}

func sizeOf(list []*input) (n int64) {
	for _, in := range list {
		if in.size == 0 || strings.HasSuffix(in.name, ".gz") {
			return -1 // unknown
		}
		n += in.size
	}
	return n
}

// pusher pushes one body after the other.
type pusher struct {
	url, token       string
	retryFor         time.Duration
	receipts         bool // to receiptTo
	receiptTo, rejTo io.Writer
	progress         *progressbar.ProgressBar
	body             bytes.Buffer
	total            tally
	pushes           int
}

func (s *sendCmd) pusher(c *cli) (*pusher, error) {
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	base := s.Gateway
	if base == "" {
		base = "http://" + cfg.Listen
		if e, ok := running(cfg.Data); ok {
			base = e.API
		}
	}
	address, err := url.Parse(base)
	if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		return nil, &exitError{Code: exitUsage, Err: fmt.Errorf("--gateway: want http://HOST:PORT, got %q", base)}
	}
	address = address.JoinPath("v1/push", s.Source)
	if s.SourceURI != "" {
		address.RawQuery = url.Values{"source_uri": {s.SourceURI}}.Encode()
	}
	secret := c.Getenv("RUNLEDGER_TOKEN")
	if secret == "" {
		if secret, err = keptToken(cfg, s.Tenant); err != nil {
			return nil, err
		}
	}
	return &pusher{
		url: address.String(), token: secret, retryFor: s.RetryFor,
		receipts: s.Output == "jsonl", receiptTo: c.Stdout, rejTo: c.Stderr,
	}, nil
}

// keptToken reads the token that `up` made for tenant.
func keptToken(cfg config.Config, tenant string) (string, error) {
	if !config.ValidTenant(tenant) {
		return "", &exitError{Code: exitUsage, Err: fmt.Errorf("--tenant: %q is no tenant name", tenant)}
	}
	text, err := os.ReadFile(tokenFile(cfg.Data, tenant))
	if err != nil {
		return "", &exitError{Code: exitUsage, Err: fmt.Errorf("no token for %s: set RUNLEDGER_TOKEN, or start runledger up and use a tenant it has a token for: %w", tenant, err)}
	}
	return strings.TrimSpace(string(text)), nil
}

// send pushes a part in bodies that the gateway takes.
func (p *pusher) send(ctx context.Context, part *part) error {
	for from := 0; from < len(part.pieces); {
		to, size := from, 0
		for ; to < len(part.pieces) && to-from < pushPieces; to++ {
			n := part.pieces[to].end - part.pieces[to].start + 1
			if to > from && size+n > pushBytes {
				break
			}
			size += n
		}
		if err := p.pushPieces(ctx, part, part.pieces[from:to]); err != nil {
			return err
		}
		from = to
	}
	if part.broken != nil {
		return fmt.Errorf("read %s at byte %d: %w", part.in.name, part.offset+int64(len(part.data)), part.broken)
	}
	p.total.bytes += int64(len(part.data))
	if p.progress != nil {
		_ = p.progress.Add(len(part.data))
	}
	return nil
}

// pushPieces pushes pieces as lines.
func (p *pusher) pushPieces(ctx context.Context, part *part, pieces []piece) error {
	p.body.Reset()
	starts := make([]int, len(pieces))
	for i, piece := range pieces {
		starts[i] = p.body.Len()
		p.body.Write(part.data[piece.start:piece.end])
		p.body.WriteByte('\n')
	}
	receipt, problem, err := p.push(ctx)
	if err != nil {
		return err
	}
	rejects := receipt.Rejects
	if problem != nil {
		rejects = problem.Rejects
	}
	p.pushes++
	p.total.add(tally{pieces: len(pieces), records: receipt.Accepted, rejects: len(rejects)})
	for _, r := range rejects {
		line := rejectLine{File: part.in.name, Reason: r.Reason, Path: r.Path, Detail: r.Detail}
		at := 0
		if r.Index < len(pieces) {
			at = pieces[r.Index].start + max(0, r.Offset-starts[r.Index])
		}
		line.Line, line.Offset = part.lineAt(at), part.offset+int64(at)
		if err := encode(p.rejTo, line); err != nil {
			return fmt.Errorf("write rejects: %w", err)
		}
	}
	if p.receipts && problem == nil {
		return encode(p.receiptTo, receipt)
	}
	return nil
}

// push sends the body until the gateway has taken it or refused what is in it;
// the latter is a problem with rejects.
func (p *pusher) push(ctx context.Context) (ingest.Receipt, *ingest.Problem, error) {
	deadline := time.Now().Add(p.retryFor)
	for pause := retryPause; ; pause = min(2*pause, maxRetryPause) {
		receipt, wait, err := p.once(ctx)
		var problem *ingest.Problem
		if errors.As(err, &problem) && len(problem.Rejects) > 0 {
			return receipt, problem, nil
		}
		if err == nil || wait < 0 {
			return receipt, nil, err
		}
		wait = max(wait, pause)
		if time.Now().Add(wait).After(deadline) {
			return receipt, nil, fmt.Errorf("push for %s: %w", p.retryFor, err)
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return receipt, nil, ctx.Err()
		}
	}
}

// once pushes the body once. wait is how long to pause before the next attempt,
// negative if there is no use in one.
func (p *pusher) once(ctx context.Context) (receipt ingest.Receipt, wait time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url, bytes.NewReader(p.body.Bytes()))
	if err != nil {
		return receipt, -1, err
	}
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/x-ndjson")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return receipt, 0, fmt.Errorf("%w; is the gateway running, and is --gateway right?", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return receipt, 0, fmt.Errorf("read the answer of %s: %w", p.url, err)
	}
	if resp.StatusCode == http.StatusAccepted {
		return receipt, -1, json.Unmarshal(text, &receipt)
	}
	problem := ingest.Problem{Status: resp.StatusCode, Code: "error", Detail: string(text[:min(len(text), 200)])}
	_ = json.Unmarshal(text, &problem) // a proxy may have answered, in its own words
	return receipt, again(resp), &problem
}

// again returns when to push once more, or a negative duration for never.
func again(resp *http.Response) time.Duration {
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout, http.StatusRequestTimeout:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return time.Duration(seconds) * time.Second
	default:
		return -1
	}
}
