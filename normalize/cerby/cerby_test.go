package cerby

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

// implied reports whether a field of another name says the value: the type of
// an actor, and what makes an event a CloudEvent.
func implied(leaf string) bool { return leaf == "Cerby" || leaf == "1.0" }

var (
	done   = model.Child{State: model.Terminal, Outcome: model.Success}
	failed = model.Child{State: model.Terminal, Outcome: model.Failure}
)

func TestStatusOf(t *testing.T) {
	for native, want := range map[string]model.Child{
		"Queued": {State: model.Queued}, "Started": {State: model.Started}, "Running": {State: model.Running},
		"Retrying": {State: model.Retrying}, "Completed": done, "Not completed": failed, "NOT_COMPLETED": failed,
		"Paused": {State: model.UnknownState},
	} {
		require.Equal(t, want, statusOf(native), native)
	}
}

// TestNotCompleted holds that a job whose nested jobs live is not over.
func TestNotCompleted(t *testing.T) {
	for _, c := range []struct {
		name     string
		children []model.Child
		want     model.Child
		failing  bool
	}{
		{"alone", nil, failed, false},
		{"one runs", []model.Child{failed, {State: model.Running}}, model.Child{State: model.Running}, true},
		{"one retries", []model.Child{failed, {State: model.Retrying}, {State: model.Running}}, model.Child{State: model.Retrying}, true},
		{"one queues", []model.Child{failed, {State: model.Queued}}, model.Child{State: model.Started}, true},
		{"some done", []model.Child{failed, done}, model.Child{State: model.Terminal, Outcome: model.Partial}, false},
		{"all failed", []model.Child{failed, failed}, failed, false},
		{"all done, a contradiction", []model.Child{done}, failed, false},
		{"one is unknown", []model.Child{failed, {State: model.UnknownState}}, failed, false},
	} {
		j := job{status: "Not completed", children: c.children, own: statusOf("Not completed")}
		if c.children != nil {
			j.derived = model.Rollup(c.children)
		}
		require.Equal(t, c.want, j.state(), c.name)
		require.Equal(t, c.failing, j.failing(), c.name)
	}
}

func TestTaskOf(t *testing.T) {
	for task, want := range map[string]model.TaskType{
		"Adding users": model.TaskUserCreate, "Syncing users": model.TaskUserSync, "Updating user roles": model.TaskRoleUpdate,
		"Removing users": model.TaskUserDelete, "Rotating passwords": model.TaskCredentialRotate, "Turning on MFA": model.TaskMFAEnable,
		"Turning off MFA": model.TaskMFADisable, "Logging in": model.TaskSessionLogin, "Juggling": model.TaskOther,
	} {
		require.Equal(t, want, taskOf(task), task)
	}
}

func TestTriggerOf(t *testing.T) {
	for native, want := range map[string]model.TriggerKind{
		"Web app": model.TriggerManual, "Workspace policy": model.TriggerSchedule, "Password policy": model.TriggerPolicy,
		"SCIM": model.TriggerSCIM, "Team events": model.TriggerEvent, "Collection events": model.TriggerEvent,
		"Universal Logout": model.TriggerEvent, "Cerby API": model.TriggerAPI, "Cerby Admin API": model.TriggerAdminAPI,
		"Full moon": model.TriggerUnknown,
	} {
		require.Equal(t, want, triggerOf(native, false, false), native)
	}
	require.Equal(t, model.TriggerManual, triggerOf("Universal Logout", true, false))
	require.Equal(t, model.TriggerNested, triggerOf("Full moon", false, true))
}

func TestActorOf(t *testing.T) {
	require.Equal(t, model.ActorSystem, actorOf("Cerby", model.TriggerSchedule))
	require.Equal(t, model.ActorUser, actorOf("user", model.TriggerManual))
	require.Equal(t, model.ActorVendorOperator, actorOf("user", model.TriggerAdminAPI))
	require.Equal(t, model.ActorVendorOperator, actorOf("Cerby", model.TriggerAdminAPI))
	require.Empty(t, actorOf("robot", model.TriggerManual))
}
