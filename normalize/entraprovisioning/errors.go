package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// codes are found within the error code, whose start is often the name of the
// application; the first one decides.
var codes = [...]struct {
	part     string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"TooManyDeletes", model.Permanent, model.CategorySafetyThreshold},
	{"EscrowThreshold", model.Permanent, model.CategorySafetyThreshold},
	{"EscrowProportionThreshold", model.Permanent, model.CategorySafetyThreshold},
	{"QuarantinedOnDemand", model.Permanent, model.CategorySafetyThreshold},
	{"TooManyRequests", model.Temporary, model.CategoryRateLimit},
	{"Throttl", model.Temporary, model.CategoryRateLimit},
	{"RateLimit", model.Temporary, model.CategoryRateLimit},
	{"Timeout", model.Temporary, model.CategoryTimeout},
	{"TimedOut", model.Temporary, model.CategoryTimeout},
	{"Unavailable", model.Temporary, model.CategoryAPITransient},
	{"InternalServerError", model.UnknownClass, model.CategoryAPITransient},
	{"WebException", model.UnknownClass, model.CategoryNetwork},
	{"Conflict", model.Permanent, model.CategoryConflict},
	{"Duplicate", model.Permanent, model.CategoryConflict},
	{"MultipleEntriesInResponse", model.Permanent, model.CategoryConflict},
	{"Unauthorized", model.Permanent, model.CategoryAuth},
	{"InvalidCredential", model.Permanent, model.CategoryAuth},
	{"CredentialsMissing", model.Permanent, model.CategoryAuth},
	{"InsufficientRights", model.Permanent, model.CategoryPermission},
	{"Forbidden", model.Permanent, model.CategoryPermission},
	{"MethodNotAllowed", model.Permanent, model.CategoryPermission},
	{"NotFound", model.Permanent, model.CategoryNotFound},
	{"LicenseLimitExceeded", model.Permanent, model.CategoryCustomerSide},
	{"Unprocessable", model.Permanent, model.CategoryData},
	{"Missing", model.Permanent, model.CategoryData},
	{"Invalid", model.Permanent, model.CategoryData},
	{"Validation", model.Permanent, model.CategoryData},
	{"Schema", model.Permanent, model.CategoryData},
	{"ImportSkipped", model.Permanent, model.CategoryData},
}

// setError classifies by the code, then by whose fault Microsoft says it is,
// then by an HTTP status in the message, then by its words.
func (s *summary) setError(r *normalize.Record, e *evidence) {
	r.ErrorCode, r.ErrorType, r.ErrorMessage = s.fault.code, s.fault.category, s.fault.reason
	if r.ErrorMessage == "" {
		r.ErrorMessage = e.failed
	}
	for _, code := range codes {
		if strings.Contains(r.ErrorCode, code.part) {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = code.class, code.category, model.FromCode
			return
		}
	}
	if status := httpStatus(r.ErrorMessage); status != 0 {
		r.ClassifyHTTP(status)
		r.ClassSource = model.FromMessage
	} else {
		r.ClassifyMessage()
	}
	if s.fault.category == "nonServiceFailure" || s.fault.category == "1" {
		r.ErrorClass, r.ClassSource = model.Permanent, model.FromVendorFlag
		if r.ErrorCategory == model.CategoryUnknown {
			r.ErrorCategory = model.CategoryCustomerSide
		}
	}
}

// httpStatus finds the number in "HTTP status code 409" or "StatusCode: 409".
func httpStatus(message string) int {
	lower := strings.ToLower(message)
	for _, lead := range [...]string{"status code", "statuscode"} {
		_, rest, ok := strings.Cut(lower, lead)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, ": ")
		if len(rest) < 3 || len(rest) > 3 && rest[3]-'0' <= 9 {
			continue
		}
		n := 0
		for _, d := range []byte(rest[:3]) {
			if d-'0' > 9 {
				n = 0
				break
			}
			n = n*10 + int(d-'0')
		}
		if n >= 400 && n < 600 {
			return n
		}
	}
	return 0
}
