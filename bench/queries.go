package bench

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

//go:embed seed.sql
var seed string

// Timing is how long one question took over HTTP, in milliseconds.
type Timing struct {
	Name     string  `json:"name"`
	Median   float64 `json:"median_ms"`
	P95      float64 `json:"p95_ms"`
	RowsRead uint64  `json:"rows_read"`
	Most     float64 `json:"wanted_at_most_ms,omitempty"` // 0: no limit was set
}

// repeats is how often each question is asked, after two that warm up.
const repeats = 15

func measureQueries(ctx context.Context, o Options) ([]Timing, error) {
	var all []Timing
	for _, tenants := range []int{50, 1} {
		timings, err := measureTenants(ctx, o, tenants)
		if err != nil {
			return nil, err
		}
		all = append(all, timings...)
	}
	return all, nil
}

// measureTenants fills a ledger of its own with o.Actions actions of so many
// tenants and asks about the largest one.
func measureTenants(ctx context.Context, o Options, tenants int) ([]Timing, error) {
	o.Dir = fmt.Sprintf("%s/tenants-%d", o.Dir, tenants)
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	r, err := newRig(ctx, o, false)
	if err != nil {
		return nil, err
	}
	defer r.close(ctx)
	until := time.Now().UTC().Truncate(time.Second)
	fmt.Fprintf(o.Log, "seeding %d actions of %d tenants\n", o.Actions, tenants)
	if err := r.seed(ctx, o.Actions, tenants, until); err != nil {
		return nil, err
	}
	base, stop, err := r.serve(ctx)
	if err != nil {
		return nil, err
	}
	defer stop()
	var run string
	err = r.conn.QueryRow(ctx, "SELECT run_id FROM runs WHERE tenant_id = 'bench-00' AND event_time > now() - INTERVAL 40 DAY LIMIT 1").Scan(&run)
	if err != nil {
		return nil, fmt.Errorf("pick a run: %w", err)
	}
	suffix := fmt.Sprintf(", %d M actions, largest of %d tenants", o.Actions/1e6, tenants)
	if tenants == 1 {
		suffix = fmt.Sprintf(", %d M actions, all of one tenant", o.Actions/1e6)
	}
	var all []Timing
	for _, q := range []struct {
		name, path string
		most       float64
	}{
		{"run list", "/v1/runs?from=-30d", 100},
		{"run list, failed", "/v1/runs?from=-30d&outcome=failure", 100},
		{"one run", "/v1/runs/" + url.PathEscape(run) + "?", 100},
		{"failure trend, 30 days", "/v1/failures?from=-30d", 100},
		{"failure trend of actions, 30 days", "/v1/failures?from=-30d&of=actions", 0},
		{"mttd, 30 days", "/v1/mttd?from=-30d", 0},
	} {
		t, err := ask(ctx, base+q.path+"&tenant=bench-00")
		if err != nil {
			return nil, fmt.Errorf("ask %s: %w", q.name, err)
		}
		t.Name, t.Most = q.name+suffix, q.most
		all = append(all, t)
	}
	return all, nil
}

func (r *rig) seed(ctx context.Context, actions, tenants int, until time.Time) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{
		"runs": fmt.Sprint(actions / 7), "days": "95", "tenants": fmt.Sprint(tenants), "until": until.Format(time.DateTime),
	}))
	for statement := range strings.SplitSeq(seed, ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := r.conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("seed: %w", err)
		}
	}
	return r.settle(ctx)
}

// settle waits until the server merges no more: what follows is to be measured.
func (r *rig) settle(ctx context.Context) error {
	for {
		var merges uint64
		if err := r.conn.QueryRow(ctx, "SELECT count() FROM system.merges").Scan(&merges); err != nil {
			return fmt.Errorf("wait for merges: %w", err)
		}
		if merges == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// serve runs the API as a process and returns its address.
func (r *rig) serve(ctx context.Context) (base string, stop func(), err error) {
	addr, err := freeAddr()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, r.binary, "serve", "-c", r.file, "--listen", addr)
	if err := cmd.Start(); err != nil {
		return "", nil, fmt.Errorf("start api: %w", err)
	}
	stop = func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }
	base = "http://" + addr
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		if _, err := get(ctx, base+"/readyz"); err == nil {
			return base, stop, nil
		}
		select {
		case <-ctx.Done():
			stop()
			return "", nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	stop()
	return "", nil, fmt.Errorf("the api at %s is not ready after 30 s", base)
}

// ask puts one question repeatedly.
func ask(ctx context.Context, address string) (Timing, error) {
	var t Timing
	var took []float64
	for i := range repeats + 2 {
		start := time.Now()
		text, err := get(ctx, address)
		if err != nil {
			return t, err
		}
		if i < 2 {
			continue
		}
		took = append(took, float64(time.Since(start).Microseconds())/1000)
		var answer struct {
			RowsRead uint64 `json:"rows_read"`
		}
		if err := json.Unmarshal(text, &answer); err != nil {
			return t, fmt.Errorf("read answer: %w", err)
		}
		t.RowsRead = answer.RowsRead
	}
	slices.Sort(took)
	t.Median, t.P95 = took[len(took)/2], took[len(took)*95/100]
	return t, nil
}

func get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, text)
	}
	return text, err
}
