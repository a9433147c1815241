package jumpcloud

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

func TestRuleOf(t *testing.T) {
	for typ, want := range map[string]struct {
		task   model.TaskType
		op     model.Operation
		change string
	}{
		"user_create":             {model.TaskUserCreate, model.OpCreate, ""},
		"user_suspended":          {model.TaskUserDeactivate, model.OpDisable, ""},
		"user_login_attempt":      {model.TaskSessionLogin, model.OpOther, ""},
		"admin_login_attempt":     {model.TaskSessionLogin, model.OpOther, ""},
		"sso_auth":                {model.TaskSessionLogin, model.OpOther, ""},
		"radius_auth_attempt":     {model.TaskSessionLogin, model.OpOther, ""},
		"user_password_change":    {model.TaskCredentialRotate, model.OpUpdate, ""},
		"mdm_command_result":      {model.TaskOther, model.OpOther, ""},
		"totp_finish_enrollment":  {model.TaskMFAEnable, model.OpUpdate, ""},
		"admin_create":            {"", model.OpCreate, "permission"},
		"group_create":            {"", model.OpCreate, "definition"},
		"policy_update":           {"", model.OpUpdate, "policy"},
		"api_key_delete":          {"", model.OpDelete, "credential"},
		"software_add_request_up": {model.TaskOther, model.OpOther, ""},
		"_":                       {model.TaskOther, model.OpOther, ""},
		"quantum":                 {model.TaskOther, model.OpOther, ""},
	} {
		got := ruleOf(typ)
		require.Equal(t, want.task, got.task, typ)
		require.Equal(t, want.op, got.operation, typ)
		require.Equal(t, want.change, got.change, typ)
	}
}

func TestCommandStatus(t *testing.T) {
	for word, want := range map[string]struct {
		state   model.State
		outcome model.Outcome
	}{
		"Acknowledged":       {model.Terminal, model.Success},
		"Error":              {model.Terminal, model.Failure},
		"CommandFormatError": {model.Terminal, model.Failure},
		"NotNow":             {model.Waiting, ""},
		"Idle":               {model.UnknownState, ""},
		"":                   {model.UnknownState, ""},
	} {
		state, outcome, _ := commandStatus(word)
		require.Equal(t, want.state, state, word)
		require.Equal(t, want.outcome, outcome, word)
	}
}
