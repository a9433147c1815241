// Package eiam reads the synchronisation jobs of Alibaba Cloud IDaaS (EIAM), as
// the operations GetSynchronizationJob and ListSynchronizationJobs return them:
// the whole response, or a job of it.
//
// A job is a run. The vendor counts its entries and does not list them, so
// there are no actions; entries come by package idaas. It does not page.
package eiam

import (
	"time"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/alibaba"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is alibaba.eiam_sync_job.
var Format = normalize.Format{
	Name:     "alibaba.eiam_sync_job",
	Version:  1,
	Title:    "Alibaba Cloud IDaaS synchronisation jobs (EIAM OpenAPI 2021-12-01)",
	Ref:      "https://www.alibabacloud.com/help/en/idaas/eiam/developer-reference/api-eiam-2021-12-01-getsynchronizationjob",
	Emits:    []normalize.Kind{normalize.KindRun},
	About:    about,
	Elements: elements,
	Map:      mapJob,
}

// elements peels the response: {"SynchronizationJobs":[…]} or
// {"SynchronizationJob":{…}}.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	if list := root.Get("SynchronizationJobs"); list.Kind() == jsonx.Array {
		normalize.DefaultElements(list, yield)
		return
	}
	if job := root.Get("SynchronizationJob"); job.Kind() == jsonx.Object {
		yield(job)
		return
	}
	normalize.DefaultElements(root, yield)
}

func mapJob(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a synchronisation job, which is an object")
	}
	id, err := c.Required(v, "SynchronizationJobId")
	if err != nil {
		return err
	}
	native, err := c.Required(v, "Status")
	if err != nil {
		return err
	}
	r := c.New(normalize.KindRun)
	r.NativeID, r.RunID, r.NativeType = id, id, "SynchronizationJob"
	r.StatusNative = native
	r.State, r.Outcome, r.WaitReason = statusOf(native)
	setOrigin(c, r, v)
	if err := setTimes(c, r, v); err != nil {
		return err
	}
	if err := setResult(c, r, v.Get("Result")); err != nil {
		return err
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "Result", "StartTime", "EndTime":
		case "SynchronizationJobId", "Status", "Direction", "TargetId", "TargetType", "TriggerType":
			if m.Text() == "" {
				c.Keep(m)
			}
		default:
			c.Keep(m)
		}
	}
	r.Unmapped = c.Kept()
	return nil
}

func statusOf(native string) (model.State, model.Outcome, model.WaitReason) {
	switch native {
	case "pending":
		return model.Queued, model.NoOutcome, ""
	case "running":
		return model.Running, model.NoOutcome, ""
	case "suspending":
		return model.Waiting, model.NoOutcome, model.WaitPaused
	case "success":
		return model.Terminal, model.Success, ""
	case "partial_success":
		return model.Terminal, model.Partial, ""
	case "failed":
		return model.Terminal, model.Failure, ""
	default:
		return model.UnknownState, model.NoOutcome, ""
	}
}

// setOrigin says what the job is about. A job has no name: that of its workflow
// is the direction and the kind of system at the other end.
func setOrigin(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	direction := v.Get("Direction").Text()
	r.Direction = alibaba.Direction(direction)
	r.TriggerModule, r.TriggerModuleName = v.Get("TargetType").Text(), v.Get("TargetId").Text()
	r.TriggerNative = v.Get("TriggerType").Text()
	r.TriggerKind = alibaba.Trigger(r.TriggerNative, r.TriggerModule, r.Direction)
	if r.TriggerKind == model.TriggerSchedule {
		r.ActorType = model.ActorSystem
	}
	if r.TriggerModule == "application" {
		r.TargetAppID = r.TriggerModuleName
	}
	if direction == "" && r.TriggerModule == "" {
		return
	}
	r.WorkflowName = c.Concat(direction, " ", r.TriggerModule)
	r.WorkflowID = c.Concat(direction, "/", r.TriggerModule, "/", r.TriggerModuleName)
}

// setTimes reads milliseconds. What happened last is the event: the end, or
// else the start. A job that waits has neither.
func setTimes(c *normalize.Context, r *normalize.Record, v jsonx.Value) (err error) {
	start, end := v.Get("StartTime"), v.Get("EndTime")
	if r.StartedTime, err = c.EpochTime(start, time.Millisecond); err != nil {
		return err
	}
	ended, err := c.EpochTime(end, time.Millisecond)
	if err != nil {
		return err
	}
	switch {
	case ended != 0:
		r.EventTime, r.EventTimeNative = ended, end.Text()
	case r.StartedTime != 0:
		r.EventTime, r.EventTimeNative = r.StartedTime, start.Text()
	}
	r.EndedTime, r.UpdatedTime = ended, max(r.StartedTime, ended)
	return nil
}

func setResult(c *normalize.Context, r *normalize.Record, v jsonx.Value) error {
	if !v.Exists() || v.IsNull() {
		return nil
	}
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an object")
	}
	var t tally
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "ErrorCode":
			r.ErrorCode = m.Text()
		case "ErrorMessage":
			r.ErrorMessage = m.Text()
		default:
			c.KeepIn("Result", m)
			if err := t.add(m); err != nil {
				return err
			}
		}
	}
	r.Counts = t.counts(c)
	if r.State == model.Terminal {
		r.OutcomeDerived = t.outcome()
	} else {
		r.Failing = t.all.failed > 0
	}
	switch {
	case r.Outcome.FailedStrict():
		alibaba.Classify(r)
		r.FailureStage = model.StageAction
	case r.ErrorCode != "" || r.ErrorMessage != "": // an error object is no failure
		c.KeepText("Result", "ErrorCode", r.ErrorCode)
		r.StatusReason, r.ErrorCode, r.ErrorMessage = r.ErrorMessage, "", ""
	}
	return nil
}
