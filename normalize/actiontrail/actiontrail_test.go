package actiontrail

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

// implied reports whether the type of the actor stands for a type of identity.
func implied(leaf string) bool { return actorOf(leaf) != "" }

func TestRuleOf(t *testing.T) {
	for _, c := range []struct {
		service, name, access string
		want                  rule
	}{
		{"ActionTrail", "StopLogging", "Write", rule{change: "logging", coverage: model.CoverageReduces}},
		{"Actiontrail", "DeleteTrail", "Write", rule{change: "logging", coverage: model.CoverageDestroys}},
		{"ActionTrail", "StartLogging", "Write", rule{change: "logging", coverage: model.CoverageRestores}},
		{"ActionTrail", "DescribeTrails", "Read", rule{change: "read", coverage: model.CoverageNone}},
		{"Eiam", "RunSynchronizationJob", "Write", rule{change: "command", task: model.TaskUserSync}},
		{"Eiam", "CreateUser", "Write", rule{change: "identity", task: model.TaskUserCreate}},
		{"Eiam", "DisableUser", "Write", rule{change: "identity", task: model.TaskUserDeactivate}},
		{"Eiam", "UpdateUserPassword", "Write", rule{change: "credential", task: model.TaskCredentialRotate}},
		{"Eiam", "RemoveUsersFromGroup", "Write", rule{change: "permission", task: model.TaskGroupRemove}},
		{"Eiam", "CreateGroup", "Write", rule{change: "permission"}},
		{"Ram", "AttachPolicyToUser", "Write", rule{change: "permission"}},
		{"Ram", "CreateAccessKey", "Write", rule{change: "credential"}},
		{"Ram", "UnbindMFADevice", "Write", rule{change: "credential", task: model.TaskMFADisable}},
		{"AasCustomer", "ConsoleSignin", "Write", rule{change: "session", task: model.TaskSessionLogin}},
		{"AasCustomer", "ConsoleSignout", "Write", rule{change: "session", task: model.TaskOther}},
		{"Ecs", "StartInstance", "Write", rule{change: "definition"}},
		{"", "", "", rule{change: "definition"}},
	} {
		require.Equal(t, c.want, ruleOf(c.service, c.name, c.access), "%s %s", c.service, c.name)
	}
}
