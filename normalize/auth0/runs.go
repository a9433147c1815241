package auth0

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// mapSync makes r a revision of the run of a directory synchronisation, and
// adds an action for each user that it failed for.
func mapSync(c *normalize.Context, r *normalize.Record, e *entry, rule rule) error {
	id, err := c.Required(e.details, "synchronization_id")
	if err != nil {
		return orDetails(e, err)
	}
	logID := r.NativeID
	r.NativeID, r.NativeType, r.RunID = id, "directory_synchronization", id
	r.WorkflowID, r.WorkflowName = e.connectionID.Text(), e.connection.Text()
	r.StatusNative = e.details.Get("sync_status").Text()
	r.UpdatedTime = r.EventTime
	if scheduled, ok := e.details.Get("scheduled").Bool(); ok && scheduled {
		r.TriggerKind = model.TriggerSchedule
	} else if ok {
		r.TriggerKind = model.TriggerManual
	}
	if err := setSyncTimes(c, r, e.details); err != nil {
		return err
	}
	e.setStatus(r, rule)
	failure := e.details.Get("error")
	list := failure.Get("user_errors")
	setSyncErrors(c, r, failure)
	if r.State == model.Terminal && r.EndedTime == 0 {
		r.EndedTime = r.EventTime
	}
	c.KeepText("", "log_id", logID)
	keepClient(c, e)
	keepRest(c, failure, "details.error", toldBy(list)...)
	keepRest(c, e.details, "details", "error", "synchronization_id", "sync_status", "scheduled", "created_at", "started_at", "completed_at")
	r.Unmapped = c.Kept()
	run := *r
	for v := list.First(); v.Kind() == jsonx.Object; v = v.Next() {
		addUserError(c, &run, v)
	}
	return nil
}

// toldBy returns the members of an error that its records tell: the list only
// if each of its items becomes an action.
func toldBy(list jsonx.Value) []string {
	for v := list.First(); v.Exists(); v = v.Next() {
		if v.Kind() != jsonx.Object {
			return []string{"message"}
		}
	}
	return []string{"message", "user_errors"}
}

// orDetails names the whole of details where that is what is missing.
func orDetails(e *entry, err error) error {
	if e.details.Exists() && !e.details.IsNull() {
		return err
	}
	return normalize.Missing(e.v, "details")
}

func setSyncTimes(c *normalize.Context, r *normalize.Record, details jsonx.Value) (err error) {
	if r.CreatedTime, _, err = c.Time(details.Get("created_at")); err != nil {
		return err
	}
	if r.StartedTime, _, err = c.Time(details.Get("started_at")); err != nil {
		return err
	}
	r.EndedTime, _, err = c.Time(details.Get("completed_at"))
	return err
}

// setSyncErrors counts the users that failed. The summary is the truth: the
// list beside it may be cut. A completed synchronisation that failed for some
// is partial.
func setSyncErrors(c *normalize.Context, r *normalize.Record, failure jsonx.Value) {
	r.Truncated, _ = failure.Get("user_errors_truncated").Bool()
	var failed int64
	for m := failure.Get("user_errors_summary").First(); m.Exists(); m = m.Next() {
		if n, ok := m.Int(); ok && n > 0 {
			failed += n
		}
	}
	failed = max(failed, int64(failure.Get("user_errors").Len()))
	if failed > 0 {
		r.Counts = c.Write(func(dst []byte) []byte {
			return append(strconv.AppendInt(append(dst, `{"failure":`...), failed, 10), '}')
		})
		if r.Outcome == model.Success {
			r.Outcome = model.Partial
		}
		r.OutcomeDerived = r.Outcome
	}
	if message := failure.Get("message").Text(); message != "" && r.Outcome.FailedStrict() {
		if r.StatusReason == "" {
			r.StatusReason = r.ErrorMessage
		}
		r.ErrorMessage = message
		r.ClassifyMessage()
	}
}

// addUserError adds the action that failed for one user of a synchronisation.
func addUserError(c *normalize.Context, run *normalize.Record, v jsonx.Value) {
	user, operation := v.Get("identity_user_id").Text(), v.Get("operation").Text()
	r := c.New(normalize.KindAction)
	r.EventTime, r.EventTimeNative, r.TimeQuality = run.EventTime, run.EventTimeNative, run.TimeQuality
	r.EventType, r.NativeType = run.EventType, "user_error"
	r.NativeID = c.Concat(run.NativeID, "/", user, "/", operation)
	r.RunID, r.WorkflowID, r.WorkflowName = run.RunID, run.WorkflowID, run.WorkflowName
	r.Direction, r.CorrelationID, r.TraceID = run.Direction, run.CorrelationID, run.TraceID
	r.State, r.Outcome, r.EndedTime = model.Terminal, model.Failure, run.EndedTime
	r.SubjectID, r.ActionName, r.TaskType = user, operation, syncTask(operation)
	r.ErrorMessage, r.FailureStage = v.Get("reason").Text(), model.StageAction
	r.ClassifyMessage()
	keepRest(c, v, "user_error", "identity_user_id", "operation", "reason")
	r.Unmapped = c.Kept()
}

func syncTask(operation string) model.TaskType {
	switch strings.ToLower(operation) {
	case "create":
		return model.TaskUserCreate
	case "update":
		return model.TaskUserUpdate
	case "delete":
		return model.TaskUserDelete
	case "deactivate", "block":
		return model.TaskUserDeactivate
	default:
		return model.TaskUserSync
	}
}

// mapFlow makes r the run of a flow.
func mapFlow(c *normalize.Context, r *normalize.Record, e *entry, rule rule) error {
	id, err := c.Required(e.details, "execution_id")
	if err != nil {
		return orDetails(e, err)
	}
	logID := r.NativeID
	r.NativeID, r.NativeType, r.RunID = id, "flow_execution", id
	r.WorkflowID = e.details.Get("flow_id").Text()
	r.StatusNative = e.details.Get("state").Text()
	r.UpdatedTime = r.EventTime
	e.setStatus(r, rule)
	failure := e.details.Get("error")
	if message := failure.Get("message").Text(); message != "" && r.Outcome.Failed() {
		r.StatusReason, r.ErrorMessage = r.ErrorMessage, message
		r.ClassifyMessage()
	}
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	e.setSubject(r)
	c.KeepText("", "log_id", logID)
	keepClient(c, e)
	c.Keep(e.connection)
	c.Keep(e.connectionID)
	keepRest(c, failure, "details.error", "code", "message")
	keepRest(c, e.details, "details", "error", "execution_id", "flow_id", "state")
	r.Unmapped = c.Kept()
	return nil
}

func keepClient(c *normalize.Context, e *entry) {
	c.Keep(e.clientID)
	c.Keep(e.clientName)
}
