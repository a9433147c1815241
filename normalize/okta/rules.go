package okta

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what an event type, or a family of them, is about. The zero rule
// is an action of which nothing more is known.
type rule struct {
	kind      normalize.Kind // 0 is an action
	task      model.TaskType
	direction model.Direction
	self      bool // without a target user the actor is the subject
	fails     bool // Okta writes this type for failures alone

	// Of runs.
	workflow string
	state    model.State
	outcome  model.Outcome
	wait     model.WaitReason
	jobOnly  bool // announces a job from outside of it

	// Of audit records.
	change   string
	coverage model.CoverageEffect

	// Of failures.
	retry    string // what Okta says about retries
	class    model.ErrorClass
	category model.ErrorCategory
}

// kindOf returns the kind of record an event becomes in a transaction. Without
// a transaction that the start and the end of a job share, an event of a job is
// but a step: a run of it would never end.
func (u rule) kindOf(t transaction) normalize.Kind {
	switch {
	case u.kind == 0, u.kind == normalize.KindRun && (t.id == "" || u.jobOnly && !t.job()):
		return normalize.KindAction
	default:
		return u.kind
	}
}

// ruleOf returns the rule of the event type, or of the longest family it is in.
func ruleOf(name string) rule {
	if u, ok := rules[name]; ok {
		return u
	}
	for at := strings.LastIndexByte(name, '.'); at > 0; at = strings.LastIndexByte(name[:at], '.') {
		if u, ok := rules[name[:at+1]]; ok {
			return u
		}
	}
	return rule{task: model.TaskOther, direction: model.Internal}
}

func action(task model.TaskType) rule { return rule{task: task, direction: model.Internal} }

func self(task model.TaskType) rule {
	return rule{task: task, direction: model.Internal, self: true}
}

func push(task model.TaskType) rule { return rule{task: task, direction: model.Outbound} }

func pull(task model.TaskType) rule { return rule{task: task, direction: model.Inbound} }

func (u rule) failing(class model.ErrorClass, category model.ErrorCategory) rule {
	u.fails, u.class, u.category = true, class, category
	return u
}

func (u rule) retrying(state string, class model.ErrorClass, category model.ErrorCategory) rule {
	u.retry = state
	return u.failing(class, category)
}

func run(workflow string, d model.Direction, s model.State, o model.Outcome) rule {
	return rule{kind: normalize.KindRun, task: model.TaskUserSync, workflow: workflow, direction: d, state: s, outcome: o}
}

func audit(change string) rule { return rule{kind: normalize.KindAudit, change: change} }

func logging(effect model.CoverageEffect) rule {
	return rule{kind: normalize.KindAudit, change: "logging", coverage: effect}
}

func approval() rule {
	return rule{kind: normalize.KindAudit, change: "approval", task: model.TaskApprove}
}

const (
	importJob   = "system.import"
	csvJob      = "system.import.user_csv"
	agentImport = "app.ai_agent_provider.import"
	syncJob     = "app.app_instance.provision_sync_job"
)

