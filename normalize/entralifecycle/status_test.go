package entralifecycle

import (
	"testing"

	"github.com/runledger/runledger/model"
)

func TestStatusOf(t *testing.T) {
	for native, want := range map[string]status{
		"queued":              {state: model.Queued},
		"inProgress":          {state: model.Running},
		"canceling":           {state: model.Finalizing},
		"quarantined":         {state: model.Waiting, wait: model.WaitQuarantine},
		"completed":           {state: model.Terminal, outcome: model.Success},
		"completedWithErrors": {state: model.Terminal, outcome: model.Partial},
		"failed":              {state: model.Terminal, outcome: model.Failure},
		"canceled":            {state: model.Terminal, outcome: model.Cancelled},
		"unknownFutureValue":  {state: model.UnknownState},
		"Completed":           {state: model.UnknownState},
		"":                    {state: model.UnknownState},
	} {
		if got := statusOf(native); got != want {
			t.Errorf("%q: got %+v, want %+v", native, got, want)
		}
	}
}

func TestSegment(t *testing.T) {
	const context = "https://graph.microsoft.com/v1.0/$metadata#identityGovernance/lifecycleWorkflows/workflows('w-1')/runs('r-1')/userProcessingResults('u-1')/taskProcessingResults(id,subject)"
	for collection, want := range map[string]string{
		"workflows": "w-1", "runs": "r-1", "userProcessingResults": "u-1", "taskProcessingResults": "", "Runs": "",
	} {
		if got := segment(context, collection); got != want {
			t.Errorf("%s: got %q, want %q", collection, got, want)
		}
	}
	if got := segment("/reprocessedruns('r-0')/runs('r-1')", "runs"); got != "r-1" {
		t.Errorf("a name that ends alike: got %q", got)
	}
}
