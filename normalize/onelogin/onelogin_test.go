package onelogin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T) { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)   { normtest.Torn(t, Format) }
func TestComplete(t *testing.T) {
	normtest.Complete(t, Format, func(string) bool { return false })
}
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// TestRules holds the table to what is known of the types, and each rule to
// what the records made by it need.
func TestRules(t *testing.T) {
	for typ, want := range map[string]struct {
		task    model.TaskType
		outcome model.Outcome
		change  string
	}{
		"5":    {model.TaskSessionLogin, model.Success, ""},
		"6":    {model.TaskSessionLogin, model.Failure, ""},
		"13":   {model.TaskUserCreate, model.Success, ""},
		"15":   {model.TaskUserDeactivate, model.Success, ""},
		"17":   {model.TaskUserDelete, model.Success, ""},
		"24":   {model.TaskMFADisable, model.Success, ""},
		"90":   {model.TaskSessionLogin, model.Failure, ""},
		"240":  {"", model.Success, "credential"},
		"551":  {model.TaskUserDeactivate, model.Success, ""},
		"9999": {"", "", ""},
		"":     {"", "", ""},
	} {
		got := rules[typ]
		require.Equal(t, want.task, got.task, typ)
		require.Equal(t, want.outcome, got.outcome, typ)
		require.Equal(t, want.change, got.change, typ)
	}
	for typ, u := range rules {
		require.NotEmpty(t, u.name, typ)
		require.True(t, (u.task == "") == (u.change != ""), "%s: an action has a task, an audit record a change", typ)
		require.NotEmpty(t, u.outcome, typ)
	}
}
