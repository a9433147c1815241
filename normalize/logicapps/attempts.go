package logicapps

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// earlier returns how many attempts of the retry history came before the one
// that the action ended with, and that one, which Azure may list too: it ended
// when the action did.
func (e *event) earlier() (n int, last jsonx.Value) {
	if e.retries.Kind() != jsonx.Array {
		return 0, last
	}
	for v := e.retries.First(); v.Exists(); v = v.Next() {
		last = v
		n++
	}
	if end := last.Get("endTime").Str(); end != "" && end == e.end.Str() {
		return n - 1, last
	}
	return n, jsonx.Value{}
}

// writeAttempts appends a record for each of the n earlier attempts: ended,
// failed, numbered from 1. The start of the action is attempt 1 as well, so its
// record does not stay open when the action ends as attempt 3.
func (e *event) writeAttempts(c *normalize.Context, action normalize.Record, n int) error {
	v := e.retries.First()
	for attempt := range n {
		r := c.New(action.Kind)
		r.Attempt = int64(attempt + 1)
		copyIdentity(r, &action)
		if err := e.setAttempt(c, r, v); err != nil {
			return err
		}
		v = v.Next()
	}
	return nil
}

func copyIdentity(r, action *normalize.Record) {
	r.EventType, r.NativeType, r.NativeID = action.EventType, action.NativeType, action.NativeID
	r.WorkflowID, r.WorkflowName, r.WorkflowVersion = action.WorkflowID, action.WorkflowName, action.WorkflowVersion
	r.RunID, r.OriginRunID, r.CorrelationID = action.RunID, action.OriginRunID, action.CorrelationID
	r.TriggerKind, r.TriggerName, r.RecordedTime = action.TriggerKind, action.TriggerName, action.RecordedTime
	r.BusinessKey, r.BusinessKeyType = action.BusinessKey, action.BusinessKeyType
	r.IdempotencyKey = action.IdempotencyKey
	r.ActionID, r.ActionName, r.TaskType, r.Sequence = action.ActionID, action.ActionName, action.TaskType, action.Sequence
}

func (e *event) setAttempt(c *normalize.Context, r *normalize.Record, v jsonx.Value) (err error) {
	var start, end, broken jsonx.Value
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "startTime":
			start = m
		case "endTime":
			end = m
		case "code":
			r.ResponseCode = m.Text()
		case "error":
			broken = m
		case "serviceRequestId":
			r.ProviderRef = m.Text()
		default:
			c.Keep(m)
		}
	}
	r.State, r.Outcome, r.RetryState = model.Terminal, model.Failure, "in_progress"
	code, message := readFault(c, broken)
	setError(r, r.ResponseCode, code, message)
	r.Unmapped = c.Kept()
	r.FailureStage = model.StageAction
	if httpStatus(r.ResponseCode) != 0 {
		r.FailureStage = model.StageDownstream
	}
	if r.StartedTime, _, err = c.Time(start); err != nil {
		return err
	}
	if r.EndedTime, _, err = c.Time(end); err != nil {
		return err
	}
	for _, at := range [...]jsonx.Value{end, start, e.start, e.end, e.recorded} {
		if at.Str() != "" {
			err = c.EventTime(r, at)
			r.UpdatedTime = r.EventTime
			return err
		}
	}
	return nil
}
