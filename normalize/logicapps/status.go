package logicapps

import (
	"strconv"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// status is what one native status means.
type status struct {
	state   model.State
	outcome model.Outcome
	wait    model.WaitReason
}

// statusOf reads a status. One that Azure adds later is unknown, not an error.
func statusOf(native string) status {
	switch native {
	case "Running":
		return status{state: model.Running}
	case "Waiting": // for an approval, a webhook or a delay: it does not say
		return status{state: model.Waiting, wait: model.WaitUnknown}
	case "Paused", "Suspended":
		return status{state: model.Waiting, wait: model.WaitPaused}
	case "Succeeded":
		return status{state: model.Terminal, outcome: model.Success}
	case "Failed":
		return status{state: model.Terminal, outcome: model.Failure}
	case "Faulted":
		return status{state: model.Terminal, outcome: model.Error}
	case "Cancelled", "Aborted":
		return status{state: model.Terminal, outcome: model.Cancelled}
	case "TimedOut":
		return status{state: model.Terminal, outcome: model.Timeout}
	case "Skipped", "Ignored":
		return status{state: model.Terminal, outcome: model.Skipped}
	default: // NotSpecified
		return status{state: model.UnknownState}
	}
}

func (e *event) setStatus(c *normalize.Context, r *normalize.Record) {
	s := statusOf(e.status)
	switch {
	case e.status != "":
	case e.starts:
		s = status{state: model.Running}
	case e.ends:
		s = status{state: model.Terminal, outcome: model.UnknownOutcome}
	}
	r.StatusNative, r.State, r.Outcome, r.WaitReason = e.status, s.state, s.outcome, s.wait
	r.ResponseCode = e.code
	code, message := readFault(c, e.fault)
	if !r.Outcome.Failed() {
		// What was skipped or cancelled says why in the same object.
		r.StatusReason = first(message, code)
		c.KeepText("error", "code", code)
		return
	}
	setError(r, e.code, code, message)
	r.ErrorCode = first(r.ErrorCode, e.status)
	switch {
	case r.ClassSource != "":
	case r.Outcome == model.Timeout:
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Temporary, model.CategoryTimeout, model.FromCode
	case r.Outcome == model.Error:
		r.ErrorCategory, r.ClassSource = model.CategoryPlatform, model.FromCode
	}
	if r.Outcome == model.Error {
		r.FailureStage = model.StagePlatform
	}
}

// faultOf returns the error in m, which may be JSON in a text, or just text.
func faultOf(m jsonx.Value) jsonx.Value {
	if v := normalize.Inner(m); v.Kind() == jsonx.Object {
		return v
	}
	return m
}

// readFault reads {"code","message"}, or text, and keeps what else is said.
func readFault(c *normalize.Context, v jsonx.Value) (code, message string) {
	if v.Kind() != jsonx.Object {
		return "", v.Text()
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "code":
			text(c, &code, "error", m)
		case "message":
			text(c, &message, "error", m)
		default:
			c.KeepIn("error", m)
		}
	}
	return code, message
}

// setError classifies by the code of the answer, then by that of the error,
// then by the words of the message.
func setError(r *normalize.Record, answer, code, message string) {
	r.ErrorCode, r.ErrorMessage = first(code, answer), message
	r.StatusReason = message
	for _, c := range [...]string{answer, code} {
		if class, category := codeClass(c); class != "" {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = class, category, model.FromCode
			return
		}
		if http := httpStatus(c); http != 0 {
			r.ClassifyHTTP(http)
			return
		}
	}
	r.ClassifyMessage()
}

func codeClass(code string) (model.ErrorClass, model.ErrorCategory) {
	switch code {
	case "ActionTimedOut", "ActionResponseTimedOut", "RequestTimedOut", "OperationTimedOut":
		return model.Temporary, model.CategoryTimeout
	case "ServerTooBusy", "ThrottlingException", "WorkflowRunTriggerThrottled":
		return model.Temporary, model.CategoryRateLimit
	case "InvalidTemplate", "ExpressionEvaluationFailed", "InvalidJSON", "UnsupportedMediaType", "UnprocessableEntity":
		return model.Permanent, model.CategoryData
	case "ConnectionAuthorizationFailed", "AuthorizationFailed", "DirectApiAuthorizationRequired", "DirectApiInvalidAuthorizationScheme":
		return model.Permanent, model.CategoryAuth
	case "ConnectionNotConfigured", "ApiConnectionNotFound":
		return model.Permanent, model.CategoryDisconnected
	default:
		return "", ""
	}
}

// httpStatus returns the HTTP status that a code names or spells, or 0. Only
// failures have one here: "OK" classifies nothing.
func httpStatus(code string) int {
	switch code {
	case "BadRequest":
		return 400
	case "Unauthorized":
		return 401
	case "Forbidden":
		return 403
	case "NotFound":
		return 404
	case "RequestTimeout":
		return 408
	case "Conflict":
		return 409
	case "PreconditionFailed":
		return 412
	case "RequestEntityTooLarge":
		return 413
	case "TooManyRequests":
		return 429
	case "InternalServerError":
		return 500
	case "NotImplemented":
		return 501
	case "BadGateway":
		return 502
	case "ServiceUnavailable":
		return 503
	case "GatewayTimeout":
		return 504
	}
	if n, err := strconv.Atoi(code); err == nil && n >= 400 && n < 600 {
		return n
	}
	return 0
}

// failureStage tells a failed answer of the other side from a failure of the
// step itself.
func (e *event) failureStage() model.FailureStage {
	switch {
	case e.status == "Faulted":
		return model.StagePlatform
	case httpStatus(e.code) != 0:
		return model.StageDownstream
	default:
		return model.StageAction
	}
}
