package otel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
)

func TestResults(t *testing.T) {
	for word, want := range map[string]model.Outcome{
		"success": model.Success, "failure": model.Failure, "error": model.Error, "timeout": model.Timeout,
		"cancellation": model.Cancelled, "skip": model.Skipped, "skipped": model.Skipped,
	} {
		state, outcome := results(word)
		require.Equal(t, model.Terminal, state, word)
		require.Equal(t, want, outcome, word)
	}
	state, outcome := results("SUCCESS") // the conventions write lower case; anything else is another word
	require.Equal(t, model.UnknownState, state)
	require.Equal(t, model.NoOutcome, outcome)
}

func TestStates(t *testing.T) {
	for word, want := range map[string]model.State{
		"pending": model.Queued, "executing": model.Running, "finalizing": model.Finalizing, "": model.UnknownState, "done": model.UnknownState,
	} {
		require.Equal(t, want, states(word), word)
	}
}
