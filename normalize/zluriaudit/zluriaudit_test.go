package zluriaudit

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, func(string) bool { return false }) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

func TestSetEvent(t *testing.T) {
	for name, want := range map[string]normalize.Record{
		"playbook_published":            {ChangeKind: "definition", State: model.Terminal, Outcome: model.Success},
		"rule_triggered":                {ChangeKind: "trigger", State: model.Terminal, Outcome: model.Success},
		"integration_sync_started":      {ChangeKind: "integration", State: model.Running, TaskType: model.TaskUserSync},
		"integration_sync_completed":    {ChangeKind: "integration", State: model.Terminal, Outcome: model.Success, TaskType: model.TaskUserSync},
		"auth_error":                    {ChangeKind: "integration", State: model.Terminal, Outcome: model.Failure},
		"connect_error":                 {ChangeKind: "integration", State: model.Terminal, Outcome: model.Failure},
		"connect_success":               {ChangeKind: "integration", State: model.Terminal, Outcome: model.Success},
		"user_role_changed":             {ChangeKind: "permission", State: model.Terminal, Outcome: model.Success, TaskType: model.TaskRoleUpdate},
		"user_application_role_changed": {ChangeKind: "permission", State: model.Terminal, Outcome: model.Success, TaskType: model.TaskRoleUpdate},
		"user_reset_password":           {ChangeKind: "credential", State: model.Terminal, Outcome: model.Success, TaskType: model.TaskCredentialRotate},
		"app_it_owner_assigned":         {ChangeKind: "application", State: model.Terminal, Outcome: model.Success},
		"comet_passed":                  {ChangeKind: "other", State: model.Terminal, Outcome: model.Success},
	} {
		var r normalize.Record
		setEvent(&r, name)
		require.Equal(t, want, r, name)
	}
}
