package googleworkspace

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an event is about.
type rule struct {
	task      model.TaskType
	operation model.Operation
	change    string // of audit records; an action has none
	self      bool   // about who made it
	fails     bool   // the name says that it was tried in vain
}

func (u rule) kind() normalize.Kind {
	if u.change == "" {
		return normalize.KindAction
	}
	return normalize.KindAudit
}

func on(change string, task model.TaskType) rule {
	return rule{task: task, operation: task.Operation(), change: change}
}

func session(task model.TaskType) rule {
	u := on("session", task)
	u.self = true
	return u
}

// ruleOf returns the rule of an event of an application.
func ruleOf(app, name string) rule {
	if app == "directory_sync" {
		task := syncTask(name)
		return rule{task: task, operation: task.Operation()}
	}
	if u, ok := rules[name]; ok {
		return u
	}
	upper := strings.ToUpper(name)
	op := operation(upper)
	switch {
	case strings.HasPrefix(upper, "CHANGE_USER_"), strings.HasPrefix(upper, "UPDATE_USER_"):
		return on("user", model.TaskUserUpdate)
	case strings.Contains(upper, "PASSWORD"), strings.Contains(upper, "TOKEN"), strings.Contains(upper, "CERTIFICATE"), strings.Contains(upper, "SECRET"):
		return rule{operation: op, change: "credential"}
	case strings.Contains(upper, "ROLE"), strings.Contains(upper, "PRIVILEGE"), strings.Contains(upper, "ACL"), strings.Contains(upper, "PERMISSION"), strings.Contains(upper, "DELEGAT"):
		return rule{operation: op, change: "permission"}
	case app == "admin":
		return rule{operation: op, change: "definition"}
	default:
		return rule{operation: op, change: "activity"}
	}
}

func operation(upper string) model.Operation {
	switch word, _, _ := strings.Cut(upper, "_"); word {
	case "CREATE", "ADD", "UPLOAD", "ASSIGN":
		return model.OpCreate
	case "CHANGE", "UPDATE", "EDIT", "RENAME", "MOVE", "SET", "TOGGLE", "ENABLE":
		return model.OpUpdate
	case "DELETE", "REMOVE", "REVOKE", "UNASSIGN", "TRASH":
		return model.OpDelete
	case "DISABLE":
		return model.OpDisable
	case "VIEW", "DOWNLOAD", "EXPORT", "PREVIEW":
		return model.OpRead
	default:
		return model.OpOther
	}
}

// rules holds the events that say what they do to an account, a membership, an
// access or a session, of the applications admin, groups, login and user_accounts.
var rules = map[string]rule{
	"CREATE_USER":                on("user", model.TaskUserCreate),
	"DELETE_USER":                on("user", model.TaskUserDelete),
	"UNDELETE_USER":              on("user", model.TaskUserReactivate),
	"SUSPEND_USER":               on("user", model.TaskUserDeactivate),
	"ARCHIVE_USER":               on("user", model.TaskUserDeactivate),
	"UNSUSPEND_USER":             on("user", model.TaskUserReactivate),
	"UNARCHIVE_USER":             on("user", model.TaskUserReactivate),
	"RENAME_USER":                on("user", model.TaskUserUpdate),
	"CHANGE_FIRST_NAME":          on("user", model.TaskUserUpdate),
	"CHANGE_LAST_NAME":           on("user", model.TaskUserUpdate),
	"MOVE_USER_TO_ORG_UNIT":      on("user", model.TaskUserUpdate),
	"CHANGE_PASSWORD":            on("credential", model.TaskCredentialRotate),
	"password_edit":              {task: model.TaskCredentialRotate, operation: model.OpUpdate, change: "credential", self: true},
	"GENERATE_2SV_SCRATCH_CODES": on("credential", model.TaskCredentialRotate),

	"ADD_GROUP_MEMBER":    on("permission", model.TaskGroupAdd),
	"REMOVE_GROUP_MEMBER": on("permission", model.TaskGroupRemove),
	"UPDATE_GROUP_MEMBER": on("permission", model.TaskRoleUpdate),
	"add_member":          on("permission", model.TaskGroupAdd),
	"remove_member":       on("permission", model.TaskGroupRemove),
	"add_user":            on("permission", model.TaskGroupAdd),
	"remove_user":         on("permission", model.TaskGroupRemove),

	"ASSIGN_ROLE":               on("permission", model.TaskRoleUpdate),
	"UNASSIGN_ROLE":             on("permission", model.TaskRoleUpdate),
	"GRANT_ADMIN_PRIVILEGE":     on("permission", model.TaskRoleUpdate),
	"REVOKE_ADMIN_PRIVILEGE":    on("permission", model.TaskRoleUpdate),
	"USER_LICENSE_ASSIGNMENT":   on("permission", model.TaskLicenseAssign),
	"USER_LICENSE_REASSIGNMENT": on("permission", model.TaskLicenseAssign),
	"USER_LICENSE_REVOKE":       on("permission", model.TaskLicenseRevoke),

	"TURN_OFF_2_STEP_VERIFICATION":   on("credential", model.TaskMFADisable),
	"UNENROLL_USER_FROM_STRONG_AUTH": on("credential", model.TaskMFADisable),
	"2sv_enroll":                     {task: model.TaskMFAEnable, operation: model.OpUpdate, change: "credential", self: true},
	"2sv_disable":                    {task: model.TaskMFADisable, operation: model.OpDisable, change: "credential", self: true},

	"RESET_SIGNIN_COOKIES":     on("session", model.TaskSessionRevoke),
	"REVOKE_3LO_TOKEN":         on("session", model.TaskSessionRevoke),
	"REVOKE_3LO_DEVICE_TOKENS": on("session", model.TaskSessionRevoke),
	"login_success":            session(model.TaskSessionLogin),
	"login_failure":            {task: model.TaskSessionLogin, operation: model.OpOther, change: "session", self: true, fails: true},
	"logout":                   session(model.TaskSessionRevoke),
}

// syncTask reads an event of Directory Sync, such as ADDED_GROUP_MEMBERSHIP.
func syncTask(name string) model.TaskType {
	verb, noun, _ := strings.Cut(name, "_")
	switch noun {
	case "GROUP_MEMBERSHIP":
		switch verb {
		case "ADDED", "CREATED":
			return model.TaskGroupAdd
		case "REMOVED", "DELETED":
			return model.TaskGroupRemove
		}
		return model.TaskRoleUpdate
	case "USER":
		switch verb {
		case "ADDED", "CREATED":
			return model.TaskUserCreate
		case "UPDATED":
			return model.TaskUserUpdate
		case "SUSPENDED", "DEACTIVATED":
			return model.TaskUserDeactivate
		case "UNSUSPENDED", "ACTIVATED":
			return model.TaskUserReactivate
		case "REMOVED", "DELETED":
			return model.TaskUserDelete
		}
		return model.TaskUserSync
	}
	return model.TaskOther
}
