package temporal

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, decoded) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// decoded reports whether a value stands in another form: times with their
// nanoseconds as they came, and payloads without their base64.
func decoded(leaf string) bool {
	if _, err := time.Parse(time.RFC3339Nano, leaf); err == nil {
		return true
	}
	text, err := base64.StdEncoding.DecodeString(leaf)
	return err == nil && len(text) > 2 && strings.ContainsAny(string(text), `{"[/`)
}

func TestKindOf(t *testing.T) {
	for native, want := range map[string]string{
		"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED": "workflowexecutionstarted",
		"WorkflowExecutionStarted":              "workflowexecutionstarted",
		"EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT":    "activitytasktimedout",
		"":                                      "",
	} {
		require.Equal(t, want, kindOf(native), native)
	}
}

func TestOutcomeOf(t *testing.T) {
	for phase, want := range map[string]model.Outcome{
		"completed": model.Success, "failed": model.Failure, "timedout": model.Timeout, "canceled": model.Cancelled,
		"terminated": model.Cancelled, "continuedasnew": model.UnknownOutcome, "started": model.NoOutcome,
		"cancelrequested": model.NoOutcome, "updatecompleted": model.NoOutcome, "": model.NoOutcome,
	} {
		require.Equal(t, want, outcomeOf(phase), phase)
	}
}

func TestRetryClass(t *testing.T) {
	for state, want := range map[string]struct {
		class    model.ErrorClass
		category model.ErrorCategory
	}{
		"maximum_attempts_reached": {model.Temporary, model.CategoryRetriesExhausted},
		"non_retryable_failure":    {model.Permanent, ""},
		"timeout":                  {model.Temporary, model.CategoryTimeout},
		"in_progress":              {model.Temporary, ""},
		"internal_server_error":    {model.UnknownClass, model.CategoryPlatform},
		"retry_policy_not_set":     {},
		"cancel_requested":         {},
		"":                         {},
	} {
		class, category := retryClass(state)
		require.Equal(t, want.class, class, state)
		require.Equal(t, want.category, category, state)
	}
}

// TestLongHistory holds that what a history costs grows with its length.
func TestLongHistory(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"events":[{"eventId":"1","eventTime":"2026-03-01T09:30:00Z","eventType":"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED","workflowExecutionStartedEventAttributes":{"originalExecutionRunId":"r"}}`)
	const activities = 4000
	for i := range activities {
		fmt.Fprintf(&b, `,{"eventId":"%d","eventTime":"2026-03-01T09:30:01Z","eventType":"EVENT_TYPE_ACTIVITY_TASK_SCHEDULED","activityTaskScheduledEventAttributes":{"activityId":"%[1]d"}}`, 2*i+2)
		fmt.Fprintf(&b, `,{"eventId":"%d","eventTime":"2026-03-01T09:30:02Z","eventType":"EVENT_TYPE_ACTIVITY_TASK_COMPLETED","activityTaskCompletedEventAttributes":{"scheduledEventId":"%d"}}`, 2*i+3, 2*i+2)
	}
	b.WriteString("]}")
	var n normalize.Normalizer
	var batch normalize.Batch
	n.Append(&batch, &Format, normalize.Raw{Tenant: "acme", Value: []byte(b.String()), ReceivedTime: 1772366400e6})
	require.Empty(t, batch.Rejects)
	require.Len(t, batch.Records, activities+1)
	require.Equal(t, `{"success":4000}`, batch.Records[0].Counts)
}
