package scim

import (
	"cmp"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Request is a request of the protocol as another format tells of it.
type Request struct {
	Method, Path string
	Status       int // of the response; 0 leaves state and outcome to the caller
	Body         jsonx.Value
	Response     jsonx.Value
}

// Describe sets on r what q does, to what and to whom, what it changes, and
// with what result.
func Describe(c *normalize.Context, r *normalize.Record, q Request) {
	x := exchange{
		c: c, method: strings.ToUpper(q.Method), path: q.Path,
		status: q.Status, request: q.Body, response: q.Response,
	}
	x.resource, x.id = resourceOf(q.Path)
	r.ActionName = c.Concat(x.method, " ", cmp.Or(x.resource, "other"))
	r.TargetApp = host(q.Path)
	if r.TaskType = x.task(); r.TaskType == model.TaskOther {
		r.Operation = x.operation()
	}
	x.object(r)
	if q.Status != 0 {
		x.result(r)
	}
	r.Changes = x.writeChanges()
}

// HTTPStatus reads an HTTP status, which SCIM also writes as a string.
func HTTPStatus(v jsonx.Value) (int, bool) { return httpStatus(v) }
