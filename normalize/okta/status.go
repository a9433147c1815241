package okta

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// status is what one word of outcome.result means.
type status struct {
	state    model.State
	outcome  model.Outcome
	wait     model.WaitReason
	class    model.ErrorClass
	category model.ErrorCategory
}

// statusOf reads outcome.result. ALLOW, DENY and CHALLENGE are answers of a
// policy: a denial is a failure of its own category. A word that Okta adds
// later is unknown, not an error.
func statusOf(result string) status {
	switch result {
	case "SUCCESS", "ALLOW":
		return status{state: model.Terminal, outcome: model.Success}
	case "FAILURE":
		return status{state: model.Terminal, outcome: model.Failure}
	case "DENY":
		return status{model.Terminal, model.Failure, "", model.Permanent, model.CategoryPolicy}
	case "SKIPPED":
		return status{state: model.Terminal, outcome: model.Skipped}
	case "RATE_LIMIT":
		return status{model.Terminal, model.Failure, "", model.Temporary, model.CategoryRateLimit}
	case "DEFERRED":
		return status{state: model.Waiting, wait: model.WaitUnknown}
	case "SCHEDULED":
		return status{state: model.Queued}
	case "CHALLENGE":
		return status{state: model.Waiting, wait: model.WaitCallback}
	case "UNANSWERED":
		return status{model.Terminal, model.Timeout, "", model.Temporary, model.CategoryTimeout}
	case "ABANDONED":
		return status{state: model.Terminal, outcome: model.Cancelled}
	default: // UNKNOWN
		return status{state: model.UnknownState}
	}
}

func setOutcome(c *normalize.Context, r *normalize.Record, v jsonx.Value, rule rule) {
	readOutcome(c, r, v)
	s := statusOf(r.StatusNative)
	if r.StatusNative == "" && rule.fails || rule.outcome == model.Failure {
		s = statusOf("FAILURE")
	}
	r.State, r.Outcome, r.WaitReason = s.state, s.outcome, s.wait
	if r.Outcome.Failed() {
		setError(r, s, rule)
	}
}

func readOutcome(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	if v.Kind() != jsonx.Object {
		c.Keep(v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch {
		case m.Key() == "result" && m.Text() != "":
			r.StatusNative = m.Text()
		case m.Key() == "reason" && m.Text() != "":
			r.StatusReason = m.Text()
		default:
			c.KeepIn("outcome", m)
		}
	}
}

// setError classifies by the best evidence: what the vendor says about retries,
// then codes, then the event type, then the words of the message.
func setError(r *normalize.Record, s status, rule rule) {
	switch {
	case isCode(r.StatusReason):
		r.ErrorCode, r.ErrorMessage = r.StatusReason, r.StatusReason
	case r.StatusReason != "":
		r.ErrorMessage = r.StatusReason
	case rule.fails:
		r.ErrorMessage = r.ActionName // such as "Failed to assign a user to a group"
	default:
		r.ErrorCode, r.ErrorType = r.StatusNative, r.EventType
	}
	r.RetryState = rule.retry
	code, category := codeClass(r.ErrorCode)
	switch {
	case rule.retry != "":
		r.ErrorClass, r.ErrorCategory, r.ClassSource = rule.class, rule.category, model.FromVendorFlag
	case s.class != "":
		r.ErrorClass, r.ErrorCategory, r.ClassSource = s.class, s.category, model.FromCode
	case code != "":
		r.ErrorClass, r.ErrorCategory, r.ClassSource = code, category, model.FromCode
	case rule.class != "":
		r.ErrorClass, r.ErrorCategory, r.ClassSource = rule.class, rule.category, model.FromEventType
	default:
		r.ClassifyMessage()
	}
}

// isCode reports whether a reason is a word of Okta's, such as LOCKED_OUT.
func isCode(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(s) > 2 && s[0] >= 'A'
}

func codeClass(code string) (model.ErrorClass, model.ErrorCategory) {
	switch code {
	case "INVALID_CREDENTIALS", "VERIFICATION_ERROR", "LOCKED_OUT", "PASSWORD_EXPIRED", "INVALID_TOKEN", "INVALID_LOGIN":
		return model.Permanent, model.CategoryAuth
	case "NETWORK_ZONE_BLACKLIST", "NETWORK_ZONE_BLOCKLIST":
		return model.Permanent, model.CategoryPolicy
	case "ACCESS_DENIED", "FORBIDDEN":
		return model.Permanent, model.CategoryPermission
	case "RATE_LIMIT", "RATE_LIMITED", "TOO_MANY_REQUESTS":
		return model.Temporary, model.CategoryRateLimit
	case "TIMEOUT":
		return model.Temporary, model.CategoryTimeout
	default:
		return "", ""
	}
}
