package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// statusOf reads provisioningResult, by its name or by its number in the
// enumeration. A word that Microsoft adds later is unknown, not an error. A
// warning is a success that wants to be looked at.
func statusOf(native string) model.Child {
	switch strings.ToLower(native) {
	case "success", "0", "warning", "3":
		return model.Child{State: model.Terminal, Outcome: model.Success}
	case "failure", "1":
		return model.Child{State: model.Terminal, Outcome: model.Failure}
	case "skipped", "2":
		return model.Child{State: model.Terminal, Outcome: model.Skipped}
	default: // unknownFutureValue
		return model.Child{State: model.UnknownState}
	}
}

// setStatus takes the status of the summary for its outcome, as both shapes
// have it. The result that Azure Monitor writes over the record stands in only
// where there is none: it was seen to say Success over a failed export.
func (s *summary) setStatus(c *normalize.Context, r *normalize.Record, e *evidence) {
	for _, native := range [...]string{s.status, s.outer, s.result} {
		if r.StatusNative == "" {
			r.StatusNative = native
		}
	}
	status := statusOf(r.StatusNative)
	r.State, r.Outcome = status.State, status.Outcome
	r.OutcomeDerived = e.outcome()
	switch harm := e.harm(&s.fault, status.Outcome); {
	case e.export != "":
		s.setExport(r, e)
	case status.Outcome == model.Failure, r.OutcomeDerived == model.Failure:
		s.setError(r, e)
	case harm == unmet:
		r.OutcomeDerived = model.Failure
		s.setUnmet(r, e)
	case harm == harmless:
		r.Effect = model.NoOp
	}
	if r.Outcome == model.Success && r.OutcomeDerived == model.Success && r.Effect == "" {
		r.Effect = model.Changed
	}
	if r.Outcome.Failed() || r.OutcomeDerived == model.Failure && r.Outcome != model.Skipped {
		r.FailureStage = s.failureStage(e)
	}
	s.setReason(c, r, e)
}

// setReason says why, or, where the words of one record disagree, how.
func (s *summary) setReason(c *normalize.Context, r *normalize.Record, e *evidence) {
	r.StatusReason = s.fault.reason
	if r.StatusReason == "" {
		r.StatusReason = e.skipReason
	}
	if r.ErrorCode != s.fault.code {
		c.KeepText("errorInformation", "errorCode", s.fault.code)
	}
	if r.ErrorType != s.fault.category {
		c.KeepText("errorInformation", "errorCategory", s.fault.category)
	}
	if r.Outcome == "" {
		return
	}
	words := [...]struct{ name, native string }{{"status", s.outer}, {"resultType", s.result}}
	for _, w := range words {
		if o := statusOf(w.native).Outcome; o != "" && o != r.Outcome {
			r.StatusReason = c.Concat(w.name, " ", w.native, " contradicts provisioningStatusInfo ", r.StatusNative)
			r.Effect = model.Contradicted
		}
	}
	if r.OutcomeDerived == model.Failure && r.Outcome == model.Success || r.OutcomeDerived == model.Success && r.Outcome == model.Failure {
		r.StatusReason = c.Concat("the steps contradict the status ", r.StatusNative, ": ", string(r.OutcomeDerived))
		r.Effect = model.Contradicted
	}
}

// harm says whether it matters that something was skipped.
type harm uint8

const (
	noSkip   harm = iota
	unsure        // nothing says why
	harmless      // there was nothing to do, or nothing to do here
	unmet         // it was wanted and could not be done
)

// harm reads why an object was skipped. The error code
// EntrySynchronizationSkipped stands for all of these, and says nothing.
func (e *evidence) harm(f *fault, outcome model.Outcome) harm {
	if outcome != model.Skipped && !e.skipped {
		return noSkip
	}
	if outcome == model.Success && e.succeeded {
		return noSkip // a part was skipped and the rest exported
	}
	for _, why := range [...]string{e.skipReason, f.code} {
		if h := harmOf(why); h != unsure {
			return h
		}
	}
	if e.unscoped {
		return harmless
	}
	return unsure
}

func harmOf(reason string) harm {
	switch reason {
	case "RedundantExport", "NotEffectivelyEntitled", "NotAssigned", "NotInScope", "OutOfScope", "EntryOutOfScope", "NotActive":
		return harmless
	case "AttributeValidationFailed", "MandatoryAttributeMissing", "MandatoryFieldsMissing", "MissingValues",
		"ImportSkipped", "InvalidAttributeValue", "InvalidAnchor", "UnableToMatch",
		"DuplicateTargetEntries", "DuplicateSourceEntries":
		return unmet
	default:
		return unsure
	}
}

// setUnmet is for a skip that leaves a person without what they should have.
func (s *summary) setUnmet(r *normalize.Record, e *evidence) {
	r.ErrorCode, r.ErrorMessage = e.skipReason, s.fault.reason
	if r.ErrorCode == "" {
		r.ErrorCode = s.fault.code
	}
	r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Permanent, model.CategoryData, model.FromCode
	if strings.HasPrefix(r.ErrorCode, "Duplicate") {
		r.ErrorCategory = model.CategoryConflict
	}
}

// setExport reads entryExportStatus, which says itself what can be tried again.
func (s *summary) setExport(r *normalize.Record, e *evidence) {
	switch e.export {
	case "Noop":
		r.OutcomeDerived, r.Effect = model.Success, model.NoOp
		return
	case "Success":
		r.OutcomeDerived, r.Effect = model.Success, model.Changed
		return
	case "RetryableError", "PermanentError", "Error":
		r.OutcomeDerived = model.Failure
	default:
		return
	}
	s.setError(r, e)
	switch e.export {
	case "RetryableError":
		r.ErrorClass, r.ClassSource = model.Temporary, model.FromVendorFlag
		if r.ErrorCategory == model.CategoryUnknown || r.ErrorCategory == model.CategoryCustomerSide {
			r.ErrorCategory = model.CategoryAPITransient
		}
	case "PermanentError":
		r.ErrorClass, r.ClassSource = model.Permanent, model.FromVendorFlag
	}
}

// failureStage tells a refusal of the target from a step before it.
func (s *summary) failureStage(e *evidence) model.FailureStage {
	if e.failed == "" && s.fault.category == "failure" {
		return model.StagePlatform
	}
	if e.exportFailed || e.export != "" {
		return model.StageDownstream
	}
	return model.StageAction
}
