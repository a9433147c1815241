// Package normtest is the harness every source format shares: golden files,
// torn records, fuzzing and a benchmark, all fed by the samples in testdata.
//
// A sample is a file testdata/<case>.json, .jsonl or .log, byte for byte as the
// source would send it. Transport headers, where a case needs them, stand in
// <case>.headers as "name: value" lines. What it becomes stands in
// <case>.golden.jsonl; run the tests with -update to write it, then read it.
package normtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

var update = flag.Bool("update", false, "write the golden files")

// received is when every sample arrives: the only clock a format sees.
var received = normalize.FromTime(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))

// sample is one input of testdata.
type sample struct {
	name    string
	value   []byte
	headers []normalize.Header
}

// Golden compares what the samples become with their golden files.
func Golden(t *testing.T, f normalize.Format) {
	samples := load(t)
	require.NotEmpty(t, samples, "testdata holds no samples")
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			got := render(t, f, s)
			path := filepath.Join("testdata", s.name+".golden.jsonl")
			if *update {
				require.NoError(t, os.WriteFile(path, got, 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err, "no golden file: run with -update, then read it")
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
			checkBatch(t, f, s)
		})
	}
}

// Torn cuts every sample that is one JSON text at every byte: a prefix must
// end in rejects alone, for half a record is worse than none.
func Torn(t *testing.T, f normalize.Format) {
	for _, s := range load(t) {
		if !json.Valid(s.value) {
			continue
		}
		body := bytes.TrimSpace(s.value)
		var n normalize.Normalizer
		var b normalize.Batch
		step := max(1, len(body)/4096)
		for cut := 0; cut < len(body); cut += step {
			b.Clear()
			n.Reset()
			n.Append(&b, &f, raw(s, body[:cut]))
			if len(b.Records) > 0 || len(b.Rejects) == 0 {
				t.Fatalf("%s torn at byte %d: %d records, %d rejects; want no record and a reject", s.name, cut, len(b.Records), len(b.Rejects))
			}
		}
	}
}

// Fuzz feeds arbitrary bytes: no panic, nothing dropped, the same twice, and
// every record fit to be stored.
func Fuzz(f *testing.F, format normalize.Format) {
	for _, s := range load(f) {
		f.Add(s.value)
	}
	f.Fuzz(func(t *testing.T, value []byte) {
		checkBatch(t, format, sample{name: "fuzz", value: value})
	})
}

// Bench normalises the samples that make records, in turn.
func Bench(b *testing.B, f normalize.Format) {
	var good []sample
	var size int64
	for _, s := range load(b) {
		if batch := run(f, s); len(batch.Rejects) == 0 {
			good = append(good, s)
			size += int64(len(s.value))
		}
	}
	var n normalize.Normalizer
	var batch normalize.Batch
	records := 0
	b.SetBytes(size / int64(len(good)))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		batch.Clear()
		n.Reset()
		s := good[i%len(good)]
		n.Append(&batch, &f, raw(s, s.value))
		records += len(batch.Records)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(max(records, 1)), "ns/record")
}

func load(tb testing.TB) []sample {
	tb.Helper()
	paths, err := filepath.Glob("testdata/*.json*")
	require.NoError(tb, err)
	logs, err := filepath.Glob("testdata/*.log")
	require.NoError(tb, err)
	paths = append(paths, logs...)
	var samples []sample
	for _, path := range paths {
		if strings.HasSuffix(path, ".golden.jsonl") {
			continue
		}
		value, err := os.ReadFile(path)
		require.NoError(tb, err)
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		samples = append(samples, sample{name: name, value: value, headers: headers(tb, name)})
	}
	return samples
}

func headers(tb testing.TB, name string) []normalize.Header {
	text, err := os.ReadFile(filepath.Join("testdata", name+".headers"))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(tb, err)
	var hs []normalize.Header
	for line := range strings.Lines(string(text)) {
		key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
		require.True(tb, ok, "%s.headers: want name: value, got %q", name, line)
		hs = append(hs, normalize.Header{Key: key, Value: []byte(value)})
	}
	return hs
}

func raw(s sample, value []byte) normalize.Raw {
	return normalize.Raw{Tenant: "acme", Value: value, Headers: s.headers, ReceivedTime: received}
}

func run(f normalize.Format, s sample) normalize.Batch {
	var n normalize.Normalizer
	var b normalize.Batch
	n.Append(&b, &f, raw(s, s.value))
	return b
}

// render returns records and rejects, one JSON object a line.
func render(t *testing.T, f normalize.Format, s sample) []byte {
	b := run(f, s)
	var out []byte
	for i := range b.Records {
		out = append(normalize.AppendJSON(out, &b.Records[i]), '\n')
	}
	for _, r := range b.Rejects {
		line, err := json.Marshal(map[string]any{"reject": r.Error.Reason, "path": r.Error.Path, "offset": r.Error.Offset, "detail": r.Error.Detail})
		require.NoError(t, err)
		out = append(append(out, line...), '\n')
	}
	return out
}

// checkBatch holds every record of a sample to what storage and queries rely on.
func checkBatch(t *testing.T, f normalize.Format, s sample) {
	t.Helper()
	b := run(f, s)
	if len(b.Records)+len(b.Rejects) == 0 {
		t.Fatalf("%q became nothing", s.value)
	}
	again := run(f, s)
	require.Equal(t, len(b.Records), len(again.Records))
	for i := range b.Records {
		require.Equal(t, b.Records[i].EventID, again.Records[i].EventID, "not a pure function of its input")
		checkRecord(t, &b.Records[i])
	}
	for _, r := range b.Rejects {
		require.Contains(t, normalize.Reasons(), r.Error.Reason)
		require.NotEmpty(t, r.Error.Detail)
	}
}

func checkRecord(t *testing.T, r *normalize.Record) {
	t.Helper()
	require.NotZero(t, r.EventTime)
	require.NotEmpty(t, r.TenantID)
	require.NotEmpty(t, r.Source)
	for _, f := range normalize.Fields() {
		if f.Type == normalize.Text && !utf8.ValidString(f.Text(r)) {
			t.Fatalf("%s is not UTF-8: %q", f.Name, f.Text(r))
		}
	}
	for name, doc := range map[string]string{"unmapped": r.Unmapped, "counts": r.Counts, "step_log": r.StepLog, "changes": r.Changes, "payload": r.Payload} {
		if doc != "" && !json.Valid([]byte(doc)) {
			t.Fatalf("%s is not JSON: %q", name, doc)
		}
		var parsed jsonx.Doc
		var bad *jsonx.Error
		if _, err := parsed.Parse([]byte(doc)); errors.As(err, &bad) && bad.Code == jsonx.DuplicateKey {
			t.Fatalf("%s: %s: %q", name, err, doc)
		}
	}
	if r.Kind != normalize.KindAudit {
		checkStatus(t, r)
	}
}

var states = []model.State{
	model.Queued, model.Started, model.Running, model.Waiting, model.Retrying,
	model.Finalizing, model.Terminal, model.UnknownState,
}

func checkStatus(t *testing.T, r *normalize.Record) {
	t.Helper()
	require.Contains(t, states, r.State, "state of %s %s", r.Kind, r.NativeID)
	if (r.State == model.Terminal) != (r.Outcome != model.NoOutcome) {
		t.Fatalf("state %q with outcome %q: an outcome belongs to terminal, and terminal has one", r.State, r.Outcome)
	}
}
