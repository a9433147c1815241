package githubactions

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func mapRun(c *normalize.Context, hook, v jsonx.Value) error {
	id, err := c.Required(v, "id")
	if err != nil {
		return err
	}
	status, err := c.Required(v, "status")
	if err != nil {
		return err
	}
	r := c.New(normalize.KindRun)
	r.NativeID, r.RunID, r.NativeType = id, id, "workflow_run"
	if r.Attempt, err = attempt(v); err != nil {
		return err
	}
	r.WorkflowID, r.WorkflowName = v.Get("workflow_id").Text(), v.Get("name").Text()
	r.WorkflowVersion = version(c, v)
	setStatus(c, r, status, v.Get("conclusion").Text())
	setTrigger(r, v)
	err = times(c, v, timeField{"created_at", &r.CreatedTime}, timeField{"run_started_at", &r.StartedTime}, timeField{"updated_at", &r.UpdatedTime})
	if err != nil {
		return err
	}
	if err := eventTime(c, r, v, "updated_at", "run_started_at", "created_at"); err != nil {
		return err
	}
	if r.State == model.Terminal {
		r.EndedTime = r.UpdatedTime
	}
	r.UpdatedTime = max(r.CreatedTime, r.StartedTime, r.UpdatedTime)
	setRepository(r, v.Get("repository"))
	keepHook(c, r, hook, "workflow_run")
	keepRun(c, r, v)
	r.Unmapped = c.Kept()
	return nil
}

// attempt returns the number of the attempt; old payloads have none.
func attempt(v jsonx.Value) (int64, error) {
	m := v.Get("run_attempt")
	if !m.Exists() || m.IsNull() {
		return 1, nil
	}
	n, ok := m.Int()
	if !ok || n < 1 || n > 1<<16-1 {
		return 0, normalize.Invalid(m, normalize.BadValue, "want the number of the attempt, 1 for the first, got %.40s", m.Raw())
	}
	return n, nil
}

// version is what ran: the file of the workflow at a commit.
func version(c *normalize.Context, v jsonx.Value) string {
	path, sha := v.Get("path").Text(), v.Get("head_sha").Text()
	if path == "" || sha == "" {
		return sha
	}
	return c.Concat(path, "@", sha)
}

// setTrigger says what started the run; a further attempt is started by whoever
// asked for it, and the event stays that of the first.
func setTrigger(r *normalize.Record, v jsonx.Value) {
	r.TriggerNative = v.Get("event").Text()
	switch r.TriggerNative {
	case "":
		r.TriggerKind = model.TriggerUnknown
	case "schedule":
		r.TriggerKind = model.TriggerSchedule
	case "workflow_dispatch":
		r.TriggerKind = model.TriggerManual
	case "repository_dispatch":
		r.TriggerKind = model.TriggerAPI
	case "workflow_call":
		r.TriggerKind = model.TriggerNested
	default:
		r.TriggerKind = model.TriggerEvent
	}
	setActor(r, v.Get("actor"))
	if r.Attempt > 1 {
		r.TriggerKind = model.TriggerResubmit
		if who := v.Get("triggering_actor"); who.Kind() == jsonx.Object {
			setActor(r, who)
		}
	}
}

func keepRun(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); key {
		case "id", "workflow_id", "name", "head_sha", "path", "status", "conclusion", "event", "run_attempt",
			"created_at", "updated_at", "run_started_at":
			keepOdd(c, m)
		case "repository":
		case "actor", "triggering_actor":
			if m.Get("login").Text() != r.ActorName {
				c.KeepAs("", key, login(m))
			}
		case "head_repository":
			if m.Get("full_name").Text() != r.ObjectName {
				c.KeepIn(key, m.Get("full_name"))
			}
		case "check_suite_id":
			if r.CorrelationID = m.Text(); r.CorrelationID == "" {
				c.Keep(m)
			}
		case "previous_attempt_url", "html_url":
			c.Keep(m)
		default:
			if strings.HasSuffix(key, "_url") || key == "url" || m.Kind() == jsonx.Array && m.Len() == 0 {
				continue // made of the ids, or nothing
			}
			c.Keep(m)
		}
	}
}

// keepOdd keeps a member that should be text or a number and is not.
func keepOdd(c *normalize.Context, m jsonx.Value) {
	if m.Kind() == jsonx.Object || m.Kind() == jsonx.Array {
		c.Keep(m)
	}
}
