// Package entralifecycle reads what Microsoft Entra lifecycle workflows tell
// about their runs: the run, userProcessingResult (also the newer
// subjectProcessingResult) and taskProcessingResult objects of Microsoft Graph,
// alone, in pages, or expanded inside one another.
//
// A run becomes a run, the result of a user a subject of it, the result of a
// task an action of it. A result does not name its run; the context of the page
// it came in does, so pages have to be passed on whole. A result without either
// is kept without a run. The package does not page, and cannot see that somebody
// removed a reprocessed run.
//
// Reference: https://learn.microsoft.com/graph/api/resources/identitygovernance-run
package entralifecycle

import (
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is entra.lifecycle_workflows.
var Format = normalize.Format{
	Name:    "entra.lifecycle_workflows",
	Version: 1,
	Title:   "Microsoft Entra lifecycle workflow runs, user and task processing results (Graph)",
	Ref:     "https://learn.microsoft.com/graph/api/resources/identitygovernance-run",
	Emits:   []normalize.Kind{normalize.KindRun, normalize.KindSubject, normalize.KindAction},
	About:   about,
	Map:     mapElement,
}

// kind is what an object is.
type kind uint8

const (
	unknown kind = iota
	run
	userResult
	taskResult
)

const namespace = "microsoft.graph.identityGovernance."

// where is what the objects around a result say about it.
type where struct {
	workflow, run, version, execution string
	user                              string // id of the userProcessingResult around a task
}

func mapElement(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a run or a processing result, which is an object")
	}
	context := c.Root.Get("@odata.context").Str()
	w := where{
		workflow: segment(context, "workflows"),
		run:      segment(context, "runs"),
		user:     segment(context, "userProcessingResults"),
	}
	switch kindOf(v, context) {
	case run:
		return writeRun(c, v, w)
	case userResult:
		return writeUser(c, v, w)
	case taskResult:
		return writeTask(c, v, w)
	default:
		return normalize.Invalid(v, normalize.UnknownType, "want a run, userProcessingResult, subjectProcessingResult or taskProcessingResult")
	}
}

// segment returns the key of a collection in a context, such as X of
// …/runs('X')/…, or "".
func segment(context, collection string) string {
	for rest := context; ; {
		at := strings.Index(rest, collection+"('")
		if at < 0 {
			return ""
		}
		key := rest[at+len(collection)+2:]
		if at > 0 && rest[at-1] == '/' {
			key, _, _ = strings.Cut(key, "'")
			return key
		}
		rest = key
	}
}

// kindOf reads the type that v names, or else what its page holds, or else its
// members: Graph leaves out the type wherever the page implies it.
func kindOf(v jsonx.Value, context string) kind {
	if name := v.Get("@odata.type").Str(); name != "" {
		return kindNamed(name[strings.LastIndexByte(name, '.')+1:])
	}
	context, _, _ = strings.Cut(context, "(id") // $select
	context = strings.TrimSuffix(context, "/$entity")
	if k := kindNamed(context[strings.LastIndexByte(context, '/')+1:]); k != unknown {
		return k
	}
	k := unknown
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "totalUsersCount", "successfulUsersCount", "failedUsersCount", "userProcessingResults":
			return run
		case "task", "failureReason", "processingInfo":
			return taskResult
		case "totalTasksCount", "workflowVersion", "taskProcessingResults":
			k = userResult
		}
	}
	return k
}

func kindNamed(name string) kind {
	name, _, _ = strings.Cut(name, "(")
	switch strings.TrimSuffix(name, "s") {
	case "run", "reprocessedRun":
		return run
	case "userProcessingResult", "subjectProcessingResult":
		return userResult
	case "taskProcessingResult":
		return taskResult
	default:
		return unknown
	}
}
