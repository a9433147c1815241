package zluriaudit

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// families are tried in order: the first that starts the name of an event says
// what it changes.
var families = [...]struct{ start, change string }{
	{"playbook_", "definition"},
	{"workflow_", "definition"},
	{"rule_triggered", "trigger"},
	{"rule_", "definition"},
	{"integration_", "integration"},
	{"connect", "integration"},
	{"disconnect", "integration"},
	{"auth_", "integration"},
	{"user_application_", "permission"},
	{"user_role_", "permission"},
	{"invite_user", "permission"},
	{"user_reset_password", "credential"},
	{"user_", "identity"},
	{"app_", "application"},
	{"department_", "directory"},
	{"vendor_", "directory"},
}

// setEvent reads the name of an event, which is all that tells how it ended:
// what is in the log has happened, unless it is an error or only begins.
func setEvent(r *normalize.Record, name string) {
	r.ChangeKind = "other"
	for _, f := range families {
		if strings.HasPrefix(name, f.start) {
			r.ChangeKind = f.change
			break
		}
	}
	switch {
	case strings.HasSuffix(name, "_error"), strings.HasSuffix(name, "_failed"), strings.HasSuffix(name, "_errored"):
		r.State, r.Outcome = model.Terminal, model.Failure
	case strings.HasSuffix(name, "_started"), strings.HasSuffix(name, "_initiated"):
		r.State = model.Running
	default:
		r.State, r.Outcome = model.Terminal, model.Success
	}
	r.TaskType = taskOf(name)
}

func taskOf(name string) model.TaskType {
	switch name {
	case "user_role_changed", "user_application_role_changed":
		return model.TaskRoleUpdate
	case "user_reset_password":
		return model.TaskCredentialRotate
	case "integration_sync_started", "integration_sync_completed", "integration_sync_failed":
		return model.TaskUserSync
	default:
		return ""
	}
}

func classify(r *normalize.Record) {
	if r.EventType == "auth_error" {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Permanent, model.CategoryAuth, model.FromEventType
	} else {
		r.ClassifyMessage()
	}
	r.ErrorCode, r.FailureStage = r.EventType, model.StagePlatform
	if r.ChangeKind == "integration" {
		r.FailureStage = model.StageDownstream
	}
}
