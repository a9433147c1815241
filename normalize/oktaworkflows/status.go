package oktaworkflows

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// words are found within an event type such as FLOW_START; the first one
// decides. Okta documents the kinds of event in prose and few of their names,
// so that the stems are what can be relied on.
var words = [...]struct {
	stem    string
	state   model.State
	outcome model.Outcome
	wait    model.WaitReason
}{
	{stem: "FAIL", state: model.Terminal, outcome: model.Failure},
	{stem: "ERROR", state: model.Terminal, outcome: model.Failure},
	{stem: "CANCEL", state: model.Terminal, outcome: model.Cancelled},
	{stem: "SUCCE", state: model.Terminal, outcome: model.Success},
	{stem: "COMPLETE", state: model.Terminal, outcome: model.Success},
	{stem: "RATE_LIMIT", state: model.Retrying},
	{stem: "THROTTL", state: model.Waiting, wait: model.WaitRateLimit},
	{stem: "START", state: model.Running},
	{stem: "RESUM", state: model.Running},
	{stem: "PAUSE", state: model.Waiting, wait: model.WaitPaused},
}

// setStatus reads the event type. One that Okta adds later leaves the state
// unknown: it is no news of how the run stands.
func setStatus(r *normalize.Record) {
	r.State, r.UpdatedTime = model.UnknownState, r.EventTime
	name := strings.ToUpper(r.EventType)
	for _, w := range words {
		if strings.Contains(name, w.stem) {
			r.State, r.Outcome, r.WaitReason = w.state, w.outcome, w.wait
			break
		}
	}
	switch {
	case r.State == model.Terminal:
		r.EndedTime = r.EventTime
	case strings.Contains(name, "START"):
		r.StartedTime = r.EventTime
	}
}

// setError fills in the error of a run that failed; of all others, what would
// be the error is the reason of their state.
func (e *event) setError(c *normalize.Context, r *normalize.Record) {
	r.StatusReason = e.reason
	if r.Outcome != model.Failure {
		if r.StatusReason == "" {
			r.StatusReason, e.message = e.message, ""
		}
		c.KeepText("", "message", e.message)
		c.KeepText("", "code", e.code)
		return
	}
	r.ErrorCode, r.ErrorMessage, r.FailureStage = e.code, e.message, model.StageAction
	if r.ErrorMessage == "" {
		r.ErrorMessage = e.reason
	}
	r.ClassifyMessage()
	if status, err := strconv.Atoi(e.code); err == nil && status >= 400 && status < 600 {
		r.ResponseCode, r.FailureStage = e.code, model.StageDownstream
		r.ClassifyHTTP(status)
	}
}
