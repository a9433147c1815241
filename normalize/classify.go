package normalize

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
)

// ClassifyHTTP sets the error class and category that an HTTP status stands
// for. A status of 500 stays unclassified: it is temporary by policy at most.
func (r *Record) ClassifyHTTP(status int) {
	class, category := httpError(status)
	if class != "" {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = class, category, model.FromCode
	}
}

func httpError(status int) (model.ErrorClass, model.ErrorCategory) {
	switch status {
	case 401:
		return model.Permanent, model.CategoryAuth
	case 403:
		return model.Permanent, model.CategoryPermission
	case 404:
		return model.Permanent, model.CategoryNotFound
	case 409:
		return model.Permanent, model.CategoryConflict
	case 412:
		return model.Temporary, model.CategoryConcurrency
	case 413:
		return model.Permanent, model.CategorySize
	case 429:
		return model.Temporary, model.CategoryRateLimit
	case 408, 504:
		return model.Temporary, model.CategoryTimeout
	case 502, 503:
		return model.Temporary, model.CategoryAPITransient
	case 500:
		return model.UnknownClass, model.CategoryAPITransient
	case 501:
		return model.Permanent, model.CategoryUnknown
	}
	switch {
	case status >= 500:
		return model.UnknownClass, model.CategoryUnknown
	case status >= 400:
		return model.Permanent, model.CategoryData
	default:
		return "", ""
	}
}

// messageRules are tried in order; the first phrase found decides.
var messageRules = [...]struct {
	phrase   string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"rate limit", model.Temporary, model.CategoryRateLimit},
	{"too many requests", model.Temporary, model.CategoryRateLimit},
	{"throttl", model.Temporary, model.CategoryRateLimit},
	{"timed out", model.Temporary, model.CategoryTimeout},
	{"timeout", model.Temporary, model.CategoryTimeout},
	{"connection reset", model.Temporary, model.CategoryNetwork},
	{"connection refused", model.Temporary, model.CategoryNetwork},
	{"network", model.Temporary, model.CategoryNetwork},
	{"temporarily unavailable", model.Temporary, model.CategoryAPITransient},
	{"service unavailable", model.Temporary, model.CategoryAPITransient},
	{"bad gateway", model.Temporary, model.CategoryAPITransient},
	{"invalid credential", model.Permanent, model.CategoryAuth},
	{"authentication", model.Permanent, model.CategoryAuth},
	{"unauthorized", model.Permanent, model.CategoryAuth},
	{"token expired", model.Permanent, model.CategoryAuth},
	{"permission", model.Permanent, model.CategoryPermission},
	{"forbidden", model.Permanent, model.CategoryPermission},
	{"not authorized", model.Permanent, model.CategoryPermission},
	{"disconnected", model.Permanent, model.CategoryDisconnected},
	{"already exists", model.Permanent, model.CategoryConflict},
	{"duplicate", model.Permanent, model.CategoryConflict},
	{"not found", model.Permanent, model.CategoryNotFound},
	{"does not exist", model.Permanent, model.CategoryNotFound},
	{"invalid value", model.Permanent, model.CategoryData},
	{"required attribute", model.Permanent, model.CategoryData},
	{"missing attribute", model.Permanent, model.CategoryData},
}

// ClassifyMessage guesses class and category from the error message. It is the
// last resort and says so; what it does not recognise stays unknown.
func (r *Record) ClassifyMessage() {
	r.ErrorClass, r.ErrorCategory, r.ClassSource = model.UnknownClass, model.CategoryUnknown, ""
	message := strings.ToLower(r.ErrorMessage)
	for _, rule := range messageRules {
		if strings.Contains(message, rule.phrase) {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = rule.class, rule.category, model.FromMessage
			return
		}
	}
}

// aiErrors are what providers and OpenTelemetry (error.type) call the ways in
// which a model or a tool can refuse.
var aiErrors = [...]struct {
	code     string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"content_filter", model.Permanent, model.CategoryPolicy},
	{"content_policy_violation", model.Permanent, model.CategoryPolicy},
	{"context_length_exceeded", model.Permanent, model.CategorySize},
	{"invalid_api_key", model.Permanent, model.CategoryAuth},
	{"overloaded_error", model.Temporary, model.CategoryAPITransient},
	{"permission_denied", model.Permanent, model.CategoryPermission},
	{"rate_limit_error", model.Temporary, model.CategoryRateLimit},
	{"rate_limit_exceeded", model.Temporary, model.CategoryRateLimit},
	{"timeout", model.Temporary, model.CategoryTimeout},
	{"tool_denied", model.Permanent, model.CategoryPermission},
}

// ClassifyAI sets class and category of the error of an AI step: by the finish
// reason, by the code or type, which may be an HTTP status, or else by the message.
func (r *Record) ClassifyAI() {
	r.ClassifyMessage()
	for _, code := range [...]string{r.ErrorType, r.ErrorCode} {
		if status, err := strconv.Atoi(code); err == nil {
			r.ClassifyHTTP(status)
		}
	}
	for _, e := range aiErrors {
		if e.code == r.FinishReason || strings.EqualFold(e.code, r.ErrorCode) || strings.EqualFold(e.code, r.ErrorType) {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = e.class, e.category, model.FromCode
			return
		}
	}
}
