package pingone

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T) { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)   { normtest.Torn(t, Format) }
func TestComplete(t *testing.T) {
	normtest.Complete(t, Format, func(s string) bool { return s == "CLIENT" })
}
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

func TestRuleOf(t *testing.T) {
	for typ, want := range map[string]rule{
		"USER.CREATED":               {task: model.TaskUserCreate, operation: model.OpCreate},
		"USER.LOCKED":                {task: model.TaskUserDeactivate, operation: model.OpDisable},
		"USER.UNLOCKED":              {task: model.TaskUserReactivate, operation: model.OpUpdate},
		"USER.DELETED":               {task: model.TaskUserDelete, operation: model.OpDelete},
		"USER.OF_TOMORROW":           {task: model.TaskOther, operation: model.OpOther},
		"PASSWORD.CHECK_FAILED":      {task: model.TaskSessionLogin, operation: model.OpOther},
		"PASSWORD.RESET":             {task: model.TaskCredentialRotate, operation: model.OpUpdate},
		"ROLE_ASSIGNMENT.DELETED":    {task: model.TaskRoleUpdate, operation: model.OpUpdate},
		"MEMBER_OF_GROUP.DELETED":    {task: model.TaskGroupRemove, operation: model.OpDelete},
		"DEVICE.CREATED":             {task: model.TaskMFAEnable, operation: model.OpUpdate},
		"SUBSCRIPTION.DELETED":       {operation: model.OpDelete, change: "logging", coverage: model.CoverageReduces},
		"SUBSCRIPTION.UPDATED":       {operation: model.OpUpdate, change: "logging", coverage: model.CoverageNone},
		"SECRET.READ":                {operation: model.OpRead, change: "read"},
		"SECRET.UPDATED":             {operation: model.OpUpdate, change: "credential"},
		"SIGN_ON_POLICY.CREATED":     {operation: model.OpCreate, change: "policy"},
		"SCOPE.CREATED":              {operation: model.OpCreate, change: "permission"},
		"APPLICATION.DELETED":        {operation: model.OpDelete, change: "definition"},
		"RISK_EVALUATION.CALCULATED": {task: model.TaskOther, operation: model.OpOther},
		"nonsense":                   {task: model.TaskOther, operation: model.OpOther},
		".":                          {task: model.TaskOther, operation: model.OpOther},
	} {
		require.Equal(t, want, ruleOf(typ), typ)
	}
}
