package actiontrail

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an event changes.
type rule struct {
	change   string
	task     model.TaskType
	coverage model.CoverageEffect
}

// set notes the change on r. What was tried in vain did nothing to the evidence.
func (u rule) set(r *normalize.Record) {
	r.ChangeKind, r.TaskType, r.CoverageEffect = u.change, u.task, u.coverage
	if u.coverage != "" && r.Outcome != model.Success {
		r.CoverageEffect = model.CoverageNone
	}
}

// ruleOf finds the rule of an event by its service and name, or else by what
// its verb says. access is Read or Write.
func ruleOf(service, name, access string) rule {
	switch strings.ToLower(service) {
	case "actiontrail":
		if u, ok := trail(name); ok {
			return u
		}
	case "eiam":
		if name == "RunSynchronizationJob" {
			return rule{change: "command", task: model.TaskUserSync}
		}
	}
	switch {
	case strings.HasPrefix(name, "ConsoleSign"):
		return rule{change: "session", task: sessionTask(name)}
	case access == "Read":
		return rule{change: "read", coverage: model.CoverageNone}
	}
	for _, n := range nouns {
		if strings.Contains(name, n.noun) {
			return rule{change: n.change, task: n.task(name)}
		}
	}
	return rule{change: "definition"}
}

// trail are the operations on trails, which are the evidence itself.
func trail(name string) (rule, bool) {
	switch name {
	case "StopLogging":
		return rule{change: "logging", coverage: model.CoverageReduces}, true
	case "DeleteTrail":
		return rule{change: "logging", coverage: model.CoverageDestroys}, true
	case "StartLogging", "CreateTrail", "CreateDeliveryHistoryJob":
		return rule{change: "logging", coverage: model.CoverageRestores}, true
	case "UpdateTrail", "DeleteDeliveryHistoryJob", "UpdateGlobalEventsStorageRegion":
		return rule{change: "logging"}, true
	default:
		return rule{}, false
	}
}

func sessionTask(name string) model.TaskType {
	if name == "ConsoleSignin" {
		return model.TaskSessionLogin
	}
	return model.TaskOther
}

// nouns are tried in order: the first one in the name of an operation decides.
var nouns = [...]struct {
	noun, change string
	task         func(name string) model.TaskType
}{
	{"AccessKey", "credential", other},
	{"LoginProfile", "credential", other},
	{"Password", "credential", func(string) model.TaskType { return model.TaskCredentialRotate }},
	{"ClientSecret", "credential", other},
	{"MFA", "credential", mfa},
	{"Policy", "permission", other},
	{"Role", "permission", other},
	{"Group", "permission", group},
	{"Authorization", "permission", other},
	{"User", "identity", user},
}

func other(string) model.TaskType { return "" }

func mfa(name string) model.TaskType {
	switch verb(name) {
	case "Bind", "Create", "Enable":
		return model.TaskMFAEnable
	case "Unbind", "Delete", "Disable":
		return model.TaskMFADisable
	default:
		return ""
	}
}

func group(name string) model.TaskType {
	if !strings.Contains(name, "User") {
		return ""
	}
	switch verb(name) {
	case "Add":
		return model.TaskGroupAdd
	case "Remove":
		return model.TaskGroupRemove
	default:
		return ""
	}
}

func user(name string) model.TaskType {
	switch verb(name) {
	case "Create":
		return model.TaskUserCreate
	case "Update", "Set":
		return model.TaskUserUpdate
	case "Delete":
		return model.TaskUserDelete
	case "Disable", "Lock":
		return model.TaskUserDeactivate
	case "Enable", "Unlock":
		return model.TaskUserReactivate
	default:
		return ""
	}
}

// verb returns the first word of an operation: Create of CreateUser.
func verb(name string) string {
	for i := 1; i < len(name); i++ {
		if name[i] >= 'A' && name[i] <= 'Z' {
			return name[:i]
		}
	}
	return name
}
