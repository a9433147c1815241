package alibaba

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

func TestDirection(t *testing.T) {
	for word, want := range map[string]model.Direction{
		"ingress": model.Inbound, "Inbound": model.Inbound, "egress": model.Outbound, "outbound": model.Outbound,
		"": model.UnknownDirection, "sideways": model.UnknownDirection,
	} {
		require.Equal(t, want, Direction(word), word)
	}
}

func TestTrigger(t *testing.T) {
	require.Equal(t, model.TriggerManual, Trigger("Manual", "application", model.Outbound))
	require.Equal(t, model.TriggerSchedule, Trigger("auto", "identity_provider", model.Inbound))
	require.Equal(t, model.TriggerSchedule, Trigger("automatic", "Identity Provider", model.Inbound))
	require.Equal(t, model.TriggerUnknown, Trigger("automatic", "application", model.Outbound))
	require.Equal(t, model.TriggerUnknown, Trigger("telepathy", "identity provider", model.Inbound))
}

func TestClassify(t *testing.T) {
	for code, want := range map[string]struct {
		class    model.ErrorClass
		category model.ErrorCategory
	}{
		"Throttling.User":             {model.Temporary, model.CategoryRateLimit},
		"ServiceUnavailable":          {model.Temporary, model.CategoryAPITransient},
		"InternalError":               {model.UnknownClass, model.CategoryAPITransient},
		"InvalidAccessKeyId.NotFound": {model.Permanent, model.CategoryAuth},
		"NoPermission":                {model.Permanent, model.CategoryPermission},
		"Forbidden.RAM":               {model.Permanent, model.CategoryPermission},
		"EntityNotExist.User":         {model.Permanent, model.CategoryNotFound},
		"EntityAlreadyExists.User":    {model.Permanent, model.CategoryConflict},
		"InvalidParameter.UserName":   {model.Permanent, model.CategoryData},
		"LimitExceeded.User":          {model.Permanent, model.CategorySafetyThreshold},
	} {
		r := normalize.Record{ErrorCode: code}
		Classify(&r)
		require.Equal(t, want.class, r.ErrorClass, code)
		require.Equal(t, want.category, r.ErrorCategory, code)
		require.Equal(t, model.FromCode, r.ClassSource, code)
	}
	r := normalize.Record{ErrorCode: "Teapot", ErrorMessage: "connection refused"}
	Classify(&r)
	require.Equal(t, model.CategoryNetwork, r.ErrorCategory)
	require.Equal(t, model.FromMessage, r.ClassSource)
}
