package auth0

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T) { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)   { normtest.Torn(t, Format) }
func TestComplete(t *testing.T) {
	normtest.Complete(t, Format, func(leaf string) bool { return leaf == "false" })
}
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

func TestRuleOf(t *testing.T) {
	for code, want := range map[string]struct {
		kind    normalize.Kind
		task    model.TaskType
		state   model.State
		outcome model.Outcome
	}{
		"s":                          {normalize.KindAction, model.TaskSessionLogin, model.Terminal, model.Success},
		"f":                          {normalize.KindAction, model.TaskSessionLogin, model.Terminal, model.Failure},
		"ss":                         {normalize.KindAction, model.TaskUserCreate, model.Terminal, model.Success},
		"fs":                         {normalize.KindAction, model.TaskUserCreate, model.Terminal, model.Failure},
		"ssa":                        {normalize.KindAction, model.TaskSessionLogin, model.Terminal, model.Success},
		"fsa":                        {normalize.KindAction, model.TaskSessionLogin, model.Terminal, model.Failure},
		"du":                         {normalize.KindAction, model.TaskUserDelete, model.Terminal, model.Success},
		"fdecc":                      {normalize.KindAction, model.TaskOther, model.Terminal, model.Cancelled},
		"sscim":                      {normalize.KindAction, "", model.Terminal, model.Success},
		"fscim":                      {normalize.KindAction, "", model.Terminal, model.Failure},
		"sapi":                       {normalize.KindAudit, "", model.Terminal, model.Success},
		"fapi":                       {normalize.KindAudit, "", model.Terminal, model.Failure},
		"directory_sync_started":     {normalize.KindRun, "", model.Running, ""},
		"directory_sync_completed":   {normalize.KindRun, "", model.Terminal, model.Success},
		"directory_sync_failed":      {normalize.KindRun, "", model.Terminal, model.Failure},
		"flows_execution_completed":  {normalize.KindRun, "", model.Terminal, model.Success},
		"flows_execution_failed":     {normalize.KindRun, "", model.Terminal, model.Failure},
		"actions_execution_failed":   {normalize.KindAction, model.TaskOther, model.Terminal, model.Failure},
		"gd_start_enroll":            {normalize.KindAction, model.TaskMFAEnable, model.Started, ""},
		"quantum_teleport_succeeded": {normalize.KindAction, model.TaskOther, model.Terminal, model.Success},
		"depnote":                    {normalize.KindAction, model.TaskOther, model.UnknownState, ""},
		"sxyz":                       {normalize.KindAction, model.TaskOther, model.UnknownState, ""},
		"w":                          {normalize.KindAction, model.TaskOther, model.UnknownState, ""},
		"failed_token_of_tomorrow":   {normalize.KindAction, model.TaskOther, model.UnknownState, ""},
	} {
		got := ruleOf(code)
		require.Equal(t, want.kind, got.kind, code)
		require.Equal(t, want.task, got.task, code)
		require.Equal(t, want.state, got.state, code)
		require.Equal(t, want.outcome, got.outcome, code)
	}
}

// TestRulesAreWhole holds each rule to what the records made by it need.
func TestRulesAreWhole(t *testing.T) {
	for code, u := range rules {
		require.NotZero(t, u.kind, code)
		require.NotEmpty(t, u.state, code)
		require.Equal(t, u.state == model.Terminal, u.outcome != "", code)
		require.Equal(t, u.class == "", u.category == "", code)
	}
}
