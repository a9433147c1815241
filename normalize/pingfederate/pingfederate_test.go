package pingfederate

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T) { normtest.Golden(t, Format) }
func TestComplete(t *testing.T) {
	normtest.Complete(t, Format, func(string) bool { return false })
}
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// TestTorn cuts a line at every byte: up to its last bar nothing may come of it.
func TestTorn(t *testing.T) {
	text, err := os.ReadFile("testdata/failures.log")
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(text), "\n")
	var n normalize.Normalizer
	var b normalize.Batch
	for cut := range strings.LastIndexByte(line, '|') + 1 {
		b.Clear()
		n.Append(&b, &Format, normalize.Raw{Tenant: "acme", Value: []byte(line[:cut]), ReceivedTime: 1.7724e15})
		require.Empty(t, b.Records, "torn at byte %d", cut)
		require.Len(t, b.Rejects, 1)
	}
}

// TestRejectsSayWhere holds that an offset counts from the start of the payload.
func TestRejectsSayWhere(t *testing.T) {
	const good = "2026-02-27 10:15:30,123| c1| ch1| CREATE| s1| t1| true| \n"
	var n normalize.Normalizer
	var b normalize.Batch
	n.Append(&b, &Format, normalize.Raw{
		Tenant: "acme", ReceivedTime: 1.7724e15,
		Value: []byte(good + "2026-02-27 10:15:30,123| c1| ch1|| s1| t1| true| \r\n" + good),
	})
	require.Len(t, b.Records, 2)
	require.Len(t, b.Rejects, 1)
	e := b.Rejects[0].Error
	require.Equal(t, normalize.Error{
		Reason: normalize.MissingField, Path: "event_type", Offset: len(good) + 33, Detail: `"event_type" is required and empty`,
	}, e)
	require.Equal(t, "2026-02-27 10:15:30,123| c1| ch1|| s1| t1| true| ", string(b.Rejects[0].Element))
	require.Equal(t, b.Records[0].EventID, b.Records[1].EventID, "the same line twice is a redelivery")
}

func TestTask(t *testing.T) {
	for event, want := range map[string]struct {
		task model.TaskType
		op   model.Operation
	}{
		"CREATE":       {model.TaskUserCreate, model.OpCreate},
		"UPDATE":       {model.TaskUserUpdate, model.OpUpdate},
		"DELETE":       {model.TaskUserDelete, model.OpDelete},
		"DISABLE":      {model.TaskUserDeactivate, model.OpDisable},
		"DEACTIVATE":   {model.TaskUserDeactivate, model.OpDisable},
		"REACTIVATE":   {model.TaskUserReactivate, model.OpUpdate},
		"CREATE_GROUP": {model.TaskOther, model.OpCreate},
		"RECONCILE":    {model.TaskOther, model.OpOther},
	} {
		gotTask, gotOp := task(event)
		require.Equal(t, want.task, gotTask, event)
		require.Equal(t, want.op, gotOp, event)
	}
}
