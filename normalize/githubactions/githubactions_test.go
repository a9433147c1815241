package githubactions

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, dropped) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// dropped reports whether a value is left out on purpose: addresses that are
// made of the ids, and what is said of repositories and accounts beyond their
// names, which the samples mark. The times of steps stand as they came.
func dropped(leaf string) bool {
	return strings.HasPrefix(leaf, "https://api.github.com/") || strings.HasPrefix(leaf, "noise") ||
		strings.HasSuffix(leaf, ".000Z") || leaf == "User" || leaf == "Bot" || leaf == "Organization"
}

func TestStatusOf(t *testing.T) {
	for native, want := range map[string]status{
		"requested":                 {Child: model.Child{State: model.Queued}},
		"queued":                    {Child: model.Child{State: model.Queued}},
		"pending":                   {Child: model.Child{State: model.Queued}},
		"in_progress":               {Child: model.Child{State: model.Running}},
		"waiting":                   {model.Child{State: model.Waiting}, model.WaitApproval},
		"completed/success":         {Child: model.Child{State: model.Terminal, Outcome: model.Success}},
		"completed/neutral":         {Child: model.Child{State: model.Terminal, Outcome: model.Success}},
		"completed/failure":         {Child: model.Child{State: model.Terminal, Outcome: model.Failure}},
		"completed/startup_failure": {Child: model.Child{State: model.Terminal, Outcome: model.Error}},
		"completed/timed_out":       {Child: model.Child{State: model.Terminal, Outcome: model.Timeout}},
		"completed/cancelled":       {Child: model.Child{State: model.Terminal, Outcome: model.Cancelled}},
		"completed/skipped":         {Child: model.Child{State: model.Terminal, Outcome: model.Skipped}},
		"completed/stale":           {Child: model.Child{State: model.Terminal, Outcome: model.UnknownOutcome}},
		"completed/":                {Child: model.Child{State: model.Terminal, Outcome: model.UnknownOutcome}},
		"completed/of_tomorrow":     {Child: model.Child{State: model.Terminal, Outcome: model.UnknownOutcome}},
		"completed/action_required": {model.Child{State: model.Waiting}, model.WaitApproval},
		"requested/action_required": {model.Child{State: model.Waiting}, model.WaitApproval},
		"requested/failure":         {Child: model.Child{State: model.Queued}},
		"hibernating":               {Child: model.Child{State: model.UnknownState}},
	} {
		state, conclusion, _ := strings.Cut(native, "/")
		require.Equal(t, want, statusOf(state, conclusion), native)
	}
}
