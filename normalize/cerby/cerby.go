// Package cerby reads the automation log of Cerby: jobs that work on the
// accounts of people in applications, and the jobs nested in them.
//
// The vendor shows the log to people only, so the payload is a contract of this
// product: the type rl.cerby.job.v1, as a CloudEvent or as its bare data. A
// payload is a snapshot; a later one revises it. Each job becomes a run and the
// action that is its task; a nested job is a run of its own, tied to those
// above it. Jobs that are pushed one by one are not put together here.
package cerby

import (
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
)

// Type is the CloudEvents type of a job.
const Type = "rl.cerby.job.v1"

const name = "cerby.job"

// Format reads jobs, wrapped or bare.
var Format = normalize.Format{
	Name:     name,
	Version:  1,
	Title:    "Cerby automation log (" + Type + ", as a CloudEvent or bare)",
	Ref:      "https://help.cerby.com/en/articles/11642287-explore-the-automation-log",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction},
	About:    about,
	Elements: cloudevents.Elements,
	Map:      cloudevents.OrBare("a job", Type, MapJob),
}

// MapJob appends the records of the job that e.Data describes, and of those
// nested in it. Their source is that of Format whatever brought them here:
//
//	job_id*         id of the job
//	parent_job_id   the job it is nested in
//	root_job_id     the outermost of those
//	status*         Queued, Started, Running, Retrying, Completed, Not completed
//	target*         {type*, id, name, app}; one of id and name
//	actor*          {type* (Cerby, user), id, name, email}
//	task*           such as Adding users
//	trigger*        such as Workspace policy
//	created_at*     RFC 3339
//	updated_at*     RFC 3339, last change of the status
//	logs[]          {at, level, text} or a string
//	error           {type (Temporary, Permanent), code, message}
//	jobs[]          nested jobs, in the same shape
func MapJob(c *normalize.Context, e *cloudevents.Event) error {
	m := mapper{c: c, event: e, seen: map[string]bool{}}
	root, err := m.read(e.Data, lineage{})
	if err != nil {
		return err
	}
	return m.write(root)
}
