package githubaudit

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an action changes, and what that does to the evidence.
type rule struct {
	change   string
	task     model.TaskType
	coverage model.CoverageEffect
}

func (u rule) set(r *normalize.Record) {
	r.ChangeKind, r.TaskType, r.CoverageEffect = u.change, u.task, u.coverage
	if strings.HasPrefix(r.EventType, "workflows.reject_") {
		r.Outcome = model.Failure
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Permanent, model.CategoryPolicy, model.FromEventType
	}
}

// ruleOf returns the rule of an action, or of the longest family it is in.
func ruleOf(action string) rule {
	for name := action; name != ""; {
		if u, ok := actions(name); ok {
			return u
		}
		name = strings.TrimSuffix(name, ".")
		name = name[:strings.LastIndexByte(name, '.')+1]
	}
	return rule{change: "other"}
}

// actions is keyed by the name of an action; a name that ends in a dot stands
// for a family.
//
//nolint:gocyclo // a table
func actions(name string) (rule, bool) {
	switch name {
	case "workflows.delete_workflow_run", "workflows.delete_workflow_run_logs":
		return rule{"logging", "", model.CoverageDestroys}, true
	case "audit_log_streaming.destroy", "hook.destroy":
		return rule{"logging", "", model.CoverageReduces}, true
	case "audit_log_streaming.create", "hook.create":
		return rule{"logging", "", model.CoverageRestores}, true
	case "audit_log_streaming.", "hook.":
		return rule{change: "logging"}, true
	case "org.audit_log_export", "org.audit_log_git_event_export", "user.audit_log_export", "business.audit_log_export",
		"git.clone", "git.fetch", "repo.download_zip":
		return rule{"read", "", model.CoverageNone}, true
	case "workflows.approve_workflow_job", "workflows.reject_workflow_job", "workflows.approve_workflow_run":
		return rule{"approval", model.TaskApprove, ""}, true
	case "workflows.rerun_workflow_run", "workflows.cancel_workflow_run":
		return rule{change: "command"}, true
	case "workflows.created_workflow_run", "workflows.prepared_workflow_job", "workflows.completed_workflow_run":
		return rule{change: "run"}, true
	case "workflows.", "environment.", "repository_dispatch.":
		return rule{change: "definition"}, true
	case "org.add_member", "team.add_member", "business.add_member":
		return rule{"permission", model.TaskGroupAdd, ""}, true
	case "org.remove_member", "team.remove_member", "org.remove_outside_collaborator", "business.remove_member":
		return rule{"permission", model.TaskGroupRemove, ""}, true
	case "org.update_member", "repo.update_member":
		return rule{"permission", model.TaskRoleUpdate, ""}, true
	case "repo.add_member", "repo.remove_member", "repo.access", "team.", "role.", "organization_role.":
		return rule{change: "permission"}, true
	case "org.disable_two_factor_requirement", "org.enable_two_factor_requirement", "org.disable_saml", "org.enable_saml",
		"protected_branch.", "repository_ruleset.", "business.", "org.", "ip_allow_list.", "ip_allow_list_entry.":
		return rule{change: "policy"}, true
	case "copilot.cfb_seat_assignment_created":
		return rule{"permission", model.TaskLicenseAssign, ""}, true
	case "copilot.cfb_seat_assignment_unassigned":
		return rule{"permission", model.TaskLicenseRevoke, ""}, true
	case "personal_access_token.", "org_credential_authorization.", "oauth_application.", "oauth_access.", "deploy_key.",
		"public_key.", "repository_secret.", "org_secret.", "integration_installation.", "external_identity.":
		return rule{change: "credential"}, true
	case "repo.", "git.", "pull_request.":
		return rule{change: "content"}, true
	default:
		return rule{}, false
	}
}
