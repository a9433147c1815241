package eiam

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, milliseconds) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

func TestStatusOf(t *testing.T) {
	for native, want := range map[string][3]string{
		"pending":         {"queued", "", ""},
		"running":         {"running", "", ""},
		"suspending":      {"waiting", "", "paused"},
		"success":         {"terminal", "success", ""},
		"partial_success": {"terminal", "partial", ""},
		"failed":          {"terminal", "failure", ""},
		"Success":         {"unknown", "", ""},
		"hibernating":     {"unknown", "", ""},
	} {
		state, outcome, wait := statusOf(native)
		require.Equal(t, want, [3]string{string(state), string(outcome), string(wait)}, native)
	}
}

func TestOutcomeOfCounts(t *testing.T) {
	for want, s := range map[model.Outcome]results{
		model.NoOutcome: {},
		model.Success:   {success: 2, skipped: 1},
		model.Partial:   {success: 2, failed: 1},
		model.Failure:   {failed: 1, skipped: 1},
		model.Skipped:   {skipped: 1},
	} {
		require.Equal(t, want, (&tally{all: s}).outcome())
	}
}

// milliseconds reports whether a number is a time, which is stored as one.
func milliseconds(leaf string) bool { return len(leaf) == 13 && leaf[:2] == "17" }
