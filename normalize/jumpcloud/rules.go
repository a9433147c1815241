package jumpcloud

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an event type is about: an action has a task, an audit record
// a kind of change.
type rule struct {
	task      model.TaskType
	operation model.Operation
	direction model.Direction
	self      bool // without a user it is about, the event is about who made it
	change    string
}

func (u rule) kind() normalize.Kind {
	if u.change != "" {
		return normalize.KindAudit
	}
	return normalize.KindAction
}

func act(task model.TaskType) rule {
	return rule{task: task, operation: task.Operation(), direction: model.Internal}
}

func self(task model.TaskType) rule {
	u := act(task)
	u.self = true
	return u
}

// ruleOf reads an event type, noun_verb. The types grow with the product; what
// ends in a verb of configuration and is not known here changes a definition.
func ruleOf(typ string) rule {
	if u, ok := rules[typ]; ok {
		return u
	}
	noun, verb := typ, ""
	if at := strings.LastIndexByte(typ, '_'); at >= 0 {
		noun, verb = typ[:at], typ[at+1:]
	}
	switch {
	case verb == "attempt", verb == "auth", strings.HasSuffix(typ, "_auth_failed"):
		return self(model.TaskSessionLogin)
	case strings.HasPrefix(typ, "mdm_command"), strings.HasPrefix(typ, "command_"):
		return rule{task: model.TaskOther, operation: model.OpOther, direction: model.Outbound}
	case strings.HasPrefix(typ, "user_password_"):
		return self(model.TaskCredentialRotate)
	}
	op := operation(verb)
	if op == model.OpOther {
		return act(model.TaskOther)
	}
	return rule{operation: op, change: change(noun)}
}

// rules holds the types that say more than noun and verb.
var rules = map[string]rule{
	"user_create":            act(model.TaskUserCreate),
	"user_create_provision":  act(model.TaskUserCreate),
	"user_update":            act(model.TaskUserUpdate),
	"user_update_provision":  act(model.TaskUserUpdate),
	"user_delete":            act(model.TaskUserDelete),
	"user_delete_provision":  act(model.TaskUserDelete),
	"user_suspended":         act(model.TaskUserDeactivate),
	"user_deactivated":       act(model.TaskUserDeactivate),
	"user_lockout":           act(model.TaskUserDeactivate),
	"user_activated":         act(model.TaskUserReactivate),
	"user_unsuspended":       act(model.TaskUserReactivate),
	"user_unlocked":          act(model.TaskUserReactivate),
	"admin_unlock":           act(model.TaskUserReactivate),
	"ldap_bind":              self(model.TaskSessionLogin),
	"ldap_search":            act(model.TaskOther),
	"totp_finish_enrollment": self(model.TaskMFAEnable),
	"totp_delete_enrollment": self(model.TaskMFADisable),
	"totp_start_enrollment":  self(model.TaskOther),
	"association_change":     {task: model.TaskOther, operation: model.OpOther, direction: model.Internal},
}

func operation(verb string) model.Operation {
	switch verb {
	case "create", "add", "created":
		return model.OpCreate
	case "update", "updated", "change", "enable", "set":
		return model.OpUpdate
	case "delete", "remove", "deleted", "revoke":
		return model.OpDelete
	case "disable":
		return model.OpDisable
	case "read", "export", "download":
		return model.OpRead
	default:
		return model.OpOther
	}
}

func change(noun string) string {
	switch {
	case strings.Contains(noun, "key"), strings.Contains(noun, "secret"), strings.Contains(noun, "certificate"), strings.Contains(noun, "password"):
		return "credential"
	case strings.Contains(noun, "policy"):
		return "policy"
	case strings.HasPrefix(noun, "admin"), strings.Contains(noun, "role"):
		return "permission"
	default:
		return "definition"
	}
}
