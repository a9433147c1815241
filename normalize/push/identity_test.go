package push_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cerby"
	"github.com/runledger/runledger/normalize/idaas"
	"github.com/runledger/runledger/normalize/push"
	"github.com/runledger/runledger/normalize/zluri"
)

const (
	run = `{"specversion":"1.0","id":"1","source":"/zluri","type":"rl.zluri.run.v1","data":{"run_id":"r-1","workflow":{"name":"A"},"source":"Manual","run_on_utc":"2026-03-01T09:30:00Z","status":"Failed","users":[{"email":"user1@example.com","apps":[{"name":"Zoom","actions":[{"action_id":"a","name":"Add User","status":"Failed"}]}]}]}}`
	ack = `{"specversion":"1.0","id":"2","source":"/oncall","type":"rl.annotation.v1","time":"2026-03-01T09:40:00Z","data":{"annotation":"acknowledge","source":"zluri.run_log","source_uri":"/zluri","run_id":"r-1"}}`
)

func TestRunIsTheSameByEitherFormat(t *testing.T) {
	pushed, own := records(t, &push.Format, run), records(t, &zluri.Format, run)
	require.Len(t, own, 3)
	for i := range own {
		require.Equal(t, own[i].EventID, pushed[i].EventID, "%s", own[i].Kind)
		require.Equal(t, "zluri.run_log", pushed[i].Source)
	}
}

// TestOwnFormatsAgree holds it for the types that have formats of their own.
func TestOwnFormatsAgree(t *testing.T) {
	for file, own := range map[string]*normalize.Format{
		"cerby_job.json": &cerby.Format, "alibaba_task.json": &idaas.Format, "alibaba_entry.json": &idaas.Format,
	} {
		text, err := os.ReadFile("testdata/" + file)
		require.NoError(t, err)
		pushed, bare := records(t, &push.Format, string(text)), records(t, own, string(text))
		require.Len(t, pushed, len(bare), file)
		for i := range bare {
			require.Equal(t, bare[i].EventID, pushed[i].EventID, "%s %s", file, bare[i].Kind)
			require.Equal(t, own.Name, pushed[i].Source)
		}
	}
}

func TestAnnotationPointsToItsRun(t *testing.T) {
	the, its := records(t, &push.Format, run), records(t, &push.Format, ack)
	require.NotZero(t, the[0].RunKey)
	for i := range the {
		require.Equal(t, its[0].RunKey, the[i].RunKey, "%s", the[i].Kind)
	}
	require.Equal(t, "cloudevents", its[0].Source)
	require.Equal(t, "/oncall", its[0].SourceURI)
}

func records(t *testing.T, f *normalize.Format, text string) []normalize.Record {
	t.Helper()
	var n normalize.Normalizer
	var b normalize.Batch
	n.Append(&b, f, normalize.Raw{Tenant: "acme", Value: []byte(text), ReceivedTime: 1772366400e6})
	require.Empty(t, b.Rejects)
	return b.Records
}
