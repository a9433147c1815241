// Package githubaudit reads the audit log of GitHub organisations and
// enterprises, from the REST API or a stream.
//
// Each entry is an audit record. Those about workflow runs point to the run that
// package githubactions knows, and do not stand for it.
package githubaudit

import (
	"strings"
	"time"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is github.audit.
var Format = normalize.Format{
	Name:    "github.audit",
	Version: 1,
	Title:   "GitHub audit log of organisations and enterprises",
	Ref:     "https://docs.github.com/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization",
	Emits:   []normalize.Kind{normalize.KindAudit},
	About:   about,
	Map:     mapEntry,
}

// runs is the source of the runs that entries point to.
const runs = "github.actions"

func mapEntry(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an entry of the audit log, which is an object")
	}
	action, err := c.Required(v, "action")
	if err != nil {
		return err
	}
	r := c.New(normalize.KindAudit)
	r.EventType, r.NativeID, r.NativeType = action, v.Get("_document_id").Text(), "audit_log"
	if err := setTime(c, r, v); err != nil {
		return err
	}
	r.ActorID, r.ActorName = v.Get("actor_id").Text(), v.Get("actor").Text()
	r.ActorType = actorOf(r.ActorName, v.Get("actor_is_bot"))
	r.SubjectID, r.SubjectName = v.Get("user_id").Text(), v.Get("user").Text()
	if r.ObjectName = v.Get("repo").Text(); r.ObjectName != "" {
		r.ObjectType, r.ObjectID = "repository", v.Get("repo_id").Text()
	}
	r.State, r.Outcome = model.Terminal, model.Success
	ruleOf(action).set(r)
	if err := setRun(c, r, v); err != nil {
		return err
	}
	keep(c, v)
	r.Changes = c.Changes()
	r.Unmapped = c.Kept()
	return nil
}

// setTime reads milliseconds since 1970, or text, as exports have it. The event
// happened at @timestamp; created_at is when it was written down.
func setTime(c *normalize.Context, r *normalize.Record, v jsonx.Value) error {
	at, created := v.Get("@timestamp"), v.Get("created_at")
	if !at.Exists() || at.IsNull() {
		at = created
	}
	if !at.Exists() || at.IsNull() {
		return normalize.Missing(v, "@timestamp")
	}
	happened, quality, err := instant(c, at)
	if err != nil {
		return err
	}
	r.EventTime, r.EventTimeNative, r.TimeQuality = happened, at.Text(), quality
	r.RecordedTime, _, err = instant(c, created)
	return err
}

func instant(c *normalize.Context, v jsonx.Value) (normalize.Micros, normalize.TimeQuality, error) {
	if _, number := v.Int(); !number {
		return c.Time(v)
	}
	at, err := c.EpochTime(v, time.Millisecond)
	return at, normalize.TimeOK, err
}

func actorOf(name string, bot jsonx.Value) model.ActorType {
	is, _ := bot.Bool()
	switch {
	case name == "":
		return ""
	case is || strings.HasSuffix(name, "[bot]"):
		return model.ActorApp
	default:
		return model.ActorUser
	}
}

// setRun ties the entry to the run it is about. That of the end of a run tells
// how it ended.
func setRun(c *normalize.Context, r *normalize.Record, v jsonx.Value) (err error) {
	if !strings.HasPrefix(r.EventType, "workflows.") {
		return nil
	}
	r.WorkflowID, r.WorkflowName = v.Get("workflow_id").Text(), v.Get("name").Text()
	r.TriggerNative = v.Get("event").Text()
	if r.RunID = v.Get("workflow_run_id").Text(); r.RunID != "" {
		r.RunKey = normalize.RunKeyOf(r.TenantID, runs, "", r.RunID)
	}
	if n, ok := v.Get("run_attempt").Int(); ok && n > 0 && n < 1<<16 {
		r.Attempt = n
	} else {
		c.Keep(v.Get("run_attempt"))
	}
	if r.StartedTime, _, err = instant(c, v.Get("started_at")); err != nil {
		return err
	}
	if r.EndedTime, _, err = instant(c, v.Get("completed_at")); err != nil {
		return err
	}
	if r.StatusNative = v.Get("conclusion").Text(); r.StatusNative != "" {
		r.Outcome = conclusionOf(r.StatusNative)
	}
	return nil
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
	default:
		return model.UnknownOutcome
	}
}

// keep keeps what no field holds, and takes the changes out of the names of
// members: GitHub writes config and config_was, permission and old_permission.
func keep(c *normalize.Context, v jsonx.Value) {
	workflow := strings.HasPrefix(v.Get("action").Text(), "workflows.")
	for m := v.First(); m.Exists(); m = m.Next() {
		key := m.Key()
		if of, ok := changed(key); ok {
			if to := v.Get(of); to.Exists() {
				c.Change(of, m, to)
				continue
			}
		}
		if !mapped(key, workflow) || m.Kind() == jsonx.Object || m.Kind() == jsonx.Array {
			c.Keep(m)
		}
	}
}

// changed returns the member whose former value the member key holds.
func changed(key string) (string, bool) {
	for _, prefix := range [...]string{"old_", "previous_"} {
		if of, ok := strings.CutPrefix(key, prefix); ok {
			return of, true
		}
	}
	for _, suffix := range [...]string{"_was", "_were"} {
		if of, ok := strings.CutSuffix(key, suffix); ok {
			return of, true
		}
	}
	return "", false
}

// mapped reports whether a field holds the member.
func mapped(key string, workflow bool) bool {
	switch key {
	case "action", "_document_id", "@timestamp", "created_at", "actor", "actor_id", "user", "user_id", "repo":
		return true
	case "workflow_id", "name", "event", "workflow_run_id", "run_attempt", "started_at", "completed_at", "conclusion":
		return workflow
	default:
		return false
	}
}
