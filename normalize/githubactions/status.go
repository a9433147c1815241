package githubactions

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// status is what a status with its conclusion means.
type status struct {
	model.Child
	wait model.WaitReason
}

// statusOf reads a status with its conclusion. That an action is required of
// somebody is a conclusion which concludes nothing: GitHub gives it with the
// status completed and with others.
func statusOf(native, conclusion string) status {
	if conclusion == "action_required" {
		return status{model.Child{State: model.Waiting}, model.WaitApproval}
	}
	switch native {
	case "requested", "queued", "pending":
		return status{Child: model.Child{State: model.Queued}}
	case "waiting":
		return status{model.Child{State: model.Waiting}, model.WaitApproval}
	case "in_progress":
		return status{Child: model.Child{State: model.Running}}
	case "completed":
		return status{Child: model.Child{State: model.Terminal, Outcome: conclusionOf(conclusion)}}
	default:
		return status{Child: model.Child{State: model.UnknownState}}
	}
}

func conclusionOf(native string) model.Outcome {
	switch native {
	case "success", "neutral":
		return model.Success
	case "failure":
		return model.Failure
	case "startup_failure":
		return model.Error
	case "timed_out":
		return model.Timeout
	case "cancelled":
		return model.Cancelled
	case "skipped":
		return model.Skipped
	default: // stale, none, one of tomorrow
		return model.UnknownOutcome
	}
}

// setStatus keeps a conclusion beside a status that is not completed: the two
// contradict each other, and the status says where the run is.
func setStatus(c *normalize.Context, r *normalize.Record, native, conclusion string) {
	s := statusOf(native, conclusion)
	r.StatusNative = native
	if conclusion != "" {
		r.StatusNative = c.Concat(native, "/", conclusion)
	}
	r.State, r.Outcome, r.WaitReason = s.State, s.Outcome, s.wait
	if conclusion != "" && r.State != model.Terminal && r.State != model.Waiting {
		r.OutcomeDerived = conclusionOf(conclusion)
	}
	if !r.Outcome.Failed() {
		return
	}
	r.ErrorCode, r.FailureStage = conclusion, model.StageAction
	r.ErrorClass, r.ErrorCategory = model.UnknownClass, model.CategoryUnknown
	switch r.Outcome {
	case model.Error:
		r.ErrorCategory, r.ClassSource, r.FailureStage = model.CategoryPlatform, model.FromCode, model.StagePlatform
	case model.Timeout:
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Temporary, model.CategoryTimeout, model.FromCode
	}
}
