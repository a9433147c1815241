package model

// TaskType is what an action does to its object.
type TaskType string

// The closed set of task types.
const (
	TaskUserCreate       TaskType = "user.create"
	TaskUserUpdate       TaskType = "user.update"
	TaskUserDeactivate   TaskType = "user.deactivate"
	TaskUserReactivate   TaskType = "user.reactivate"
	TaskUserDelete       TaskType = "user.delete"
	TaskUserSync         TaskType = "user.sync"
	TaskRoleUpdate       TaskType = "role.update"
	TaskGroupAdd         TaskType = "group.add"
	TaskGroupRemove      TaskType = "group.remove"
	TaskLicenseAssign    TaskType = "license.assign"
	TaskLicenseRevoke    TaskType = "license.revoke"
	TaskCredentialRotate TaskType = "credential.rotate"
	TaskMFAEnable        TaskType = "mfa.enable"
	TaskMFADisable       TaskType = "mfa.disable"
	TaskSessionLogin     TaskType = "session.login"
	TaskSessionRevoke    TaskType = "session.revoke"
	TaskNotify           TaskType = "notify"
	TaskApprove          TaskType = "approve"
	TaskTransform        TaskType = "transform"
	TaskHTTP             TaskType = "http"
	TaskOther            TaskType = "other"
)

// Operation is the verb of a task type, as SCIM and Entra name them.
type Operation string

// The closed set of operations.
const (
	OpCreate  Operation = "create"
	OpRead    Operation = "read"
	OpUpdate  Operation = "update"
	OpDelete  Operation = "delete"
	OpDisable Operation = "disable"
	OpOther   Operation = "other"
)

// Operation returns the verb of t.
func (t TaskType) Operation() Operation {
	switch t {
	case TaskUserCreate, TaskGroupAdd, TaskLicenseAssign:
		return OpCreate
	case TaskUserSync:
		return OpRead
	case TaskUserUpdate, TaskUserReactivate, TaskRoleUpdate, TaskCredentialRotate, TaskMFAEnable:
		return OpUpdate
	case TaskUserDelete, TaskGroupRemove, TaskLicenseRevoke, TaskSessionRevoke:
		return OpDelete
	case TaskUserDeactivate, TaskMFADisable:
		return OpDisable
	default:
		return OpOther
	}
}

// Revokes reports whether t takes an access away.
func (t TaskType) Revokes() bool {
	switch t {
	case TaskUserDeactivate, TaskUserDelete, TaskGroupRemove, TaskLicenseRevoke, TaskSessionRevoke:
		return true
	default:
		return false
	}
}

// Changes reports whether a success of t leaves something changed in its target.
func (t TaskType) Changes() bool {
	switch t {
	case TaskOther, TaskHTTP, TaskUserSync, TaskSessionLogin, TaskNotify, TaskTransform, TaskApprove, "":
		return false
	default:
		return true
	}
}
