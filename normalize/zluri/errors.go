package zluri

import (
	"cmp"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// troubles are the failures that the vendor's help page lists, found by a
// phrase in the code or the message; the first one decides.
var troubles = [...]struct {
	phrase   string
	class    model.ErrorClass
	category model.ErrorCategory
}{
	{"rate limit", model.Temporary, model.CategoryRateLimit},
	{"too many requests", model.Temporary, model.CategoryRateLimit},
	{"throttl", model.Temporary, model.CategoryRateLimit},
	{"timeout", model.Temporary, model.CategoryTimeout},
	{"timed out", model.Temporary, model.CategoryTimeout},
	{"network", model.Temporary, model.CategoryNetwork},
	{"temporary api error", model.Temporary, model.CategoryAPITransient},
	{"unavailable", model.Temporary, model.CategoryAPITransient},
	{"disconnected", model.Permanent, model.CategoryDisconnected},
	{"credential", model.Permanent, model.CategoryAuth},
	{"authentication", model.Permanent, model.CategoryAuth},
	{"unauthorized", model.Permanent, model.CategoryAuth},
	{"permission", model.Permanent, model.CategoryPermission},
	{"forbidden", model.Permanent, model.CategoryPermission},
	{"attribute", model.Permanent, model.CategoryData},
	{"already exists", model.Permanent, model.CategoryConflict},
	{"not found", model.Permanent, model.CategoryNotFound},
}

// classify sets the error of an action that failed, or that has an error from
// before a task was made of it. The vendor's word Temporary or Permanent
// decides the class; the category comes from the first that tells: an HTTP
// status, the code, the message.
func classify(r *normalize.Record, e, response jsonx.Value) {
	failed := r.Outcome == model.Failure
	if !failed && !e.Exists() {
		return
	}
	r.ErrorCode, r.ErrorMessage = e.Get("code").Text(), e.Get("message").Text()
	r.FailureStage = model.StageAction
	code, downstream := httpStatus(response.Get("code"))
	if downstream {
		r.FailureStage = model.StageDownstream
		r.ErrorCode = cmp.Or(r.ErrorCode, r.ResponseCode)
	}
	if own, ok := httpStatus(e.Get("code")); ok {
		code = own
	}
	r.ErrorClass, r.ErrorCategory = model.UnknownClass, model.CategoryUnknown
	switch {
	case code != 0:
		r.ClassifyHTTP(code)
	case find(r, r.ErrorCode, model.FromCode):
	case find(r, r.ErrorMessage, model.FromMessage):
	}
	switch strings.ToLower(e.Get("type").Text()) {
	case "temporary":
		r.ErrorClass, r.ClassSource = model.Temporary, model.FromVendorFlag
	case "permanent":
		r.ErrorClass, r.ClassSource = model.Permanent, model.FromVendorFlag
	}
}

// httpStatus reads a code that is the HTTP status of an error.
func httpStatus(v jsonx.Value) (int, bool) {
	n, ok := v.Int()
	if !ok || n < 400 || n > 599 {
		return 0, false
	}
	return int(n), true
}

func find(r *normalize.Record, text string, source model.ClassSource) bool {
	text = strings.ToLower(strings.ReplaceAll(text, "_", " "))
	for _, t := range troubles {
		if strings.Contains(text, t.phrase) {
			r.ErrorClass, r.ErrorCategory, r.ClassSource = t.class, t.category, source
			return true
		}
	}
	return false
}
