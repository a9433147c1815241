// Package alibaba holds the words that the services of Alibaba Cloud share:
// error codes, directions, kinds of object. It is no format; those are the
// packages actiontrail, eiam and idaas.
package alibaba

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// Direction reads ingress, inbound, egress and outbound in any case. A word of
// tomorrow is unknown.
func Direction(word string) model.Direction {
	switch strings.ToLower(word) {
	case "ingress", "inbound":
		return model.Inbound
	case "egress", "outbound":
		return model.Outbound
	default:
		return model.UnknownDirection
	}
}

// Trigger says what started a synchronisation. What a vendor calls automatic is
// a schedule where an identity provider is read as a whole, for nothing else
// starts that by itself; elsewhere it says no more than that nobody did it.
func Trigger(method, module string, d model.Direction) model.TriggerKind {
	switch strings.ToLower(method) {
	case "manual":
		return model.TriggerManual
	case "auto", "automatic":
		if d == model.Inbound && Word(module) == "identity provider" {
			return model.TriggerSchedule
		}
	}
	return model.TriggerUnknown
}

// Word returns a word as people write it: identity_provider and Identity
// Provider are one.
func Word(s string) string {
	return strings.ToLower(strings.ReplaceAll(s, "_", " "))
}

// codes are tried in order: the first whose phrase is in the code decides.
var codes = [...]struct {
	phrase   string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"throttling", model.Temporary, model.CategoryRateLimit},
	{"toomanyrequests", model.Temporary, model.CategoryRateLimit},
	{"timeout", model.Temporary, model.CategoryTimeout},
	{"network", model.Temporary, model.CategoryNetwork},
	{"serviceunavailable", model.Temporary, model.CategoryAPITransient},
	{"concurrent", model.Temporary, model.CategoryConcurrency},
	{"internalerror", model.UnknownClass, model.CategoryAPITransient},
	{"accesskey", model.Permanent, model.CategoryAuth},
	{"signature", model.Permanent, model.CategoryAuth},
	{"securitytoken", model.Permanent, model.CategoryAuth},
	{"credential", model.Permanent, model.CategoryAuth},
	{"unauthorized", model.Permanent, model.CategoryAuth},
	{"nopermission", model.Permanent, model.CategoryPermission},
	{"forbidden", model.Permanent, model.CategoryPermission},
	{"denied", model.Permanent, model.CategoryPermission},
	{"notexist", model.Permanent, model.CategoryNotFound},
	{"notfound", model.Permanent, model.CategoryNotFound},
	{"alreadyexist", model.Permanent, model.CategoryConflict},
	{"duplicate", model.Permanent, model.CategoryConflict},
	{"conflict", model.Permanent, model.CategoryConflict},
	{"limitexceeded", model.Permanent, model.CategorySafetyThreshold},
	{"invalid", model.Permanent, model.CategoryData},
	{"missing", model.Permanent, model.CategoryData},
}

// Classify sets class and category of the error of r by its code, such as
// Forbidden.RAM, or else by its message.
func Classify(r *normalize.Record) {
	code := strings.ToLower(r.ErrorCode)
	for _, e := range codes {
		if strings.Contains(code, e.phrase) {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = e.class, e.category, model.FromCode
			return
		}
	}
	r.ClassifyMessage()
}
