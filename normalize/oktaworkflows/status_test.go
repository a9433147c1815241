package oktaworkflows

import (
	"testing"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestSetStatus(t *testing.T) {
	for native, want := range map[string]struct {
		state   model.State
		outcome model.Outcome
		wait    model.WaitReason
	}{
		"FLOW_START":                    {model.Running, "", ""},
		"FLOW_RESUMED":                  {model.Running, "", ""},
		"FLOW_PAUSED":                   {model.Waiting, "", model.WaitPaused},
		"FLOW_RATE_LIMITED":             {model.Retrying, "", ""},
		"FLOW_THIRD_PARTY_RATE_LIMITED": {model.Retrying, "", ""},
		"FLOW_THROTTLED":                {model.Waiting, "", model.WaitRateLimit},
		"FLOW_SUCCESS":                  {model.Terminal, model.Success, ""},
		"FLOW_SUCCEEDED":                {model.Terminal, model.Success, ""},
		"FLOW_COMPLETED":                {model.Terminal, model.Success, ""},
		"FLOW_FAILED":                   {model.Terminal, model.Failure, ""},
		"FLOW_FAILURE":                  {model.Terminal, model.Failure, ""},
		"FLOW_ERROR":                    {model.Terminal, model.Failure, ""},
		"FLOW_CANCELLED":                {model.Terminal, model.Cancelled, ""},
		"FLOW_CANCELED":                 {model.Terminal, model.Cancelled, ""},
		"FLOW_START_FAILED":             {model.Terminal, model.Failure, ""},
		"flow_start":                    {model.Running, "", ""},
		"FLOW_DREAMT":                   {model.UnknownState, "", ""},
	} {
		r := normalize.Record{EventType: native, EventTime: 7}
		setStatus(&r)
		if r.State != want.state || r.Outcome != want.outcome || r.WaitReason != want.wait {
			t.Errorf("%s: got %s, %s, %s; want %+v", native, r.State, r.Outcome, r.WaitReason, want)
		}
		if (r.EndedTime != 0) != (want.state == model.Terminal) {
			t.Errorf("%s: ended at %d in state %s", native, r.EndedTime, want.state)
		}
	}
}
