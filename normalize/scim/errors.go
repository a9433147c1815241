package scim

import (
	"cmp"
	"strconv"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// result sets state, outcome and error of r from the response.
func (x *exchange) result(r *normalize.Record) {
	r.State = model.Terminal
	if x.status == 0 {
		x.noResponse(r)
		return
	}
	r.StatusNative = strconv.Itoa(x.status)
	r.ResponseCode = r.StatusNative
	switch {
	case x.status == 202:
		r.State = model.Running
	case x.status == 404 && x.method == "DELETE":
		r.Outcome, r.Effect = model.Success, model.NoOp
		r.StatusReason = "it was gone already"
	case x.status >= 400:
		r.Outcome = model.Failure
		classify(r, x.status, x.response)
	case x.status >= 200 && x.status < 300, x.status == 304:
		r.Outcome, r.Effect = model.Success, x.effect()
	default: // a redirect, or an interim response: the work is not done here
		r.Outcome = model.UnknownOutcome
	}
}

func (x *exchange) noResponse(r *normalize.Record) {
	if x.op != nil && x.trouble == "" {
		x.op.noResponse(r)
		return
	}
	r.Outcome, r.FailureStage = model.Failure, model.StageDownstream
	r.ErrorMessage = x.trouble
	r.ClassifyMessage()
}

// effect is what a success proves to have changed. After a PATCH or a PUT that
// succeeds the resource may have been like that before.
func (x *exchange) effect() model.Effect {
	switch {
	case x.operation() == model.OpRead || x.status == 304:
		return model.NoOp
	case x.method == "DELETE" || x.method == "POST" && x.status == 201:
		return model.Changed
	default:
		return ""
	}
}

// scimTypes are the detail errors of RFC 7644, table 9.
var scimTypes = [...]struct {
	scimType string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"invalidFilter", model.Permanent, model.CategoryData},
	{"tooMany", model.Permanent, model.CategorySize},
	{"uniqueness", model.Permanent, model.CategoryConflict},
	{"mutability", model.Permanent, model.CategoryData},
	{"invalidSyntax", model.Permanent, model.CategoryData},
	{"invalidPath", model.Permanent, model.CategoryData},
	{"noTarget", model.Permanent, model.CategoryData},
	{"invalidValue", model.Permanent, model.CategoryData},
	{"invalidVers", model.Temporary, model.CategoryConcurrency},
	{"sensitive", model.Permanent, model.CategoryData},
}

// classify reads the error body; of it and the status, the scimType is the
// more exact.
func classify(r *normalize.Record, status int, body jsonx.Value) {
	scimType := fold(body, "scimType").Text()
	r.FailureStage = model.StageDownstream
	r.ErrorCode = cmp.Or(scimType, strconv.Itoa(status))
	r.ErrorMessage = cmp.Or(fold(body, "detail").Text(), fold(oldErrors(body), "description").Text())
	r.ClassifyHTTP(status)
	for _, t := range scimTypes {
		if t.scimType == scimType {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = t.class, t.category, model.FromCode
		}
	}
}

// oldErrors returns the first error in the manner of SCIM 1.1, which servers
// still send.
func oldErrors(body jsonx.Value) jsonx.Value { return fold(body, "Errors").First() }
