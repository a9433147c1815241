package auth0

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// rule says what a type of entry is about.
type rule struct {
	kind      normalize.Kind
	task      model.TaskType
	state     model.State
	outcome   model.Outcome
	direction model.Direction
	class     model.ErrorClass
	category  model.ErrorCategory
}

func good(task model.TaskType) rule {
	return rule{normalize.KindAction, task, model.Terminal, model.Success, model.Internal, "", ""}
}

func bad(task model.TaskType) rule {
	return rule{normalize.KindAction, task, model.Terminal, model.Failure, model.Internal, "", ""}
}

func (u rule) because(class model.ErrorClass, category model.ErrorCategory) rule {
	u.class, u.category = class, category
	return u
}

func (u rule) of(kind normalize.Kind, d model.Direction) rule {
	u.kind, u.direction = kind, d
	return u
}

// ruleOf returns the rule of a type. The catalogue decides, not the first
// letter: fsa is a failure, but so is du a success. Of types that are not in it
// only those say how they ended that are named ..._succeeded or ..._failed.
func ruleOf(code string) rule {
	if u, ok := rules[code]; ok {
		return u
	}
	switch {
	case strings.HasSuffix(code, "_succeeded"), strings.HasSuffix(code, "_succeed"), strings.HasSuffix(code, "_completed"):
		return good(model.TaskOther)
	case strings.HasSuffix(code, "_failed"), strings.HasSuffix(code, "_failure"):
		return bad(model.TaskOther)
	}
	return rule{kind: normalize.KindAction, task: model.TaskOther, state: model.UnknownState, direction: model.Internal}
}

