package githubactions

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// mapJob appends a job. GitHub numbers the jobs of each attempt anew, so that
// what makes two attempts one job is its name in the run.
func mapJob(c *normalize.Context, hook, v jsonx.Value) error {
	id, err := c.Required(v, "id")
	if err != nil {
		return err
	}
	status, err := c.Required(v, "status")
	if err != nil {
		return err
	}
	r := c.New(normalize.KindAction)
	if r.RunID, err = c.Required(v, "run_id"); err != nil {
		return err
	}
	if r.ActionName, err = c.Required(v, "name"); err != nil {
		return err
	}
	if r.Attempt, err = attempt(v); err != nil {
		return err
	}
	r.NativeID, r.NativeType, r.ActionID = c.Concat(r.RunID, "/", r.ActionName), "workflow_job", id
	r.WorkflowName, r.WorkflowVersion = v.Get("workflow_name").Text(), v.Get("head_sha").Text()
	r.TaskType = model.TaskOther
	setStatus(c, r, status, v.Get("conclusion").Text())
	err = times(c, v, timeField{"created_at", &r.CreatedTime}, timeField{"started_at", &r.StartedTime}, timeField{"completed_at", &r.EndedTime})
	if err != nil {
		return err
	}
	if r.State == model.Queued || r.State == model.Waiting {
		r.StartedTime = 0 // GitHub repeats the time of creation there
	}
	if err := eventTime(c, r, v, "completed_at", "started_at", "created_at"); err != nil {
		return err
	}
	r.UpdatedTime = max(r.CreatedTime, r.StartedTime, r.EndedTime)
	if err := setSteps(c, r, v.Get("steps")); err != nil {
		return err
	}
	keepHook(c, r, hook, "workflow_job")
	keepJob(c, v)
	r.Unmapped = c.Kept()
	return nil
}

// setSteps writes the steps as log, and what they say about the job. A failed
// step in a job that succeeded was allowed to fail.
func setSteps(c *normalize.Context, r *normalize.Record, steps jsonx.Value) error {
	if steps.Kind() != jsonx.Array {
		if steps.Exists() && !steps.IsNull() {
			return normalize.WrongType(steps, "an array")
		}
		return nil
	}
	var children []model.Child
	for v := steps.First(); v.Exists(); v = v.Next() {
		if v.Kind() != jsonx.Object {
			return normalize.WrongType(v, "a step, which is an object")
		}
		s := statusOf(v.Get("status").Text(), v.Get("conclusion").Text())
		children = append(children, s.Child)
		if s.Outcome.Failed() && r.StatusReason == "" {
			r.StatusReason = c.Concat("step ", v.Get("number").Text(), " ", v.Get("name").Text(), ": ", v.Get("conclusion").Text())
		}
		for _, key := range [...]string{"started_at", "completed_at"} {
			at, _, err := c.Time(v.Get(key))
			if err != nil {
				return err
			}
			r.UpdatedTime = max(r.UpdatedTime, at)
		}
	}
	if len(children) == 0 {
		return nil
	}
	derived := model.Rollup(children)
	r.Failing = derived.Failing && r.State != model.Terminal
	if r.State == model.Terminal && derived.State == model.Terminal {
		r.OutcomeDerived = derived.Outcome
		if derived.Outcome == model.Partial && r.Outcome != model.Success {
			r.OutcomeDerived = r.Outcome // steps follow each other: those before the last one went well
		}
	}
	if r.Outcome.Failed() {
		r.ErrorMessage = r.StatusReason
	}
	r.Counts = c.Counts(children)
	r.StepLog = stepLog(c, steps)
	return nil
}

// stepLog writes the steps as they are, with the names of Record.StepLog first.
func stepLog(c *normalize.Context, steps jsonx.Value) string {
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for v := steps.First(); v.Exists(); v = v.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = append(dst, '{')
			for m := v.First(); m.Exists(); m = m.Next() {
				key := m.Key()
				switch {
				case m.IsNull():
					continue
				case key == "started_at":
					key = "time"
				}
				if dst[len(dst)-1] != '{' {
					dst = append(dst, ',')
				}
				dst = c.AppendMasked(append(normalize.AppendString(dst, key), ':'), key, m)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
}

func keepJob(c *normalize.Context, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); key {
		case "id", "run_id", "name", "run_attempt", "workflow_name", "head_sha", "status", "conclusion",
			"created_at", "started_at", "completed_at":
			keepOdd(c, m)
		case "steps":
		case "html_url":
			c.Keep(m)
		default:
			if strings.HasSuffix(key, "_url") || key == "url" || m.Kind() == jsonx.Array && m.Len() == 0 {
				continue // made of the ids, or nothing
			}
			c.Keep(m)
		}
	}
}
