// Package githubactions reads what GitHub tells about workflow runs and their
// jobs: the webhooks workflow_run, workflow_job and deployment_review, and the
// lists of runs and jobs of the REST API.
//
// A run becomes a run, a job an action of it with its steps as log, a review of
// a deployment an audit record. Re-running makes an attempt of the same run.
// What a webhook repeats of the repository, beyond its name, is left out.
package githubactions

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is github.actions.
var Format = normalize.Format{
	Name:     "github.actions",
	Version:  1,
	Title:    "GitHub Actions webhooks workflow_run, workflow_job, deployment_review, and API objects",
	Ref:      "https://docs.github.com/webhooks/webhook-events-and-payloads#workflow_run",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapElement,
}

// elements peels the lists of the API.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	for _, key := range [...]string{"workflow_runs", "jobs"} {
		if list := root.Get(key); list.Kind() == jsonx.Array {
			normalize.DefaultElements(list, yield)
			return
		}
	}
	normalize.DefaultElements(root, yield)
}

func mapElement(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a webhook, a run or a job, which is an object")
	}
	job, run := v.Get("workflow_job"), v.Get("workflow_run")
	switch action := v.Get("action").Text(); {
	case job.Kind() == jsonx.Object:
		return mapJob(c, v, job)
	case run.Kind() == jsonx.Object && (v.Get("workflow_job_run").Exists() || v.Get("workflow_job_runs").Exists() || action == "approved" || action == "rejected"):
		return mapReview(c, v, run, action)
	case run.Kind() == jsonx.Object:
		return mapRun(c, v, run)
	case v.Get("run_id").Exists():
		return mapJob(c, jsonx.Value{}, v)
	case v.Get("workflow_id").Exists():
		return mapRun(c, jsonx.Value{}, v)
	default:
		return &normalize.Error{
			Reason: normalize.UnknownType, Path: v.Path(), Offset: v.Offset(),
			Detail: "want a webhook with workflow_run or workflow_job, or a run or a job of the API; send no other events here",
		}
	}
}

// keepHook keeps what a webhook says around its object. The name of the event
// is that of the object and the action.
func keepHook(c *normalize.Context, r *normalize.Record, hook jsonx.Value, object string) {
	r.EventType = object
	for m := hook.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "action":
			if m.Text() != "" {
				r.EventType = c.Concat(object, ".", m.Text())
			}
		case "repository":
			setRepository(r, m)
		case "organization", "enterprise", "sender":
			c.KeepAs("", m.Key(), login(m))
		case "installation":
			c.KeepIn(m.Key(), m.Get("id"))
		case "workflow":
			if r.WorkflowName == "" {
				r.WorkflowName = m.Get("name").Text()
			}
			c.KeepIn(m.Key(), m.Get("state"))
		case "workflow_run", "workflow_job":
		default:
			c.Keep(m)
		}
	}
}

func setRepository(r *normalize.Record, v jsonx.Value) {
	if r.ObjectName = v.Get("full_name").Text(); r.ObjectName != "" {
		r.ObjectType, r.ObjectID = "repository", v.Get("id").Text()
	}
}

// login returns the name of an account, or of an enterprise.
func login(v jsonx.Value) jsonx.Value {
	if m := v.Get("login"); m.Exists() {
		return m
	}
	return v.Get("slug")
}

func setActor(r *normalize.Record, v jsonx.Value) {
	r.ActorID, r.ActorName = v.Get("id").Text(), v.Get("login").Text()
	switch v.Get("type").Text() {
	case "User":
		r.ActorType = model.ActorUser
	case "Bot":
		r.ActorType = model.ActorApp
	}
}

// times reads the members at the keys and keeps none: each has a field. A
// member that is absent leaves its field alone.
func times(c *normalize.Context, v jsonx.Value, fields ...timeField) error {
	for _, f := range fields {
		at, _, err := c.Time(v.Get(f.key))
		if err != nil {
			return err
		}
		if at != 0 {
			*f.at = at
		}
	}
	return nil
}

type timeField struct {
	key string
	at  *normalize.Micros
}

// eventTime sets the event time from the first of the keys that is there.
func eventTime(c *normalize.Context, r *normalize.Record, v jsonx.Value, keys ...string) error {
	for _, key := range keys {
		if m := v.Get(key); m.Exists() && !m.IsNull() {
			return c.EventTime(r, m)
		}
	}
	return nil
}
