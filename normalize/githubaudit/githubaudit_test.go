package githubaudit

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/githubactions"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, milliseconds) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// milliseconds reports whether a number is a time, which is stored as one.
func milliseconds(leaf string) bool { return len(leaf) == 13 && strings.HasPrefix(leaf, "17") }

func TestRuleOf(t *testing.T) {
	for action, want := range map[string]rule{
		"workflows.delete_workflow_run":          {"logging", "", model.CoverageDestroys},
		"workflows.disable_workflow":             {change: "definition"},
		"workflows.approve_workflow_job":         {"approval", model.TaskApprove, ""},
		"workflows.completed_workflow_run":       {change: "run"},
		"audit_log_streaming.destroy":            {"logging", "", model.CoverageReduces},
		"audit_log_streaming.update":             {change: "logging"},
		"hook.create":                            {"logging", "", model.CoverageRestores},
		"user.audit_log_export":                  {"read", "", model.CoverageNone},
		"org.remove_member":                      {"permission", model.TaskGroupRemove, ""},
		"org.update_default_repository":          {change: "policy"},
		"protected_branch.policy_override":       {change: "policy"},
		"personal_access_token.access_granted":   {change: "credential"},
		"copilot.cfb_seat_assignment_unassigned": {"permission", model.TaskLicenseRevoke, ""},
		"team.change_privacy":                    {change: "permission"},
		"comet.passed":                           {change: "other"},
		"comet":                                  {change: "other"},
		".":                                      {change: "other"},
	} {
		require.Equal(t, want, ruleOf(action), action)
	}
}

// TestPointsToTheRun holds that an entry has the key of the run it is about.
func TestPointsToTheRun(t *testing.T) {
	entry := one(t, &Format, `{"action":"workflows.delete_workflow_run","@timestamp":1772357400000,"workflow_run_id":289782451}`)
	run := one(t, &githubactions.Format, `{"workflow_run":{"id":289782451,"status":"queued"}}`)
	require.Equal(t, run.RunKey, entry.RunKey)
	require.Equal(t, run.Source, runs)
}

func one(t *testing.T, f *normalize.Format, text string) normalize.Record {
	t.Helper()
	var n normalize.Normalizer
	var b normalize.Batch
	n.Append(&b, f, normalize.Raw{Tenant: "acme", Value: []byte(text), ReceivedTime: 1772366400e6})
	require.Empty(t, b.Rejects)
	require.Len(t, b.Records, 1)
	return b.Records[0]
}
