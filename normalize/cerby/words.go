package cerby

import (
	"strings"

	"github.com/runledger/runledger/model"
)

// word returns a word of the vendor in one spelling: Not completed, NOT_COMPLETED.
func word(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", " ")) }

func notCompleted(status string) bool { return word(status) == "not completed" }

func statusOf(native string) model.Child {
	switch word(native) {
	case "queued":
		return model.Child{State: model.Queued}
	case "started":
		return model.Child{State: model.Started}
	case "running":
		return model.Child{State: model.Running}
	case "retrying":
		return model.Child{State: model.Retrying}
	case "completed":
		return model.Child{State: model.Terminal, Outcome: model.Success}
	case "not completed":
		return model.Child{State: model.Terminal, Outcome: model.Failure}
	default:
		return model.Child{State: model.UnknownState}
	}
}

func taskOf(task string) model.TaskType {
	switch word(task) {
	case "adding users":
		return model.TaskUserCreate
	case "syncing users":
		return model.TaskUserSync
	case "updating user roles":
		return model.TaskRoleUpdate
	case "removing users":
		return model.TaskUserDelete
	case "rotating passwords":
		return model.TaskCredentialRotate
	case "turning on mfa":
		return model.TaskMFAEnable
	case "turning off mfa":
		return model.TaskMFADisable
	case "logging in":
		return model.TaskSessionLogin
	case "logging out", "revoking sessions":
		return model.TaskSessionRevoke
	default:
		return model.TaskOther
	}
}

// triggerOf reads the trigger. Universal Logout is pressed by a user, or extended
// from an identity provider, which is an event.
func triggerOf(native string, byUser, nested bool) model.TriggerKind {
	switch word(native) {
	case "web app":
		return model.TriggerManual
	case "workspace policy": // a daily synchronisation
		return model.TriggerSchedule
	case "password policy":
		return model.TriggerPolicy
	case "scim":
		return model.TriggerSCIM
	case "team events", "collection events":
		return model.TriggerEvent
	case "universal logout":
		if byUser {
			return model.TriggerManual
		}
		return model.TriggerEvent
	case "cerby api":
		return model.TriggerAPI
	case "cerby admin api":
		return model.TriggerAdminAPI
	default:
		if nested {
			return model.TriggerNested
		}
		return model.TriggerUnknown
	}
}

// actorOf reads who triggered a job. Behind the Admin API stands the vendor,
// who is nobody of the tenant, whatever the log calls them.
func actorOf(kind string, trigger model.TriggerKind) model.ActorType {
	switch {
	case trigger == model.TriggerAdminAPI:
		return model.ActorVendorOperator
	case word(kind) == "cerby":
		return model.ActorSystem
	case word(kind) == "user":
		return model.ActorUser
	default:
		return ""
	}
}
