package entraprovisioning

import (
	"testing"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestStatusOf(t *testing.T) {
	success := model.Child{State: model.Terminal, Outcome: model.Success}
	failure := model.Child{State: model.Terminal, Outcome: model.Failure}
	skipped := model.Child{State: model.Terminal, Outcome: model.Skipped}
	unknown := model.Child{State: model.UnknownState}
	for native, want := range map[string]model.Child{
		"success": success, "Success": success, "0": success, "warning": success, "3": success,
		"failure": failure, "Failure": failure, "1": failure, "skipped": skipped, "Skipped": skipped, "2": skipped,
		"unknownFutureValue": unknown, "4": unknown, "": unknown, "Tomorrow": unknown,
	} {
		if got := statusOf(native); got != want {
			t.Errorf("%q: got %+v, want %+v", native, got, want)
		}
	}
}

func TestHarm(t *testing.T) {
	for name, c := range map[string]struct {
		e       evidence
		code    string
		outcome model.Outcome
		want    harm
	}{
		"redundant":                       {evidence{skipReason: "RedundantExport"}, "EntrySynchronizationSkipped", model.Skipped, harmless},
		"not entitled":                    {evidence{skipReason: "NotEffectivelyEntitled"}, "", model.Skipped, harmless},
		"the scoping step":                {evidence{unscoped: true}, "EntrySynchronizationSkipped", model.Skipped, harmless},
		"a name is missing":               {evidence{skipReason: "AttributeValidationFailed"}, "", model.Skipped, unmet},
		"missing, in a step of a success": {evidence{skipped: true, skipReason: "AttributeValidationFailed"}, "", model.Success, unmet},
		"the code alone":                  {evidence{}, "ImportSkipped", model.Skipped, unmet},
		"the reason before the scope":     {evidence{skipReason: "AttributeValidationFailed", unscoped: true}, "", model.Skipped, unmet},
		"nothing said":                    {evidence{}, "EntrySynchronizationSkipped", model.Skipped, unsure},
		"a word of tomorrow":              {evidence{skipReason: "Moon"}, "", model.Skipped, unsure},
		"one step skipped, one exported":  {evidence{skipped: true, succeeded: true, skipReason: "RedundantExport"}, "", model.Success, noSkip},
		"not skipped":                     {evidence{}, "ImportSkipped", model.Failure, noSkip},
	} {
		if got := c.e.harm(&fault{code: c.code}, c.outcome); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestSetError(t *testing.T) {
	for _, c := range []struct {
		fault
		class    model.ErrorClass
		category model.ErrorCategory
		source   model.ClassSource
	}{
		{fault{"ExampleEntryConflict", "", "nonServiceFailure"}, model.Permanent, model.CategoryConflict, model.FromCode},
		{fault{"ExampleTooManyRequests", "", "nonServiceFailure"}, model.Temporary, model.CategoryRateLimit, model.FromCode},
		{fault{"InternalServerError", "", "failure"}, model.UnknownClass, model.CategoryAPITransient, model.FromCode},
		{fault{"EncounteredTotalEscrowThreshold", "", "failure"}, model.Permanent, model.CategorySafetyThreshold, model.FromCode},
		{fault{"Example", "HTTP status code 403", ""}, model.Permanent, model.CategoryPermission, model.FromMessage},
		{fault{"Example", "StatusCode: 4030", ""}, model.UnknownClass, model.CategoryUnknown, ""},
		{fault{"Example", "it was throttled", ""}, model.Temporary, model.CategoryRateLimit, model.FromMessage},
		{fault{"Example", "no idea", "nonServiceFailure"}, model.Permanent, model.CategoryCustomerSide, model.FromVendorFlag},
		{fault{"Example", "no idea", "failure"}, model.UnknownClass, model.CategoryUnknown, ""},
	} {
		var r normalize.Record
		s := summary{fault: c.fault}
		s.setError(&r, &evidence{})
		if r.ErrorClass != c.class || r.ErrorCategory != c.category || r.ClassSource != c.source {
			t.Errorf("%+v: got %s, %s from %q; want %s, %s from %q", c.fault, r.ErrorClass, r.ErrorCategory, r.ClassSource, c.class, c.category, c.source)
		}
	}
}
