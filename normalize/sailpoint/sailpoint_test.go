package sailpoint

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, implied) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// implied reports whether a field of a record implies the value.
func implied(value string) bool { return value == "IDENTITY" || value == "SOURCE" }

func TestEventStatus(t *testing.T) {
	for word, want := range map[string]model.Child{
		"STARTED":     {State: model.Running},
		"PASSED":      {State: model.Terminal, Outcome: model.Success},
		"ACTION":      {State: model.Terminal, Outcome: model.Success},
		"FAILED":      {State: model.Terminal, Outcome: model.Failure},
		"ESCALATED":   {State: model.Waiting},
		"":            {State: model.UnknownState},
		"passed":      {State: model.UnknownState},
		"OF_TOMORROW": {State: model.UnknownState},
	} {
		state, outcome := eventStatus(word)
		require.Equal(t, want, model.Child{State: state, Outcome: outcome}, word)
	}
}

func TestRequestStatus(t *testing.T) {
	for word, want := range map[string]struct {
		state   model.State
		outcome model.Outcome
		effect  model.Effect
	}{
		"PENDING":      {model.Waiting, "", ""},
		"RETRY":        {model.Retrying, "", ""},
		"COMMITED":     {model.Terminal, model.Success, model.Changed}, //nolint:misspell // as the vendor spells it
		"committed":    {model.Terminal, model.Success, model.Changed},
		"FINISHED":     {model.Terminal, model.Success, model.Changed},
		"SUCCESS":      {model.Terminal, model.Success, model.Changed},
		"UNVERIFIABLE": {model.Terminal, model.Success, model.Unverified},
		"FAILED":       {model.Terminal, model.Failure, ""},
		"":             {model.UnknownState, "", ""},
		"OF_TOMORROW":  {model.UnknownState, "", ""},
	} {
		state, outcome, effect := requestStatus(word)
		require.Equal(t, want.state, state, word)
		require.Equal(t, want.outcome, outcome, word)
		require.Equal(t, want.effect, effect, word)
	}
}

func TestRequestTask(t *testing.T) {
	for _, c := range []struct {
		operation string
		edits     edits
		want      model.TaskType
	}{
		{"Create", edits{adds: 3}, model.TaskUserCreate},
		{"Delete", edits{}, model.TaskUserDelete},
		{"Disable", edits{}, model.TaskUserDeactivate},
		{"Unlock", edits{}, model.TaskUserReactivate},
		{"Modify", edits{adds: 2}, model.TaskLicenseAssign},
		{"Modify", edits{removes: 1}, model.TaskLicenseRevoke},
		{"Modify", edits{adds: 1, removes: 1}, model.TaskUserUpdate},
		{"Modify", edits{others: 1}, model.TaskUserUpdate},
		{"Modify", edits{}, model.TaskUserUpdate},
		{"", edits{}, model.TaskOther},
	} {
		require.Equal(t, c.want, requestTask(c.operation, c.edits), "%+v", c)
	}
}
