package ocsf

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// class is a class of event that is read here.
type class struct {
	uid        int64
	name       string
	kind       normalize.Kind
	activities []activity // activity_id 1 is the first
}

// activity is what an activity_id of a class stands for. The verb is that of
// the task where none is given.
type activity struct {
	name string
	task model.TaskType
	op   model.Operation
}

const (
	scheduledJob     = 1006
	accountChange    = 3001
	entityManagement = 3004
	userAccess       = 3005
	groupManagement  = 3006
	userManagement   = 3007
	appLifecycle     = 6002
	apiActivity      = 6003
)

// activity returns the activity with that id; 0, 99 and those of a later
// version of the schema are other.
func (c *class) activity(id int64) activity {
	if id < 1 || id > int64(len(c.activities)) {
		return activity{name: "other"}
	}
	return c.activities[id-1]
}

func classOf(uid int64) *class {
	for i := range classes {
		if classes[i].uid == uid {
			return &classes[i]
		}
	}
	return nil
}

var classes = [...]class{
	{accountChange, "account_change", normalize.KindAction, []activity{
		{"create", model.TaskUserCreate, ""},
		{"enable", model.TaskUserReactivate, ""},
		{"password_change", model.TaskCredentialRotate, ""},
		{"password_reset", model.TaskCredentialRotate, ""},
		{"disable", model.TaskUserDeactivate, ""},
		{"delete", model.TaskUserDelete, ""},
		{"attach_policy", model.TaskRoleUpdate, model.OpCreate},
		{"detach_policy", model.TaskRoleUpdate, model.OpDelete},
		{"lock", model.TaskUserUpdate, model.OpDisable}, // by a rule, until somebody unlocks it
		{"mfa_factor_enable", model.TaskMFAEnable, ""},
		{"mfa_factor_disable", model.TaskMFADisable, ""},
		{"unlock", model.TaskUserUpdate, ""},
	}},
	{entityManagement, "entity_management", normalize.KindAudit, []activity{
		{"create", "", model.OpCreate},
		{"read", "", model.OpRead},
		{"update", "", model.OpUpdate},
		{"delete", "", model.OpDelete},
		{"move", "", model.OpUpdate},
		{"enroll", "", model.OpCreate},
		{"unenroll", "", model.OpDelete},
		{"enable", "", model.OpUpdate},
		{"disable", "", model.OpDisable},
		{"activate", "", model.OpUpdate},
		{"deactivate", "", model.OpDisable},
		{"suspend", "", model.OpDisable},
		{"resume", "", model.OpUpdate},
	}},
	{userAccess, "user_access", normalize.KindAction, []activity{
		{"assign_privileges", model.TaskRoleUpdate, model.OpCreate},
		{"revoke_privileges", model.TaskRoleUpdate, model.OpDelete},
		{"assign_role", model.TaskRoleUpdate, model.OpCreate},
		{"remove_role", model.TaskRoleUpdate, model.OpDelete},
	}},
	{groupManagement, "group_management", normalize.KindAction, []activity{
		{"assign_privileges", model.TaskRoleUpdate, model.OpCreate},
		{"revoke_privileges", model.TaskRoleUpdate, model.OpDelete},
		{"add_user", model.TaskGroupAdd, ""},
		{"remove_user", model.TaskGroupRemove, ""},
		{"delete", model.TaskOther, model.OpDelete},
		{"create", model.TaskOther, model.OpCreate},
		{"add_subgroup", model.TaskOther, model.OpUpdate},
		{"remove_subgroup", model.TaskOther, model.OpUpdate},
	}},
	{userManagement, "user_management", normalize.KindAction, []activity{
		{"create", model.TaskUserCreate, ""},
		{"update", model.TaskUserUpdate, ""},
		{"delete", model.TaskUserDelete, ""},
		{"enable", model.TaskUserReactivate, ""},
		{"disable", model.TaskUserDeactivate, ""},
		{"lock", model.TaskUserUpdate, model.OpDisable},
		{"unlock", model.TaskUserUpdate, ""},
		{"password_change", model.TaskCredentialRotate, ""},
		{"password_reset", model.TaskCredentialRotate, ""},
		{"attach_policies", model.TaskRoleUpdate, model.OpCreate},
		{"detach_policies", model.TaskRoleUpdate, model.OpDelete},
		{"mfa_factor_enable", model.TaskMFAEnable, ""},
		{"mfa_factor_disable", model.TaskMFADisable, ""},
		{"assign_privileges", model.TaskRoleUpdate, model.OpCreate},
		{"remove_privileges", model.TaskRoleUpdate, model.OpDelete},
		{"assign_roles", model.TaskRoleUpdate, model.OpCreate},
		{"remove_roles", model.TaskRoleUpdate, model.OpDelete},
	}},
	{appLifecycle, "application_lifecycle", normalize.KindAudit, []activity{
		{"install", "", model.OpCreate},
		{"remove", "", model.OpDelete},
		{"start", "", model.OpOther},
		{"stop", "", model.OpOther},
		{"restart", "", model.OpOther},
		{"enable", "", model.OpUpdate},
		{"disable", "", model.OpDisable},
		{"update", "", model.OpUpdate},
	}},
	{apiActivity, "api_activity", normalize.KindAudit, []activity{
		{"create", "", model.OpCreate},
		{"read", "", model.OpRead},
		{"update", "", model.OpUpdate},
		{"delete", "", model.OpDelete},
	}},
	{scheduledJob, "scheduled_job_activity", normalize.KindAudit, []activity{
		{"create", "", model.OpCreate},
		{"update", "", model.OpUpdate},
		{"delete", "", model.OpDelete},
		{"enable", "", model.OpUpdate},
		{"disable", "", model.OpDisable},
		{"start", "", model.OpOther},
	}},
}
