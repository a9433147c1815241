package okta

import (
	"strings"
	"testing"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestStatusOf(t *testing.T) {
	cases := map[string]status{
		"SUCCESS":    {state: model.Terminal, outcome: model.Success},
		"ALLOW":      {state: model.Terminal, outcome: model.Success},
		"FAILURE":    {state: model.Terminal, outcome: model.Failure},
		"DENY":       {model.Terminal, model.Failure, "", model.Permanent, model.CategoryPolicy},
		"SKIPPED":    {state: model.Terminal, outcome: model.Skipped},
		"RATE_LIMIT": {model.Terminal, model.Failure, "", model.Temporary, model.CategoryRateLimit},
		"DEFERRED":   {state: model.Waiting, wait: model.WaitUnknown},
		"SCHEDULED":  {state: model.Queued},
		"CHALLENGE":  {state: model.Waiting, wait: model.WaitCallback},
		"UNANSWERED": {model.Terminal, model.Timeout, "", model.Temporary, model.CategoryTimeout},
		"ABANDONED":  {state: model.Terminal, outcome: model.Cancelled},
		"UNKNOWN":    {state: model.UnknownState},
		"":           {state: model.UnknownState},
		"success":    {state: model.UnknownState},
		"TOMORROW":   {state: model.UnknownState},
	}
	for result, want := range cases {
		if got := statusOf(result); got != want {
			t.Errorf("%q: got %+v, want %+v", result, got, want)
		}
	}
}

func TestRuleOf(t *testing.T) {
	cases := map[string]struct {
		task   model.TaskType
		change string
	}{
		"application.provision.user.push":                    {task: model.TaskUserCreate},
		"application.provision.user.import":                  {task: model.TaskUserSync}, // not what the catalogue says
		"application.provision.user.of_tomorrow":             {task: model.TaskUserUpdate},
		"group.user_membership.remove":                       {task: model.TaskGroupRemove},
		"user.lifecycle.delete.initiated":                    {task: model.TaskUserDelete},
		"user.authentication.auth_via_mfa":                   {task: model.TaskSessionLogin},
		"user.authentication.universal_logout":               {task: model.TaskSessionRevoke},
		"policy.evaluate_sign_on":                            {task: model.TaskSessionLogin},
		"policy.rule.update":                                 {change: "policy"},
		"system.api_token.create":                            {change: "credential"},
		"workflows.user.flow.save":                           {change: "definition"},
		"workflows.user.flow.execution_history.delete":       {change: "logging"},
		"system.log_stream.lifecycle.of_tomorrow":            {change: "logging"},
		"access.request.resolve":                             {task: model.TaskApprove, change: "approval"},
		"access.request.condition.update":                    {change: "policy"},
		"application.provision.group_push.mapping.created":   {task: model.TaskOther},
		"system.import.user.update_user_lifecycle_from_time": {task: model.TaskUserSync},
		"quantum.entanglement.begin":                         {task: model.TaskOther},
		"user":                                               {task: model.TaskOther},
		".":                                                  {task: model.TaskOther},
		"user.":                                              {task: model.TaskOther},
	}
	for name, want := range cases {
		if got := ruleOf(name); got.task != want.task || got.change != want.change {
			t.Errorf("%s: got task %q, change %q; want %q, %q", name, got.task, got.change, want.task, want.change)
		}
	}
}

// TestRulesAreWhole holds each rule to what the records made by it need.
func TestRulesAreWhole(t *testing.T) {
	for name, u := range rules {
		switch {
		case u.kind == normalize.KindAudit && (u.change == "" || u.state != ""):
			t.Errorf("%s: an audit record needs a kind of change and has no state: %+v", name, u)
		case u.kind == normalize.KindRun && (u.workflow == "" || u.state == "" || strings.HasSuffix(name, ".")):
			t.Errorf("%s: a run needs a workflow, a state and one event type: %+v", name, u)
		case u.kind == normalize.KindRun && (u.state == model.Terminal) != (u.outcome != ""):
			t.Errorf("%s: state %q with outcome %q", name, u.state, u.outcome)
		case u.kind == 0 && (u.task == "" || u.direction == ""):
			t.Errorf("%s: an action needs a task and a direction: %+v", name, u)
		case (u.change == "logging") != (u.coverage != ""):
			t.Errorf("%s: change %q with coverage effect %q", name, u.change, u.coverage)
		}
	}
}

func TestIsCode(t *testing.T) {
	for s, want := range map[string]bool{
		"INVALID_CREDENTIALS": true, "LOCKED_OUT": true, "HTTP": true, "E0000022": true,
		"": false, "OK": false, "Invalid credentials": false, "4711": false, "USER NOT FOUND": false, "_X_": true,
	} {
		if isCode(s) != want {
			t.Errorf("isCode(%q) = %t", s, !want)
		}
	}
}
