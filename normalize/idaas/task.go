package idaas

import (
	"strconv"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// MapTask appends the run of the task that e.Data describes:
//
//	task_id*             id of the task
//	direction*           inbound, outbound
//	trigger_module*      identity provider, application, account
//	trigger_module_name  such as the name of the application
//	trigger_method*      manual, automatic
//	start_time*          RFC 3339
//	end_time             RFC 3339
//	status*              Successful, Failed, Partially Succeeded, Running, Initial State
//	status_description   free text
//	failed               {organizations, accounts}: how many failed
//	retriggered_from     id of the task that this one repeats
func MapTask(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "a task, which is an object")
	}
	r := record(c, e, normalize.KindRun, TaskType)
	var err error
	if r.RunID, err = c.Required(data, "task_id"); err != nil {
		return err
	}
	r.NativeID, r.NativeType = r.RunID, "task"
	if err := setOrigin(c, r, data); err != nil {
		return err
	}
	if r.OriginRunID = data.Get("retriggered_from").Text(); r.OriginRunID != "" {
		r.TriggerKind = model.TriggerResubmit
	}
	if err := setTaskStatus(c, r, data); err != nil {
		return err
	}
	if err := setTaskTimes(c, r, e); err != nil {
		return err
	}
	keepRest(c, e)
	r.Unmapped = c.Kept()
	return nil
}

// setTaskStatus reads the status. Initial State is that of a task which a rare
// fault kept from starting: no usual queue, so it says so.
func setTaskStatus(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	if r.StatusNative, err = c.Required(data, "status"); err != nil {
		return err
	}
	r.State, r.Outcome = statusOf(r.StatusNative)
	r.StatusReason = data.Get("status_description").Text()
	if r.State == model.Queued && r.StatusReason == "" {
		r.StatusReason = "never_started"
	}
	failed, err := setFailed(c, r, data)
	if err != nil {
		return err
	}
	switch {
	case failed && r.State != model.Terminal:
		r.Failing = true
	case failed && r.Outcome == model.Success:
		r.OutcomeDerived = model.Partial
	}
	if r.Outcome.FailedStrict() {
		r.ErrorMessage, r.FailureStage = r.StatusReason, model.StageAction
		r.ClassifyMessage()
	}
	return nil
}

// setFailed counts what failed, by kind of object, and tells whether anything did.
func setFailed(c *normalize.Context, r *normalize.Record, data jsonx.Value) (bool, error) {
	failed, err := object(data, "failed")
	if err != nil {
		return false, err
	}
	var byKind [2]int64
	for m := failed.First(); m.Exists(); m = m.Next() {
		kind := 0
		switch m.Key() {
		case "organizations":
		case "accounts":
			kind = 1
		default:
			c.KeepIn("failed", m)
			continue
		}
		n, ok := m.Int()
		if !m.IsNull() && (!ok || n < 0 || n > 1e15) {
			return false, normalize.Invalid(m, normalize.BadValue, "want how many failed, got %.40s", m.Raw())
		}
		byKind[kind] = n
	}
	if byKind == [2]int64{} {
		return false, nil
	}
	r.Counts = c.Write(func(dst []byte) []byte {
		dst = strconv.AppendInt(append(dst, `{"failure":`...), byKind[0]+byKind[1], 10)
		dst = strconv.AppendInt(append(dst, `,"by_object":{"organization":{"failed":`...), byKind[0], 10)
		dst = strconv.AppendInt(append(dst, `},"account":{"failed":`...), byKind[1], 10)
		return append(dst, "}}}"...)
	})
	return true, nil
}

// setTaskTimes sets the event time: the end, or else the start. A later push of
// a task that has not ended is known by the time of its event.
func setTaskTimes(c *normalize.Context, r *normalize.Record, e *cloudevents.Event) error {
	start, text, err := required(c, e.Data, "start_time")
	if err != nil {
		return err
	}
	end, err := cloudevents.Time(c, e.Data.Get("end_time"))
	if err != nil {
		return err
	}
	r.StartedTime, r.EndedTime = start, end
	r.EventTime, r.EventTimeNative = start, text
	if end != 0 {
		r.EventTime, r.EventTimeNative = end, e.Data.Get("end_time").Str()
	}
	r.UpdatedTime = max(start, end, e.Time)
	if r.State == model.Queued {
		r.CreatedTime, r.StartedTime = start, 0
	}
	return nil
}