// rules holds the types of the catalogue that tell more than that something was
// noticed, such as depnote.
var rules = map[string]rule{
	// Runs.
	"directory_sync_started":    {kind: normalize.KindRun, state: model.Running, direction: model.Inbound},
	"directory_sync_completed":  good("").of(normalize.KindRun, model.Inbound),
	"directory_sync_failed":     bad("").of(normalize.KindRun, model.Inbound),
	"flows_execution_completed": good("").of(normalize.KindRun, model.Internal),
	"flows_execution_failed":    bad("").of(normalize.KindRun, model.Internal),

	// Calls.
	"sscim":         good("").of(normalize.KindAction, model.Inbound),
	"fscim":         bad("").of(normalize.KindAction, model.Inbound),
	"sapi":          good("").of(normalize.KindAudit, ""),
	"fapi":          bad("").of(normalize.KindAudit, ""),
	"mgmt_api_read": good("").of(normalize.KindAudit, ""),

	// Users.
	"ss":     good(model.TaskUserCreate),
	"fs":     bad(model.TaskUserCreate),
	"du":     good(model.TaskUserDelete),
	"sdu":    good(model.TaskUserDelete),
	"fdu":    bad(model.TaskUserDelete),
	"sce":    good(model.TaskUserUpdate),
	"fce":    bad(model.TaskUserUpdate),
	"scu":    good(model.TaskUserUpdate),
	"fcu":    bad(model.TaskUserUpdate),
	"scpn":   good(model.TaskUserUpdate),
	"fcpn":   bad(model.TaskUserUpdate),
	"scp":    good(model.TaskCredentialRotate),
	"fcp":    bad(model.TaskCredentialRotate),
	"fcph":   bad(model.TaskOther),
	"scpr":   good(model.TaskOther),
	"fcpr":   bad(model.TaskOther),
	"sui":    good(model.TaskUserSync).of(normalize.KindAction, model.Inbound),
	"fui":    bad(model.TaskUserSync).of(normalize.KindAction, model.Inbound),
	"sv":     good(model.TaskUserUpdate),
	"fv":     bad(model.TaskUserUpdate),
	"svr":    good(model.TaskNotify),
	"fvr":    bad(model.TaskNotify),
	"si":     good(model.TaskUserCreate),
	"fi":     bad(model.TaskUserCreate),
	"ublkdu": good(model.TaskUserReactivate),
	"fcpro":  bad(model.TaskOther),
	"con":    good(model.TaskOther),
	"coff":   bad(model.TaskOther).because(model.UnknownClass, model.CategoryDisconnected),

	// Sessions and tokens.
	"s":                                 good(model.TaskSessionLogin),
	"scoa":                              good(model.TaskSessionLogin),
	"sens":                              good(model.TaskSessionLogin),
	"ssa":                               good(model.TaskSessionLogin),
	"f":                                 bad(model.TaskSessionLogin),
	"fc":                                bad(model.TaskSessionLogin),
	"fco":                               bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryPolicy),
	"fcoa":                              bad(model.TaskSessionLogin),
	"fens":                              bad(model.TaskSessionLogin),
	"fp":                                bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryAuth),
	"fu":                                bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryAuth),
	"fsa":                               bad(model.TaskSessionLogin),
	"pwd_leak":                          bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryPolicy),
	"signup_pwd_leak":                   bad(model.TaskUserCreate).because(model.Permanent, model.CategoryPolicy),
	"reset_pwd_leak":                    bad(model.TaskCredentialRotate).because(model.Permanent, model.CategoryPolicy),
	"limit_wc":                          bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryPolicy),
	"limit_mu":                          bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryPolicy),
	"limit_sul":                         bad(model.TaskSessionLogin).because(model.Temporary, model.CategoryRateLimit),
	"limit_delegation":                  bad(model.TaskHTTP).because(model.Temporary, model.CategoryRateLimit),
	"api_limit":                         bad(model.TaskHTTP).because(model.Temporary, model.CategoryRateLimit),
	"slo":                               good(model.TaskSessionRevoke),
	"flo":                               bad(model.TaskSessionRevoke),
	"srrt":                              good(model.TaskSessionRevoke),
	"universal_logout_succeeded":        good(model.TaskSessionRevoke),
	"universal_logout_failed":           bad(model.TaskSessionRevoke),
	"oidc_backchannel_logout_succeeded": good(model.TaskSessionRevoke),
	"oidc_backchannel_logout_failed":    bad(model.TaskSessionRevoke),
	"seacft":                            good(model.TaskOther),
	"seccft":                            good(model.TaskOther),
	"sede":                              good(model.TaskOther),
	"seoobft":                           good(model.TaskOther),
	"seotpft":                           good(model.TaskOther),
	"sepft":                             good(model.TaskOther),
	"sepkoobft":                         good(model.TaskOther),
	"sercft":                            good(model.TaskOther),
	"sertft":                            good(model.TaskOther),
	"feacft":                            bad(model.TaskOther),
	"feccft":                            bad(model.TaskOther),
	"fede":                              bad(model.TaskOther),
	"feoobft":                           bad(model.TaskOther),
	"feotpft":                           bad(model.TaskOther),
	"fepft":                             bad(model.TaskOther),
	"fepotpft":                          bad(model.TaskOther),
	"fercft":                            bad(model.TaskOther),
	"ferrt":                             bad(model.TaskOther),
	"fertft":                            bad(model.TaskOther),
	"sd":                                good(model.TaskOther),
	"fd":                                bad(model.TaskOther),
	"fdeac":                             bad(model.TaskOther),
	"fdeaz":                             bad(model.TaskOther),
	"fdecc":                             {normalize.KindAction, model.TaskOther, model.Terminal, model.Cancelled, model.Internal, "", ""},

	// Messages and second factors.
	"cls":                           good(model.TaskNotify),
	"cs":                            good(model.TaskNotify),
	"fn":                            bad(model.TaskNotify),
	"gd_enrollment_complete":        good(model.TaskMFAEnable),
	"gd_unenroll":                   good(model.TaskMFADisable),
	"gd_user_delete":                good(model.TaskMFADisable),
	"gd_start_enroll":               {kind: normalize.KindAction, task: model.TaskMFAEnable, state: model.Started, direction: model.Internal},
	"gd_start_auth":                 {kind: normalize.KindAction, task: model.TaskSessionLogin, state: model.Started, direction: model.Internal},
	"gd_auth_succeed":               good(model.TaskSessionLogin),
	"gd_auth_failed":                bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryAuth),
	"gd_auth_rejected":              bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryAuth),
	"gd_auth_email_verification":    good(model.TaskSessionLogin),
	"gd_recovery_succeed":           good(model.TaskSessionLogin),
	"gd_recovery_failed":            bad(model.TaskSessionLogin).because(model.Permanent, model.CategoryAuth),
	"gd_otp_rate_limit_exceed":      bad(model.TaskSessionLogin).because(model.Temporary, model.CategoryRateLimit),
	"gd_recovery_rate_limit_exceed": bad(model.TaskSessionLogin).because(model.Temporary, model.CategoryRateLimit),
	"gd_send_email":                 good(model.TaskNotify),
	"gd_send_pn":                    good(model.TaskNotify),
	"gd_send_sms":                   good(model.TaskNotify),
	"gd_send_voice":                 good(model.TaskNotify),
	"gd_send_pn_failure":            bad(model.TaskNotify),
	"gd_send_sms_failure":           bad(model.TaskNotify),
	"gd_send_voice_failure":         bad(model.TaskNotify),
	"gd_update_device_account":      good(model.TaskUserUpdate),
	"gd_tenant_update":              good("").of(normalize.KindAudit, ""),
	"gd_module_switch":              good("").of(normalize.KindAudit, ""),
}