// rules is keyed by event type; a key that ends in a dot stands for a family.
// It follows the catalogue of event types, with two exceptions: the catalogue
// describes application.provision.user.import as a deactivation, which it is
// not, and it knows some types, such as those of group membership in apps, for
// failures alone.
var rules = map[string]rule{
	// Provisioning to apps.
	"application.provision.user.":                     push(model.TaskUserUpdate),
	"application.provision.user.push":                 push(model.TaskUserCreate),
	"application.provision.user.activate":             push(model.TaskUserReactivate),
	"application.provision.user.reactivate":           push(model.TaskUserReactivate),
	"application.provision.user.deactivate":           push(model.TaskUserDeactivate),
	"application.provision.user.deprovision":          push(model.TaskUserDeactivate),
	"application.provision.user.push_profile":         push(model.TaskUserUpdate),
	"application.provision.user.push_password":        push(model.TaskCredentialRotate),
	"application.provision.user.push_okta_password":   push(model.TaskCredentialRotate),
	"application.provision.user.password":             push(model.TaskCredentialRotate).failing("", ""),
	"application.provision.user.sync":                 push(model.TaskUserSync),
	"application.provision.user.verify_exists":        push(model.TaskUserSync),
	"application.provision.user.import":               pull(model.TaskUserSync),
	"application.provision.user.import_profile":       pull(model.TaskUserSync),
	"application.provision.group.":                    push(model.TaskOther).failing("", ""),
	"application.provision.group.import":              pull(model.TaskUserSync).failing("", ""),
	"application.provision.group_membership.add":      push(model.TaskGroupAdd).failing("", ""),
	"application.provision.group_membership.remove":   push(model.TaskGroupRemove).failing("", ""),
	"application.provision.group_membership.update":   push(model.TaskOther).failing("", ""),
	"application.provision.group_membership.import":   pull(model.TaskUserSync).failing("", ""),
	"application.provision.group_push.":               push(model.TaskOther),
	"application.provision.integration.":              push(model.TaskHTTP),
	"application.provision.field_mapping_rule.change": audit("definition"),
	"application.provision.group_push.mapping.update.or.delete.failed": push(model.TaskOther).
		retrying("in_progress", model.Temporary, model.CategoryAPITransient),
	"application.provision.group_push.mapping.update.or.delete.failed.with.error": push(model.TaskOther).
		retrying("non_retryable_failure", model.Permanent, model.CategoryUnknown),
	"app.user_management.push_new_user_success":         push(model.TaskUserCreate),
	"app.user_management.":                              pull(model.TaskUserSync),
	"app.realtimesync.import.details.":                  pull(model.TaskUserSync),
	"app.office365.api.error.":                          push(model.TaskOther).failing("", ""),
	"app.office365.api.error.create.user":               push(model.TaskUserCreate).failing("", ""),
	"app.office365.api.error.deactivate.user":           push(model.TaskUserDeactivate).failing("", ""),
	"app.office365.api.error.reactivate.user":           push(model.TaskUserReactivate).failing("", ""),
	"app.office365.api.error.push.profile":              push(model.TaskUserUpdate).failing("", ""),
	"app.office365.api.error.push.password":             push(model.TaskCredentialRotate).failing("", ""),
	"app.office365.api.error.validate.creds":            push(model.TaskOther).failing(model.Permanent, model.CategoryAuth),
	"app.office365.api.error.endpoint.unavailable":      push(model.TaskOther).failing(model.Temporary, model.CategoryAPITransient),
	"app.office365.graph.api.error.rate-limit.exceeded": push(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),
	"app.office365.user.delete.success":                 push(model.TaskUserDelete),
	"app.office365.user.remove.licenses.success":        push(model.TaskLicenseRevoke),
	"application.integration.":                          push(model.TaskHTTP).failing("", ""),
	"application.integration.authentication_failure":    push(model.TaskHTTP).failing(model.Permanent, model.CategoryAuth),
	"application.integration.rate_limit_exceeded":       push(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),

	// Jobs.
	syncJob + ".started":                        run(syncJob, model.Outbound, model.Running, ""),
	syncJob + ".completed":                      run(syncJob, model.Outbound, model.Terminal, model.Success),
	syncJob + ".failed":                         run(syncJob, model.Outbound, model.Terminal, model.Failure).failing("", ""),
	importJob + ".":                             pull(model.TaskUserSync),
	importJob + ".schedule":                     announced(run(importJob, model.Inbound, model.Queued, "")),
	importJob + ".start":                        run(importJob, model.Inbound, model.Running, ""),
	importJob + ".complete":                     run(importJob, model.Inbound, model.Terminal, model.Success),
	importJob + ".roadblock":                    roadblock(),
	importJob + ".roadblock.resume":             announced(run(importJob, model.Inbound, model.Terminal, model.Cancelled)),
	importJob + ".roadblock.updated":            audit("definition"),
	importJob + ".user.create":                  pull(model.TaskUserCreate),
	importJob + ".user.update":                  pull(model.TaskUserUpdate),
	importJob + ".user.delete":                  pull(model.TaskUserDelete),
	importJob + ".user.suspend":                 pull(model.TaskUserDeactivate),
	importJob + ".user.unsuspend":               pull(model.TaskUserReactivate),
	importJob + ".user.unsuspend_after_confirm": pull(model.TaskUserReactivate),
	csvJob + ".start":                           run(csvJob, model.Inbound, model.Running, ""),
	csvJob + ".complete":                        run(csvJob, model.Inbound, model.Terminal, model.Success),
	agentImport + ".start":                      run(agentImport, model.Inbound, model.Running, ""),
	agentImport + ".complete":                   run(agentImport, model.Inbound, model.Terminal, model.Success),
	"system.identity_sources.user.create":       pull(model.TaskUserCreate),
	"system.identity_sources.user.update":       pull(model.TaskUserUpdate),
	"system.identity_sources.user.delete":       pull(model.TaskUserDelete),
	"system.identity_sources.group.user.assign": pull(model.TaskGroupAdd),
	"system.identity_sources.group.user.revoke": pull(model.TaskGroupRemove),
	"system.identity_sources.":                  pull(model.TaskUserSync),

	// Assignments.
	"application.user_membership.":                action(model.TaskUserUpdate),
	"application.user_membership.add":             action(model.TaskLicenseAssign),
	"application.user_membership.approve":         action(model.TaskLicenseAssign),
	"application.user_membership.restore":         action(model.TaskLicenseAssign),
	"application.user_membership.provision":       action(model.TaskUserCreate),
	"application.user_membership.remove":          action(model.TaskLicenseRevoke),
	"application.user_membership.revoke":          action(model.TaskLicenseRevoke),
	"application.user_membership.deprovision":     action(model.TaskUserDeactivate),
	"application.user_membership.change_password": action(model.TaskCredentialRotate),
	"application.user_membership.show_password":   action(model.TaskOther),
	"group.user_membership.add":                   action(model.TaskGroupAdd),
	"group.user_membership.remove":                action(model.TaskGroupRemove),
	"group.user_membership.rule.":                 audit("definition"),
	"group.user_membership.rule.error":            action(model.TaskOther).failing("", ""),
	"group.user_membership.rule.evaluation":       action(model.TaskOther),
	"group.user_membership.rule.trigger":          action(model.TaskOther),
	"group.application_assignment.":               audit("permission"),
	"group.lifecycle.":                            audit("definition"),
	"group.profile.update":                        audit("definition"),
	"directory.external.group.membership.add":     push(model.TaskGroupAdd),
	"directory.external.group.membership.remove":  push(model.TaskGroupRemove),

	// People.
	"user.lifecycle.create":                          action(model.TaskUserCreate),
	"user.lifecycle.activate":                        action(model.TaskUserReactivate),
	"user.lifecycle.reactivate":                      action(model.TaskUserReactivate),
	"user.lifecycle.unsuspend":                       action(model.TaskUserReactivate),
	"user.lifecycle.deactivate":                      action(model.TaskUserDeactivate),
	"user.lifecycle.suspend":                         action(model.TaskUserDeactivate),
	"user.lifecycle.delete.":                         action(model.TaskUserDelete),
	"user.lifecycle.jit.error.read_only":             action(model.TaskUserCreate).failing("", ""),
	"user.account.":                                  self(model.TaskUserUpdate),
	"user.account.lock":                              self(model.TaskUserDeactivate),
	"user.account.lock.limit":                        self(model.TaskUserDeactivate),
	"user.account.unlock":                            self(model.TaskUserReactivate),
	"user.account.unlock_by_admin":                   action(model.TaskUserReactivate),
	"user.account.unlock_failure":                    action(model.TaskUserReactivate).failing("", ""),
	"user.account.expire_password":                   action(model.TaskCredentialRotate),
	"user.account.reset_password":                    self(model.TaskCredentialRotate),
	"user.account.update_password":                   self(model.TaskCredentialRotate),
	"user.account.privilege.grant":                   action(model.TaskRoleUpdate),
	"user.account.privilege.revoke":                  action(model.TaskRoleUpdate),
	"user.account.use_token":                         self(model.TaskOther),
	"user.account.unlock_token":                      self(model.TaskOther),
	"user.import.password":                           self(model.TaskCredentialRotate),
	"user.mfa.factor.activate":                       self(model.TaskMFAEnable),
	"user.mfa.factor.unsuspend":                      self(model.TaskMFAEnable),
	"user.mfa.factor.deactivate":                     self(model.TaskMFADisable),
	"user.mfa.factor.suspend":                        self(model.TaskMFADisable),
	"user.mfa.factor.reset_all":                      self(model.TaskMFADisable),
	"user.mfa.":                                      self(model.TaskOther),
	"user.session.":                                  self(model.TaskOther),
	"user.session.start":                             self(model.TaskSessionLogin),
	"user.session.access_admin_app":                  self(model.TaskSessionLogin),
	"user.session.clear":                             self(model.TaskSessionRevoke),
	"user.session.end":                               self(model.TaskSessionRevoke),
	"user.session.expire":                            self(model.TaskSessionRevoke),
	"user.session.impersonation.":                    audit("permission"),
	"user.authentication.":                           self(model.TaskSessionLogin),
	"user.authentication.slo":                        self(model.TaskSessionRevoke),
	"user.authentication.universal_":                 self(model.TaskSessionRevoke),
	"user.authentication.universal_logout":           self(model.TaskSessionRevoke),
	"user.authentication.universal_logout.scheduled": action(model.TaskSessionRevoke),
	"policy.evaluate_sign_on":                        self(model.TaskSessionLogin),
	"application.policy.sign_on.deny_access":         self(model.TaskSessionLogin).failing(model.Permanent, model.CategoryPolicy),
	"credential.register":                            self(model.TaskMFAEnable),
	"credential.revoke":                              self(model.TaskMFADisable),
	"app.oauth2.":                                    self(model.TaskOther),
	"app.oauth2.signon":                              self(model.TaskSessionLogin),
	"system.email.":                                  action(model.TaskNotify),
	"system.sms.":                                    action(model.TaskNotify),
	"system.voice.":                                  action(model.TaskNotify),
	"system.push.":                                   action(model.TaskNotify),
	"workflows.user.delegatedflow.run":               action(model.TaskOther),
	"workflows.user.role.user.add":                   action(model.TaskRoleUpdate),
	"workflows.user.role.user.remove":                action(model.TaskRoleUpdate),

	// Limits.
	"system.org.rate_limit.violation":                action(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),
	"system.client.rate_limit.violation":             action(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),
	"system.client.concurrency_rate_limit.violation": action(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),
	"system.operation.rate_limit.violation":          action(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),
	"core.concurrency.org.limit.violation":           action(model.TaskHTTP).failing(model.Temporary, model.CategoryRateLimit),

	// Changes of the evidence itself. Event hooks and log streams are how
	// events reach a ledger.
	"workflows.user.flow.execution_history.activate":            logging(model.CoverageRestores),
	"workflows.user.flow.execution_history.deactivate":          logging(model.CoverageReduces),
	"workflows.user.flow.execution_history.delete":              logging(model.CoverageDestroys),
	"workflows.user.flow.execution_log_stream.activate":         logging(model.CoverageRestores),
	"workflows.user.flow.execution_log_stream.deactivate":       logging(model.CoverageReduces),
	"workflows.user.execution_log_stream_connection.activate":   logging(model.CoverageRestores),
	"workflows.user.execution_log_stream_connection.deactivate": logging(model.CoverageReduces),
	"workflows.user.execution_log_stream_connection.update":     logging(model.CoverageNone),
	"workflows.user.flow.execution.cancel":                      logging(model.CoverageNone),
	"workflows.org.step_execution_limit.warning":                logging(model.CoverageNone),
	"workflows.org.step_execution_limit.violation":              logging(model.CoverageReduces),
	"system.log_stream.lifecycle.":                              logging(model.CoverageNone),
	"system.log_stream.lifecycle.create":                        logging(model.CoverageRestores),
	"system.log_stream.lifecycle.activate":                      logging(model.CoverageRestores),
	"system.log_stream.lifecycle.deactivate":                    logging(model.CoverageReduces),
	"system.log_stream.lifecycle.delete":                        logging(model.CoverageReduces),
	"event_hook.":                                               logging(model.CoverageNone),
	"event_hook.activated":                                      logging(model.CoverageRestores),
	"event_hook.deactivated":                                    logging(model.CoverageReduces),
	"event_hook.deleted":                                        logging(model.CoverageReduces),

	// Other configuration.
	"application.lifecycle.":                         audit("definition"),
	"application.configuration.":                     audit("definition"),
	"application.policy.":                            audit("policy"),
	"application.registration_policy.":               audit("policy"),
	"app.policy.":                                    audit("policy"),
	"app.keys.":                                      audit("credential"),
	"app.app_instance.csr.":                          audit("credential"),
	"app.ai_agent_provider.":                         audit("definition"),
	"app.interclient_mapping.":                       audit("permission"),
	"app.cross_app_access.":                          audit("permission"),
	"app.oauth2.client.lifecycle.":                   audit("definition"),
	"app.oauth2.client.privilege.":                   audit("permission"),
	"app.oauth2.admin.consent.":                      audit("permission"),
	"app.oauth2.credentials.":                        audit("credential"),
	"app.oauth2.trusted_server.":                     audit("definition"),
	"app.oauth2.as.resource_server.":                 audit("credential"),
	"policy.":                                        audit("policy"),
	"device.assurance.policy.":                       audit("policy"),
	"zone.":                                          audit("policy"),
	"network_zone.":                                  audit("policy"),
	"security.":                                      audit("policy"),
	"system.api_token.":                              audit("credential"),
	"system.api_token.request_outside_allowed_range": action(model.TaskHTTP).failing(model.Permanent, model.CategoryPolicy),
	"system.idp.":                                    audit("definition"),
	"system.hook.key.":                               audit("credential"),
	"system.feature.":                                audit("definition"),
	"system.mfa.factor.":                             audit("policy"),
	"system.rate_limit.configuration.":               audit("definition"),
	"system.agent.":                                  action(model.TaskOther),
	"inline_hook.":                                   audit("definition"),
	"inline_hook.executed":                           action(model.TaskHTTP).failing("", ""),
	"inline_hook.response.processed":                 action(model.TaskHTTP),
	"iam.":                                           audit("permission"),
	"group.privilege.":                               audit("permission"),
	"workflows.user.role.group.":                     audit("permission"),
	"workflows.user.connection.":                     audit("credential"),
	"workflows.user.flow.":                           audit("definition"),
	"workflows.user.folder.":                         audit("definition"),
	"workflows.user.table.":                          audit("definition"),
	"oauth2.":                                        audit("definition"),
	"directory.mapping.update":                       audit("definition"),
	"integration.api_service.lifecycle.":             audit("permission"),
	"support.":                                       audit("support"),

	// Decisions.
	"access.request.":                    approval(),
	"access.request.condition.":          audit("policy"),
	"access.request.sequence.":           audit("policy"),
	"access.request.settings.":           audit("policy"),
	"access.review.action":               approval(),
	"app.access_request.":                approval(),
	"certification.campaign.item.decide": approval(),
	"certification.campaign.":            audit("certification"),
}

func announced(u rule) rule {
	u.jobOnly = true
	return u
}

// roadblock is an import that stopped itself because it would have taken too
// many accesses away; an administrator has to let it go on.
func roadblock() rule {
	u := run(importJob, model.Inbound, model.Waiting, "")
	u.wait = model.WaitQuarantine
	return u.failing(model.Permanent, model.CategorySafetyThreshold)
}
