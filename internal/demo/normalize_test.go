package demo_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/demo"
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
)

// read takes a push apart and normalises it as the gateway and the collector do.
func read(f *normalize.Format, n *normalize.Normalizer, b *normalize.Batch, p demo.Push) {
	b.Clear()
	n.Reset()
	normalize.Split(p.Body, false, func(piece []byte, _ int, refused *normalize.Error) bool {
		if refused != nil {
			b.Rejects = append(b.Rejects, normalize.Reject{Error: *refused, Element: piece})
			return true
		}
		n.Append(b, f, normalize.Raw{Tenant: p.Tenant, Value: piece, ReceivedTime: normalize.FromTime(p.Time)})
		return true
	})
}

// TestFormatsReadEverything holds the generator to the real formats: only what
// it spoilt on purpose is rejected, and nothing is of a kind they do not know.
func TestFormatsReadEverything(t *testing.T) {
	known := formats.ByName()
	var n normalize.Normalizer
	var b normalize.Batch
	reasons := map[normalize.Reason]int{}
	seen, masked := map[string]map[normalize.Kind]int{}, map[string]bool{}
	for p := range demo.New(3, now).History(90) {
		f := known[p.Source]
		require.NotNil(t, f, "no format %s", p.Source)
		read(f, &n, &b, p)
		for _, r := range b.Rejects {
			reasons[r.Error.Reason]++
		}
		if len(b.Rejects) != p.Bad {
			t.Fatalf("%s %s: %d rejects, want %d; the first: %v", p.Tenant, p.Source, len(b.Rejects), p.Bad, b.Rejects[0].Error)
		}
		if seen[p.Source] == nil {
			seen[p.Source] = map[normalize.Kind]int{}
		}
		for i := range b.Records {
			r := &b.Records[i]
			seen[p.Source][r.Kind]++
			require.NotEqual(t, model.UnknownState, r.State, "%s %s: %q", r.Source, r.EventType, r.StatusNative)
			require.NotContains(t, r.Payload+r.Unmapped, "not-real", "a secret of %s was not masked", r.Source)
			masked[r.Source] = masked[r.Source] || r.Redacted != ""
			switch r.Redacted {
			case "", "policy=1 parameters.api_token:key", "policy=1 uri:signed_url":
			default:
				t.Fatalf("%s: masked for nothing: %s", r.Source, r.Redacted)
			}
			require.Empty(t, r.TimeQuality, "%s %s: %s", r.Source, r.EventType, r.EventTimeNative)
		}
	}
	t.Log(reasons, seen)
	for _, want := range []normalize.Reason{normalize.Truncated, normalize.MissingField, normalize.BadTime} {
		require.NotZero(t, reasons[want], want)
	}
	require.Len(t, reasons, 3)
	require.Len(t, seen, 5)
	require.True(t, masked["zluri.run_log"] && masked["azure.logic_apps"], "secrets to mask are part of the demo")
}
