package ocsf

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestStatus(t *testing.T) {
	for id, want := range map[int64]model.Outcome{0: model.UnknownOutcome, 1: model.Success, 2: model.Failure, 99: model.UnknownOutcome} {
		state, outcome := byID(id, true)
		require.Equal(t, model.Terminal, state, id)
		require.Equal(t, want, outcome, id)
	}
	state, outcome := byID(3, true)
	require.Equal(t, model.UnknownState, state)
	require.Equal(t, model.NoOutcome, outcome)
}

// TestClasses spot-checks ids where the classes number alike things differently.
func TestClasses(t *testing.T) {
	cases := []struct {
		class, id int64
		task      model.TaskType
		op        model.Operation
	}{
		{accountChange, 2, model.TaskUserReactivate, ""},
		{userManagement, 2, model.TaskUserUpdate, ""},
		{accountChange, 5, model.TaskUserDeactivate, ""},
		{userManagement, 5, model.TaskUserDeactivate, ""},
		{accountChange, 6, model.TaskUserDelete, ""},
		{userManagement, 3, model.TaskUserDelete, ""},
		{userManagement, 17, model.TaskRoleUpdate, model.OpDelete},
		{userAccess, 2, model.TaskRoleUpdate, model.OpDelete},
		{groupManagement, 3, model.TaskGroupAdd, ""},
		{groupManagement, 4, model.TaskGroupRemove, ""},
		{groupManagement, 5, model.TaskOther, model.OpDelete},
		{groupManagement, 6, model.TaskOther, model.OpCreate},
		{entityManagement, 13, "", model.OpUpdate},
		{appLifecycle, 8, "", model.OpUpdate},
		{apiActivity, 4, "", model.OpDelete},
		{scheduledJob, 6, "", model.OpOther},
		{apiActivity, 99, "", ""},
		{apiActivity, 0, "", ""},
	}
	for _, c := range cases {
		got := classOf(c.class).activity(c.id)
		require.Equal(t, c.task, got.task, "%d/%d", c.class, c.id)
		require.Equal(t, c.op, got.op, "%d/%d", c.class, c.id)
	}
	for _, c := range classes {
		for i, a := range c.activities {
			require.NotEmpty(t, a.name, "%s %d", c.name, i)
			require.True(t, a.task != "" || a.op != "", "%s %s", c.name, a.name)
			require.Equal(t, c.kind == normalize.KindAction, a.task != "", "%s %s", c.name, a.name)
		}
	}
}
