package entralifecycle

import (
	"strconv"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// status is what one word of lifecycleWorkflowProcessingStatus means.
type status struct {
	state   model.State
	outcome model.Outcome
	wait    model.WaitReason
}

// statusOf reads a status. One that Microsoft adds later is unknown, not an
// error; canceling and quarantined are sent to those only who ask for members
// of tomorrow, and are unknownFutureValue to all others.
func statusOf(native string) status {
	switch native {
	case "queued":
		return status{state: model.Queued}
	case "inProgress":
		return status{state: model.Running}
	case "canceling":
		return status{state: model.Finalizing}
	case "quarantined":
		return status{state: model.Waiting, wait: model.WaitQuarantine}
	case "completed":
		return status{state: model.Terminal, outcome: model.Success}
	case "completedWithErrors":
		return status{state: model.Terminal, outcome: model.Partial}
	case "failed":
		return status{state: model.Terminal, outcome: model.Failure}
	case "canceled":
		return status{state: model.Terminal, outcome: model.Cancelled}
	default: // unknownFutureValue
		return status{state: model.UnknownState}
	}
}

func setStatus(r *normalize.Record) {
	s := statusOf(r.StatusNative)
	r.State, r.Outcome, r.WaitReason = s.state, s.outcome, s.wait
}

// setRunStatus compares the status with the counts of users.
func (x *result) setRunStatus(c *normalize.Context, r *normalize.Record) {
	setStatus(r)
	r.Failing = r.State != model.Terminal && (x.failedUsers.n > 0 || x.failedTasks.n > 0)
	if x.totalUsers.told || x.okUsers.told || x.failedUsers.told {
		r.Counts = x.counts(c, r.State, x.okUsers.n, x.failedUsers.n, 0, x.totalUsers.n)
	}
	if r.State != model.Terminal || !x.okUsers.told || !x.failedUsers.told {
		return
	}
	okTasks := x.totalTasks.n - x.failedTasks.n - x.unprocessedTasks.n
	switch failed := x.failedUsers.n > 0; {
	case failed && x.okUsers.n > 0, failed && okTasks > 0 && x.unprocessedTasks.n == 0:
		r.OutcomeDerived = model.Partial
	case failed:
		r.OutcomeDerived = model.Failure
	case x.okUsers.n > 0 && x.okUsers.n >= x.totalUsers.n:
		r.OutcomeDerived = model.Success
	}
	x.contradict(c, r)
}

// setUserStatus compares the status with the counts of tasks. A task that may
// not fail stops those after it: 1 failed and 2 unprocessed of 3 is failed,
// where 1 failed of 3 is completedWithErrors.
func (x *result) setUserStatus(c *normalize.Context, r *normalize.Record) {
	setStatus(r)
	r.Failing = r.State != model.Terminal && x.failedTasks.n > 0
	if !x.totalTasks.told {
		return
	}
	ok := x.totalTasks.n - x.failedTasks.n - x.unprocessedTasks.n
	if r.State == model.Terminal || r.State == model.UnknownState {
		r.Counts = x.counts(c, r.State, ok, x.failedTasks.n, x.unprocessedTasks.n, x.totalTasks.n)
	} else {
		r.Counts = x.counts(c, r.State, 0, x.failedTasks.n, 0, x.totalTasks.n)
	}
	if r.State != model.Terminal || !x.failedTasks.told {
		return
	}
	switch failed := x.failedTasks.n > 0; {
	case failed && (x.unprocessedTasks.n > 0 || ok <= 0 || x.stopped()):
		r.OutcomeDerived = model.Failure
	case failed:
		r.OutcomeDerived = model.Partial
	case ok > 0 && x.unprocessedTasks.n == 0:
		r.OutcomeDerived = model.Success
	}
	x.contradict(c, r)
}

// counts writes how many children there are of each outcome. Those of which
// nothing is told run while their parent does, and are unknown after it.
func (x *result) counts(c *normalize.Context, state model.State, ok, failed, skipped, total int64) string {
	rest := string(model.UnknownState)
	if state != model.Terminal && state != model.UnknownState {
		rest = string(model.Running)
	}
	counts := c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		for _, child := range [...]struct {
			word string
			n    int64
		}{
			{string(model.Success), ok},
			{string(model.Failure), failed},
			{string(model.Skipped), skipped},
			{rest, total - max(ok, 0) - max(failed, 0) - max(skipped, 0)},
		} {
			if child.n <= 0 {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(dst, child.word), ':')
			dst = strconv.AppendInt(dst, child.n, 10)
		}
		return append(dst, '}')
	})
	if counts == "{}" {
		return ""
	}
	return counts
}

// stopped reports whether an expanded task failed that may not.
func (x *result) stopped() bool {
	for t := x.tasks.First(); t.Exists(); t = t.Next() {
		goOn, told := t.At("task", "continueOnError").Bool()
		if told && !goOn && t.Get("processingStatus").Str() == "failed" {
			return true
		}
	}
	return false
}

func (x *result) contradict(c *normalize.Context, r *normalize.Record) {
	if r.OutcomeDerived != "" && r.OutcomeDerived != r.Outcome {
		r.StatusReason = c.Concat("the counts contradict the status ", r.StatusNative, ": ", string(r.OutcomeDerived))
	}
}

// setTaskStatus reads processingInfo as that there was nothing to do: the user
// was in the group already.
func (x *result) setTaskStatus(c *normalize.Context, r *normalize.Record) {
	setStatus(r)
	r.StatusReason = x.info
	switch r.Outcome {
	case model.Failure, model.Partial:
		r.ErrorMessage, r.FailureStage = x.failure, model.StageAction
		r.ClassifyMessage()
	case model.Success:
		switch {
		case x.info != "":
			r.Effect = model.NoOp
		case r.TaskType != model.TaskOther && r.TaskType != model.TaskNotify && r.TaskType != model.TaskHTTP:
			r.Effect = model.Changed
		}
	}
	switch {
	case r.StatusReason == "":
		r.StatusReason = x.failure
	case r.ErrorMessage == "":
		c.KeepText("", "failureReason", x.failure)
	}
}
