package logicapps

import (
	"testing"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestStatusOf(t *testing.T) {
	cases := map[string]status{
		"NotSpecified": {state: model.UnknownState},
		"Paused":       {state: model.Waiting, wait: model.WaitPaused},
		"Running":      {state: model.Running},
		"Waiting":      {state: model.Waiting, wait: model.WaitUnknown},
		"Succeeded":    {state: model.Terminal, outcome: model.Success},
		"Skipped":      {state: model.Terminal, outcome: model.Skipped},
		"Suspended":    {state: model.Waiting, wait: model.WaitPaused},
		"Cancelled":    {state: model.Terminal, outcome: model.Cancelled},
		"Failed":       {state: model.Terminal, outcome: model.Failure},
		"Faulted":      {state: model.Terminal, outcome: model.Error},
		"TimedOut":     {state: model.Terminal, outcome: model.Timeout},
		"Aborted":      {state: model.Terminal, outcome: model.Cancelled},
		"Ignored":      {state: model.Terminal, outcome: model.Skipped},
		"Tomorrow":     {state: model.UnknownState},
		"":             {state: model.UnknownState},
	}
	for native, want := range cases {
		if got := statusOf(native); got != want {
			t.Errorf("%q: got %+v, want %+v", native, got, want)
		}
	}
}

func TestSetError(t *testing.T) {
	cases := []struct {
		answer, code, message string
		class                 model.ErrorClass
		category              model.ErrorCategory
		source                model.ClassSource
	}{
		{"BadGateway", "", "", model.Temporary, model.CategoryAPITransient, model.FromCode},
		{"504", "", "", model.Temporary, model.CategoryTimeout, model.FromCode},
		{"Forbidden", "", "", model.Permanent, model.CategoryPermission, model.FromCode},
		{"ActionTimedOut", "", "", model.Temporary, model.CategoryTimeout, model.FromCode},
		{"ActionFailed", "Unauthorized", "", model.Permanent, model.CategoryAuth, model.FromCode},
		{"InternalServerError", "", "timed out", model.UnknownClass, model.CategoryAPITransient, model.FromCode},
		{"ActionFailed", "ActionFailed", "Rate limit is exceeded", model.Temporary, model.CategoryRateLimit, model.FromMessage},
		{"ActionFailed", "ActionFailed", "An action failed.", model.UnknownClass, model.CategoryUnknown, ""},
		{"OK", "", "", model.UnknownClass, model.CategoryUnknown, ""},
		{"200", "", "", model.UnknownClass, model.CategoryUnknown, ""},
	}
	for _, c := range cases {
		var r normalize.Record
		setError(&r, c.answer, c.code, c.message)
		if r.ErrorClass != c.class || r.ErrorCategory != c.category || r.ClassSource != c.source {
			t.Errorf("%q, %q, %q: got %s, %s from %q; want %s, %s from %q", c.answer, c.code, c.message,
				r.ErrorClass, r.ErrorCategory, r.ClassSource, c.class, c.category, c.source)
		}
	}
}

func TestPaths(t *testing.T) {
	const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/Refund/runs/085/actions/HTTP/repetitions/000001"
	for name, want := range map[string]string{
		"workflows": "Refund", "RUNS": "085", "actions": "HTTP", "repetitions": "000001", "histories": "", "": "",
	} {
		if got := segment(id, name); got != want {
			t.Errorf("segment %q: got %q, want %q", name, got, want)
		}
	}
	for path, want := range map[string]string{
		id:             "/subscriptions/s/resourceGroups/g/providers/Microsoft.Logic/workflows/Refund",
		"/workflows/a": "/workflows/a",
		"/resourceGroups/workflows/workflows/workflows/runs/1": "/resourceGroups/workflows/workflows/workflows",
		"/resourceGroups/workflows":                            "",
		"workflows":                                            "",
		"":                                                     "",
	} {
		if got := upTo(path, "workflows"); got != want {
			t.Errorf("upTo %q: got %q, want %q", path, got, want)
		}
	}
}

func TestGenerated(t *testing.T) {
	for id, want := range map[string]bool{
		"08586676746934337772206998657CU22": true, "08587361146922712057": true,
		"order-4711": false, "4711": false, "08586676746934337772206998657-mine": false, "": false,
	} {
		if generated(id) != want {
			t.Errorf("generated(%q) = %t", id, !want)
		}
	}
}
