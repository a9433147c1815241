package sailpoint

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an event is about.
type rule struct {
	task      model.TaskType
	operation model.Operation
	change    string // of audit records
}

func (u rule) kind() normalize.Kind {
	if u.change != "" {
		return normalize.KindAudit
	}
	return normalize.KindAction
}

func act(task model.TaskType) rule { return rule{task: task, operation: task.Operation()} }

// rule reads the type of an event and what it does to which object. The types
// are those of the search index, such as PROVISIONING.
func (e *event) rule() rule {
	word := strings.ToUpper(firstText(e.technical, e.action))
	object := strings.ToUpper(e.objects.First().Text())
	if !e.objects.Exists() {
		object, _, _ = strings.Cut(word, "_")
	}
	op := operation(e.operation.Text(), word)
	switch typ := strings.ToUpper(e.typ.Text()); typ {
	case "AUTH", "SSO", "SAML":
		return act(model.TaskSessionLogin)
	case "PASSWORD_ACTIVITY":
		return act(model.TaskCredentialRotate)
	case "PROVISIONING", "USER_MANAGEMENT", "IDENTITY_MANAGEMENT", "ACCESS_ITEM", "ACCESS_REQUEST":
		return act(taskOf(object, op, word))
	case "CERTIFICATION", "APPROVAL":
		return rule{model.TaskApprove, op, "approval"}
	case "SYSTEM_CONFIG", "SOURCE_MANAGEMENT":
		if strings.Contains(word, "AGGREGAT") {
			return act(model.TaskUserSync)
		}
		return rule{"", op, "definition"}
	case "POLICY_UPDATE":
		return rule{"", op, "policy"}
	}
	switch object {
	case "USER", "ACCOUNT", "IDENTITY", "ENTITLEMENT":
		return act(taskOf(object, op, word))
	}
	return rule{"", op, "definition"}
}

// operation reads the operation of an event, or else the words of its name.
func operation(words ...string) model.Operation {
	for _, word := range words {
		word = strings.ToUpper(word)
		for _, v := range verbs {
			if strings.Contains(word, v.word) {
				return v.op
			}
		}
	}
	return model.OpOther
}

// verbs are tried in order.
var verbs = [...]struct {
	word string
	op   model.Operation
}{
	{"DISABLE", model.OpDisable},
	{"SUSPEND", model.OpDisable},
	{"DELETE", model.OpDelete},
	{"REMOVE", model.OpDelete},
	{"REVOKE", model.OpDelete},
	{"CREATE", model.OpCreate},
	{"ADD", model.OpCreate},
	{"GRANT", model.OpCreate},
	{"ENABLE", model.OpUpdate},
	{"UNLOCK", model.OpUpdate},
	{"UPDATE", model.OpUpdate},
	{"MODIFY", model.OpUpdate},
	{"SET", model.OpUpdate},
	{"READ", model.OpRead},
	{"AGGREGATE", model.OpRead},
	{"SYNC", model.OpRead},
}

// taskOf tells accesses from accounts.
func taskOf(object string, op model.Operation, word string) model.TaskType {
	switch object {
	case "ENTITLEMENT", "ACCESS", "ACCESS_PROFILE", "ROLE":
		switch op {
		case model.OpCreate:
			return model.TaskLicenseAssign
		case model.OpDelete, model.OpDisable:
			return model.TaskLicenseRevoke
		}
		return model.TaskRoleUpdate
	case "PASSWORD":
		return model.TaskCredentialRotate
	}
	switch {
	case op == model.OpCreate:
		return model.TaskUserCreate
	case op == model.OpDelete:
		return model.TaskUserDelete
	case op == model.OpDisable:
		return model.TaskUserDeactivate
	case op == model.OpUpdate && (strings.Contains(word, "ENABLE") || strings.Contains(word, "UNLOCK")):
		return model.TaskUserReactivate
	case op == model.OpUpdate:
		return model.TaskUserUpdate
	case op == model.OpRead:
		return model.TaskUserSync
	default:
		return model.TaskOther
	}
}

// eventStatus reads the status of an event.
func eventStatus(word string) (model.State, model.Outcome) {
	switch word {
	case "STARTED":
		return model.Running, ""
	case "PASSED", "ACTION":
		return model.Terminal, model.Success
	case "FAILED":
		return model.Terminal, model.Failure
	case "ESCALATED", "FORWARDED":
		return model.Waiting, ""
	default:
		return model.UnknownState, ""
	}
}

// requestStatus reads the result of an account request: the words of the
// trigger, and those of a ProvisioningState, with its spelling. UNVERIFIABLE
// says that the target cannot be asked.
func requestStatus(word string) (model.State, model.Outcome, model.Effect) {
	switch strings.ToUpper(word) {
	case "PENDING", "QUEUED":
		return model.Waiting, "", ""
	case "RETRY":
		return model.Retrying, "", ""
	case "COMMITED", "COMMITTED", "FINISHED", "SUCCESS": //nolint:misspell // as the vendor spells it
		return model.Terminal, model.Success, model.Changed
	case "UNVERIFIABLE":
		return model.Terminal, model.Success, model.Unverified
	case "FAILED":
		return model.Terminal, model.Failure, ""
	default:
		return model.UnknownState, "", ""
	}
}

// requestTask reads the operation of an account request; one that modifies
// entitlements alone grants or revokes an access.
func requestTask(operation string, n edits) model.TaskType {
	switch strings.ToLower(operation) {
	case "create":
		return model.TaskUserCreate
	case "delete":
		return model.TaskUserDelete
	case "disable", "lock":
		return model.TaskUserDeactivate
	case "enable", "unlock":
		return model.TaskUserReactivate
	case "modify":
		switch {
		case n.others > 0 || n.adds > 0 && n.removes > 0:
			return model.TaskUserUpdate
		case n.adds > 0:
			return model.TaskLicenseAssign
		case n.removes > 0:
			return model.TaskLicenseRevoke
		}
		return model.TaskUserUpdate
	default:
		return model.TaskOther
	}
}
