package scim

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// operation is the place of an exchange in a bulk request.
type operation struct {
	runID, id string
	order     int64
	version   string
	stopped   bool // failOnErrors is set: what is not answered was not tried
}

// writeBulk appends the run of a bulk request and an action for each operation.
func (x *exchange) writeBulk() error {
	operations := fold(x.request, "Operations")
	if operations.Kind() != jsonx.Array {
		return normalize.Invalid(x.data, normalize.BadValue, "request_body of a bulk request: want Operations, an array")
	}
	parts := make([]exchange, 0, operations.Len())
	for v := operations.First(); v.Exists(); v = v.Next() {
		part, err := x.part(v, len(parts))
		if err != nil {
			return err
		}
		parts = append(parts, part)
	}
	if err := x.writeRun(parts); err != nil {
		return err
	}
	for i := range parts {
		parts[i].writeAction()
	}
	return nil
}

// part makes an exchange of operation i and of its answer.
func (x *exchange) part(v jsonx.Value, i int) (exchange, error) {
	if v.Kind() != jsonx.Object {
		return exchange{}, normalize.Invalid(x.data, normalize.BadType, "operation %d of the bulk request: want an object, got %s", i, v.Kind())
	}
	p := *x
	p.method, p.path = strings.ToUpper(fold(v, "method").Text()), fold(v, "path").Text()
	p.resource, p.id = resourceOf(p.path)
	p.request, p.response, p.took = fold(v, "data"), x.response, 0
	id := fold(v, "bulkId").Text()
	p.op = &operation{id: id, order: int64(i + 1), stopped: fold(x.request, "failOnErrors").Exists()}
	if p.op.id == "" {
		p.op.id = strconv.Itoa(i + 1)
	}
	if x.status != 200 { // nothing was done one by one
		return p, nil
	}
	answer := answerTo(fold(x.response, "Operations"), id, p.method, i)
	p.status, _ = httpStatus(fold(answer, "status"))
	p.response = fold(answer, "response")
	p.op.version = fold(answer, "version").Text()
	if _, made := resourceOf(fold(answer, "location").Text()); p.id == "" {
		p.id = made
	}
	return p, nil
}

// answerTo finds the answer to operation i: the one with its bulkId, or else
// the one at its place if that is of the same method.
func answerTo(answers jsonx.Value, id, method string, i int) jsonx.Value {
	if answers.Kind() != jsonx.Array {
		return jsonx.Value{}
	}
	for n, a := 0, answers.First(); a.Exists(); n, a = n+1, a.Next() {
		given := fold(a, "bulkId").Text()
		if id != "" && given == id || id == "" && given == "" && n == i && strings.EqualFold(fold(a, "method").Text(), method) {
			return a
		}
	}
	return jsonx.Value{}
}

// writeRun appends the run. That a bulk request was answered with 200 says
// nothing of its operations, so their roll-up is the outcome.
func (x *exchange) writeRun(parts []exchange) error {
	r := x.record(normalize.KindRun)
	if r.NativeID == "" {
		return normalize.Missing(x.data, "request_id")
	}
	r.RunID, r.TriggerKind = r.NativeID, model.TriggerSCIM
	r.WorkflowName = "SCIM bulk"
	x.result(r)
	children := make([]model.Child, len(parts))
	for i := range parts {
		parts[i].op.runID = r.RunID
		var child normalize.Record
		parts[i].result(&child)
		children[i] = model.Child{State: child.State, Outcome: child.Outcome}
	}
	derived := model.Rollup(children)
	r.OutcomeDerived, r.Failing = derived.Outcome, derived.Failing
	if x.status == 200 && len(parts) > 0 {
		r.State, r.Outcome = derived.State, derived.Outcome
	}
	r.Effect, r.ResponseCode = "", ""
	if r.State == model.Terminal && x.took != 0 {
		r.EndedTime = x.at + x.took
	}
	r.Counts = x.c.Counts(children)
	x.keep()
	for m := x.request.First(); m.Exists(); m = m.Next() {
		if m.Key() == "failOnErrors" {
			x.c.KeepIn("bulk", m)
		}
	}
	r.Unmapped = x.c.Kept()
	return nil
}

// apply makes r the action of a bulk request; o is nil for any other.
func (o *operation) apply(c *normalize.Context, r *normalize.Record) {
	if o == nil {
		return
	}
	r.RunID, r.TriggerKind = o.runID, model.TriggerSCIM
	r.ActionID, r.Sequence = o.id, o.order
	r.NativeID = c.Concat(o.runID, "/", strconv.FormatInt(o.order, 10))
}

// noResponse is the result of an operation that the answer does not mention.
func (o *operation) noResponse(r *normalize.Record) {
	if o.stopped {
		r.Outcome, r.StatusReason = model.Skipped, "not tried: failOnErrors was reached"
		return
	}
	r.State, r.StatusReason = model.UnknownState, "the response does not mention it"
}
