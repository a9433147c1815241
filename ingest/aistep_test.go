package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"

	rsql "github.com/runledger/runledger/sql"
)

// TestCollectAIStep takes a step of an agent, and the review of it, through to
// the tables: their kind is a number beyond those of storage rows.
func TestCollectAIStep(t *testing.T) {
	r := newRig(t)
	const started = `{"specversion":"1.0","id":"1","source":"/agents","type":"rl.ai.step.v1","data":{
"run_id":"run-7","step_id":"s-1","operation":"chat","model":"large-1","prompt_context":"still needed?","output":"revoke",
"tokens":{"input":1834,"output":52},"started_at":"2026-03-02T10:00:01Z","ended_at":"2026-03-02T10:00:03Z"`
	r.send("cloudevents", "acme",
		started+`}}`,
		started+`,"review":{"reviewer":"user1@example.com","decision":"rejected","at":"2026-03-02T11:15:00Z"}}}`)
	c := r.collect()
	r.inserted(r.cfg.Kafka.Topic, 1)

	require.EqualValues(t, 2, r.count("SELECT count() FROM ai_steps WHERE tenant_id = 'acme' AND run_id = 'run-7' AND input_tokens = 1834 AND output_tokens = 52"))
	require.EqualValues(t, 1, r.count("SELECT uniqExact(entity_id) FROM ai_steps"))
	require.EqualValues(t, 1, r.count(`
SELECT count() FROM (SELECT argMax(review_decision, revision) AS decision, argMax(review_time, revision) AS at FROM ai_steps GROUP BY entity_id)
WHERE decision = 'rejected' AND at = toDateTime64('2026-03-02 11:15:00', 6, 'UTC')`))
	require.EqualValues(t, 2, r.count("SELECT count() FROM payloads WHERE JSONExtractString(payload, 'request') = 'still needed?' AND event_id IN (SELECT event_id FROM ai_steps)"))
	require.EqualValues(t, 1, r.count("SELECT count() FROM (SELECT max(last_event_time) AS at FROM freshness WHERE source = 'cloudevents') WHERE at = toDateTime64('2026-03-02 10:00:03', 6, 'UTC')"))
	require.EqualValues(t, 64, r.count("SELECT toUInt64(groupBitOr(seen)) FROM run_index WHERE run_id = 'run-7'"))
	require.EqualValues(t, 0, r.count("SELECT (SELECT count() FROM runs) + (SELECT count() FROM audits) + (SELECT count() FROM dead_letters)"))

	check, err := rsql.Query("ledger_check")
	require.NoError(t, err)
	require.EqualValues(t, 1, r.count("SELECT count() FROM ("+check+") WHERE holes = 0 AND rows_ledger = 2 AND rows_found = 2 AND same_hash"))
	c.stop()
}
