package idaas

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, envelope) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// envelope reports whether a value of a CloudEvent says only that it is one.
func envelope(leaf string) bool { return leaf == "1.0" || leaf == "application/json" }

func TestStatusOf(t *testing.T) {
	for native, want := range map[string]model.Child{
		"Successful":          {State: model.Terminal, Outcome: model.Success},
		"Failed":              {State: model.Terminal, Outcome: model.Failure},
		"Partially Succeeded": {State: model.Terminal, Outcome: model.Partial},
		"partially_succeeded": {State: model.Terminal, Outcome: model.Partial},
		"Running":             {State: model.Running},
		"Initial State":       {State: model.Queued},
		"Finished":            {State: model.UnknownState},
	} {
		state, outcome := statusOf(native)
		require.Equal(t, want, model.Child{State: state, Outcome: outcome}, native)
	}
}

func TestTask(t *testing.T) {
	for _, c := range []struct {
		kind, sync string
		task       model.TaskType
		operation  model.Operation
	}{
		{"account", "create", model.TaskUserCreate, model.OpCreate},
		{"User", "Update", model.TaskUserUpdate, model.OpUpdate},
		{"account", "disable", model.TaskUserDeactivate, model.OpDisable},
		{"account", "enable", model.TaskUserReactivate, model.OpUpdate},
		{"account", "delete", model.TaskUserDelete, model.OpDelete},
		{"account", "same", model.TaskUserSync, model.OpRead},
		{"group_member", "add", model.TaskGroupAdd, model.OpCreate},
		{"membership", "remove", model.TaskGroupRemove, model.OpDelete},
		{"organization", "create", model.TaskOther, model.OpCreate},
		{"account", "transmogrify", model.TaskOther, model.OpOther},
	} {
		task, operation := task(c.kind, c.sync)
		require.Equal(t, c.task, task, "%s %s", c.sync, c.kind)
		require.Equal(t, c.operation, operation, "%s %s", c.sync, c.kind)
	}
}
