package onelogin

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what a type of event is about. The zero rule is an action of which
// nothing more is known, not even how it ended.
type rule struct {
	name     string // as the list of event types has it
	task     model.TaskType
	outcome  model.Outcome
	change   string // of audit records
	class    model.ErrorClass
	category model.ErrorCategory
}

func (u rule) kind() normalize.Kind {
	if u.change != "" {
		return normalize.KindAudit
	}
	return normalize.KindAction
}

func (u rule) state() model.State {
	if u.outcome == "" {
		return model.UnknownState
	}
	return model.Terminal
}

func done(name string, task model.TaskType) rule {
	return rule{name: name, task: task, outcome: model.Success}
}

func denied(name string, category model.ErrorCategory) rule {
	return rule{name: name, task: model.TaskSessionLogin, outcome: model.Failure, class: model.Permanent, category: category}
}

func audit(name, change string) rule {
	return rule{name: name, outcome: model.Success, change: change}
}

// rules is keyed by event_type_id. An account adds types of its own kind with
// each feature of the product; GET /api/1/events/types lists them all.
var rules = map[string]rule{
	"1":   audit("APP_ADDED_TO_ROLE", "permission"),
	"2":   audit("APP_REMOVED_FROM_ROLE", "permission"),
	"3":   audit("USER_ASSUMED_USER", "permission"),
	"4":   done("USER_ASSIGNED_ROLE", model.TaskRoleUpdate),
	"5":   done("USER_LOGGED_INTO_ONELOGIN", model.TaskSessionLogin),
	"6":   denied("USER_FAILED_ONELOGIN_LOGIN", model.CategoryAuth),
	"8":   done("USER_LOGGED_INTO_APP", model.TaskSessionLogin),
	"11":  done("USER_CHANGED_PASSWORD", model.TaskCredentialRotate),
	"12":  done("UNLOCKED_USER", model.TaskUserReactivate),
	"13":  done("CREATED_USER", model.TaskUserCreate),
	"14":  done("UPDATED_USER", model.TaskUserUpdate),
	"15":  done("DEACTIVATED_USER", model.TaskUserDeactivate),
	"16":  done("ACTIVATED_USER", model.TaskUserReactivate),
	"17":  done("DELETED_USER", model.TaskUserDelete),
	"19":  done("USER_LOCKED", model.TaskUserDeactivate),
	"24":  done("USER_REMOVED_OTP_DEVICE", model.TaskMFADisable),
	"69":  denied("USER_REJECTED_BY_RADIUS", model.CategoryAuth),
	"72":  done("PRIVILEGE_GRANTED_TO_USER", model.TaskRoleUpdate),
	"90":  denied("UNAUTHORIZED_APP_ACCESS", model.CategoryPermission),
	"172": done("USER_DELETED_AUTH_FACTOR", model.TaskMFADisable),
	"211": done("ADMIN_CHANGED_PASSWORD", model.TaskCredentialRotate),
	"240": audit("USER_REVEALED_APP_PASSWORD", "credential"),
	"531": done("API_LOCKED_USER", model.TaskUserDeactivate),
	"551": done("API_SUSPENDED_USER", model.TaskUserDeactivate),
	"553": done("API_LOCKED_USER", model.TaskUserDeactivate),
}
