package googleworkspace

import (
	"strings"
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

// implied reports whether a field of a record implies the value, or whether it
// is the name of a parameter whose value has a field.
func implied(value string) bool {
	switch value {
	case "USER", "admin#reports#activity":
		return true
	default:
		var p parameters
		return p.member(strings.ToLower(value)) != nil
	}
}

func TestRuleOf(t *testing.T) {
	for _, c := range []struct {
		app, name string
		task      model.TaskType
		op        model.Operation
		change    string
	}{
		{"admin", "CREATE_USER", model.TaskUserCreate, model.OpCreate, "user"},
		{"admin", "SUSPEND_USER", model.TaskUserDeactivate, model.OpDisable, "user"},
		{"admin", "ADD_GROUP_MEMBER", model.TaskGroupAdd, model.OpCreate, "permission"},
		{"admin", "CHANGE_USER_LANGUAGE", model.TaskUserUpdate, model.OpUpdate, "user"},
		{"admin", "CREATE_GROUP", "", model.OpCreate, "definition"},
		{"admin", "DELETE_ROLE", "", model.OpDelete, "permission"},
		{"admin", "OF_TOMORROW", "", model.OpOther, "definition"},
		{"groups_enterprise", "add_member", model.TaskGroupAdd, model.OpCreate, "permission"},
		{"login", "login_failure", model.TaskSessionLogin, model.OpOther, "session"},
		{"drive", "view", "", model.OpRead, "activity"},
		{"drive", "change_acl_editors", "", model.OpUpdate, "permission"},
		{"token", "authorize", "", model.OpOther, "activity"},
		{"directory_sync", "ADDED_GROUP_MEMBERSHIP", model.TaskGroupAdd, model.OpCreate, ""},
		{"directory_sync", "SUSPENDED_USER", model.TaskUserDeactivate, model.OpDisable, ""},
		{"directory_sync", "OF_TOMORROW", model.TaskOther, model.OpOther, ""},
	} {
		got := ruleOf(c.app, c.name)
		require.Equal(t, c.task, got.task, c.name)
		require.Equal(t, c.op, got.operation, c.name)
		require.Equal(t, c.change, got.change, c.name)
	}
}
