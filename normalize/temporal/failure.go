package temporal

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// rootOf returns the innermost cause of a failure: what stands around it says
// only that an activity or a child workflow failed.
func rootOf(failure jsonx.Value) jsonx.Value {
	for {
		cause := failure.Get("cause")
		if cause.Kind() != jsonx.Object {
			return failure
		}
		failure = cause
	}
}

// messageOf returns the message of a failure. A converter may have put it aside,
// with a text in its place that says so.
func messageOf(c *normalize.Context, failure jsonx.Value) string {
	encoded := failure.Get("encodedAttributes")
	if encoded.Kind() != jsonx.Object {
		return failure.Get("message").Text()
	}
	var doc jsonx.Doc
	inner, err := doc.Parse([]byte(unbase64(encoded.Get("data"))))
	if text := inner.Get("message").Str(); err == nil && text != "" {
		return c.Concat(text)
	}
	return failure.Get("message").Text()
}

// setError reads the failure that attributes hold. retryState is what the
// server says about further attempts.
func setError(c *normalize.Context, r *normalize.Record, attributes jsonx.Value) {
	failure := attributes.Get("failure")
	root := rootOf(failure)
	r.ErrorMessage, r.ErrorType = messageOf(c, root), typeOf(root)
	r.ErrorCode = attributes.Get("cause").Text()
	if outer := messageOf(c, failure); outer != r.ErrorMessage {
		r.StatusReason = outer
	}
	if r.ErrorMessage == "" && r.ErrorCode == "" {
		r.ErrorCode = r.StatusNative // a timeout of the whole
	}
	r.RetryState = retryState(attributes.Get("retryState"))
	r.FailureStage = model.StageAction
	classify(r, failure, root)
}

// typeOf returns the type of an error: that of the application, or the kind of
// failure that the server speaks of.
func typeOf(failure jsonx.Value) string {
	if t := failure.At("applicationFailureInfo", "type").Text(); t != "" {
		return t
	}
	for m := failure.First(); m.Exists(); m = m.Next() {
		if kind, ok := strings.CutSuffix(m.Key(), "FailureInfo"); ok && m.Kind() == jsonx.Object {
			return kind
		}
	}
	return ""
}

// retryState returns a state in lower case and without its prefix, whichever
// way it was written: maximum_attempts_reached.
func retryState(v jsonx.Value) string {
	native := strings.TrimPrefix(v.Text(), "RETRY_STATE_")
	var b strings.Builder
	for i := range len(native) {
		c := native[i]
		if upper := c >= 'A' && c <= 'Z'; upper && i > 0 && native[i-1] >= 'a' && native[i-1] <= 'z' {
			b.WriteByte('_')
		}
		b.WriteByte(c)
	}
	return strings.ToLower(b.String())
}

// classify decides by what the server and the application say about retries,
// then by the kind of the failure, then by its message, which also tells the
// category where the others do not.
func classify(r *normalize.Record, failure, root jsonx.Value) {
	r.ClassifyMessage()
	if root.Get("timeoutFailureInfo").Exists() || r.Outcome == model.Timeout {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Temporary, model.CategoryTimeout, model.FromCode
	}
	if root.Get("serverFailureInfo").Exists() {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.UnknownClass, model.CategoryPlatform, model.FromCode
	}
	states := []string{r.RetryState}
	for f := failure; f.Kind() == jsonx.Object; f = f.Get("cause") {
		states = append(states, retryState(f.At("activityFailureInfo", "retryState")), retryState(f.At("childWorkflowExecutionFailureInfo", "retryState")))
	}
	final, _ := root.At("applicationFailureInfo", "nonRetryable").Bool()
	if final {
		states = []string{"non_retryable_failure"}
	}
	for _, state := range states {
		class, category := retryClass(state)
		if class == "" {
			continue
		}
		r.ErrorClass, r.ClassSource = class, model.FromVendorFlag
		if category != "" {
			r.ErrorCategory = category
		}
		return
	}
}

// retryClass says what a state of retries tells about the error. That there is
// no policy, or that somebody cancelled, tells nothing.
func retryClass(state string) (model.ErrorClass, model.ErrorCategory) {
	switch state {
	case "maximum_attempts_reached":
		return model.Temporary, model.CategoryRetriesExhausted
	case "non_retryable_failure":
		return model.Permanent, ""
	case "timeout":
		return model.Temporary, model.CategoryTimeout
	case "in_progress":
		return model.Temporary, ""
	case "internal_server_error":
		return model.UnknownClass, model.CategoryPlatform
	default:
		return "", ""
	}
}
