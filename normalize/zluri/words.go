package zluri

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize/jsonx"
)

// status translates the status of a run, a user, an application or an action.
func status(native string) model.Child {
	switch strings.ToLower(native) {
	case "completed":
		return model.Child{State: model.Terminal, Outcome: model.Success}
	case "completed with errors":
		return model.Child{State: model.Terminal, Outcome: model.Partial}
	case "failed":
		return model.Child{State: model.Terminal, Outcome: model.Failure}
	case "pending":
		return model.Child{State: model.Waiting}
	default:
		return model.Child{State: model.UnknownState}
	}
}

func trigger(source string) model.TriggerKind {
	switch strings.ToLower(source) {
	case "manual":
		return model.TriggerManual
	case "automation rule":
		return model.TriggerRule
	case "scheduled run", "scheduled":
		return model.TriggerSchedule
	default:
		return model.TriggerUnknown
	}
}

// waitReason explains a Pending: by the member wait_reason, in the words of the
// vendor or ours, or else by the manual task it has.
func waitReason(v jsonx.Value) model.WaitReason {
	word := strings.ToLower(v.Get("wait_reason").Text())
	switch {
	case strings.Contains(word, "approval"):
		return model.WaitApproval
	case strings.Contains(word, "manual"):
		return model.WaitManualTask
	case strings.Contains(word, "sync"):
		return model.WaitSync
	case word == "" && v.Get("manual_task").Kind() == jsonx.Object:
		return model.WaitManualTask
	default:
		return model.WaitUnknown
	}
}

// lifecycle is what the type of a workflow states, or else its name.
func lifecycle(kind, name string) string {
	for _, text := range [...]string{strings.ToLower(kind), strings.ToLower(name)} {
		switch {
		case strings.Contains(text, "offboard"), strings.Contains(text, "leaver"):
			return "leaver"
		case strings.Contains(text, "onboard"), strings.Contains(text, "joiner"):
			return "joiner"
		case strings.Contains(text, "mover"), strings.Contains(text, "role change"):
			return "mover"
		}
	}
	return ""
}

// tasks are tried in order: an action is of the first type whose verb starts
// its name and whose noun is in it.
var tasks = [...]struct {
	verb, noun string
	task       model.TaskType
}{
	{"add", "channel", model.TaskGroupAdd},
	{"add", "group", model.TaskGroupAdd},
	{"add", "team", model.TaskGroupAdd},
	{"invite", "channel", model.TaskGroupAdd},
	{"remove", "channel", model.TaskGroupRemove},
	{"remove", "group", model.TaskGroupRemove},
	{"remove", "team", model.TaskGroupRemove},
	{"assign", "license", model.TaskLicenseAssign},
	{"add", "license", model.TaskLicenseAssign},
	{"remove", "license", model.TaskLicenseRevoke},
	{"revoke", "license", model.TaskLicenseRevoke},
	{"unassign", "license", model.TaskLicenseRevoke},
	{"assign", "role", model.TaskRoleUpdate},
	{"update", "role", model.TaskRoleUpdate},
	{"change", "role", model.TaskRoleUpdate},
	{"remove", "role", model.TaskRoleUpdate},
	{"reset", "password", model.TaskCredentialRotate},
	{"sign out", "", model.TaskSessionRevoke},
	{"revoke", "session", model.TaskSessionRevoke},
	{"revoke", "token", model.TaskSessionRevoke},
	{"add", "user", model.TaskUserCreate},
	{"create", "user", model.TaskUserCreate},
	{"create", "account", model.TaskUserCreate},
	{"invite", "user", model.TaskUserCreate},
	{"remove", "user", model.TaskUserDelete},
	{"delete", "user", model.TaskUserDelete},
	{"delete", "account", model.TaskUserDelete},
	{"deactivate", "user", model.TaskUserDeactivate},
	{"deactivate", "account", model.TaskUserDeactivate},
	{"disable", "user", model.TaskUserDeactivate},
	{"suspend", "user", model.TaskUserDeactivate},
	{"reactivate", "user", model.TaskUserReactivate},
	{"activate", "user", model.TaskUserReactivate},
	{"enable", "user", model.TaskUserReactivate},
	{"update", "user", model.TaskUserUpdate},
	{"sync", "", model.TaskUserSync},
	{"send", "", model.TaskNotify},
	{"notify", "", model.TaskNotify},
	{"approv", "", model.TaskApprove},
	{"request", "approval", model.TaskApprove},
	{"http", "", model.TaskHTTP},
	{"webhook", "", model.TaskHTTP},
}

// taskType reads the name of an action: "Add user to #sales channel".
func taskType(action string) model.TaskType {
	action = strings.ToLower(strings.TrimSpace(action))
	for _, t := range tasks {
		if strings.HasPrefix(action, t.verb) && strings.Contains(action, t.noun) {
			return t.task
		}
	}
	return model.TaskOther
}
