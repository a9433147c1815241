package pingone

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an action type is about: an action has a task, an audit
// record a kind of change.
type rule struct {
	task      model.TaskType
	operation model.Operation
	change    string
	coverage  model.CoverageEffect
}

func (u rule) kind() normalize.Kind {
	if u.change != "" {
		return normalize.KindAudit
	}
	return normalize.KindAction
}

// ruleOf reads an action type, NOUN.VERB. The nouns are many and grow, so that
// what is not known here and has a verb of configuration is a change of a
// definition, and anything else an action of which no more is known.
func ruleOf(typ string) rule {
	noun, verb := typ, ""
	if at := strings.LastIndexByte(typ, '.'); at >= 0 {
		noun, verb = typ[:at], typ[at+1:]
	}
	op := operation(verb)
	switch noun {
	case "USER":
		return act(userTask(verb))
	case "GROUP_MEMBERSHIP", "MEMBER_OF_GROUP", "MEMBER_OF_GROUPS", "GROUP_NESTING":
		return act(either(op, model.TaskGroupAdd, model.TaskGroupRemove))
	case "ROLE_ASSIGNMENT":
		return act(model.TaskRoleUpdate)
	case "PASSWORD":
		return act(passwordTask(verb))
	case "DEVICE", "MFA_DEVICE", "MULTI_FACTOR_AUTH":
		return act(either(op, model.TaskMFAEnable, model.TaskMFADisable))
	case "SESSION":
		return act(either(op, model.TaskSessionLogin, model.TaskSessionRevoke))
	case "AUTHENTICATION", "SIGN_ON", "OTP", "FLOW":
		return act(model.TaskSessionLogin)
	case "SUBSCRIPTION":
		return rule{operation: op, change: "logging", coverage: coverage(op)}
	}
	change := ""
	switch {
	case op == model.OpRead:
		change = "read"
	case strings.Contains(noun, "SECRET"), strings.Contains(noun, "CERTIFICATE"), strings.Contains(noun, "KEY"), strings.Contains(noun, "CREDENTIAL"):
		change = "credential"
	case strings.Contains(noun, "POLICY"):
		change = "policy"
	case strings.Contains(noun, "GRANT"), strings.Contains(noun, "SCOPE"), strings.Contains(noun, "ROLE"):
		change = "permission"
	case op != model.OpOther:
		change = "definition"
	default:
		return act(model.TaskOther)
	}
	return rule{operation: op, change: change}
}

func act(task model.TaskType) rule { return rule{task: task, operation: task.Operation()} }

func operation(verb string) model.Operation {
	switch verb {
	case "CREATED", "ADDED", "IMPORTED":
		return model.OpCreate
	case "UPDATED", "RENAMED", "REPLACED", "DEPLOYED", "ENABLED":
		return model.OpUpdate
	case "DELETED", "REMOVED", "REVOKED":
		return model.OpDelete
	case "DISABLED":
		return model.OpDisable
	case "READ", "EXPORTED":
		return model.OpRead
	default:
		return model.OpOther
	}
}

func either(op model.Operation, added, removed model.TaskType) model.TaskType {
	switch op {
	case model.OpCreate:
		return added
	case model.OpDelete, model.OpDisable:
		return removed
	default:
		return model.TaskOther
	}
}

func userTask(verb string) model.TaskType {
	switch verb {
	case "CREATED", "IMPORTED":
		return model.TaskUserCreate
	case "UPDATED", "RENAMED":
		return model.TaskUserUpdate
	case "DELETED":
		return model.TaskUserDelete
	case "DISABLED", "LOCKED", "SUSPENDED":
		return model.TaskUserDeactivate
	case "ENABLED", "UNLOCKED":
		return model.TaskUserReactivate
	case "ACCESS_ALLOWED", "ACCESS_DENIED":
		return model.TaskSessionLogin
	default:
		return model.TaskOther
	}
}

// passwordTask tells a change of a password from the checks of one.
func passwordTask(verb string) model.TaskType {
	switch {
	case strings.HasPrefix(verb, "CHECK"):
		return model.TaskSessionLogin
	case verb == "RESET", verb == "SET", verb == "UPDATED", verb == "CREATED", verb == "CHANGED":
		return model.TaskCredentialRotate
	default:
		return model.TaskOther
	}
}

// coverage says what a change of a webhook does to the evidence it carries.
func coverage(op model.Operation) model.CoverageEffect {
	switch op {
	case model.OpCreate:
		return model.CoverageRestores
	case model.OpDelete, model.OpDisable:
		return model.CoverageReduces
	default:
		return model.CoverageNone
	}
}
