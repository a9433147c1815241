package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/runledger/runledger/internal/config"
)

// event is an event of Okta, n of them an hour apart going back in time.
func event(n int) string {
	at := received.Add(-time.Duration(n) * time.Hour).Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"uuid":"%08x-16a1-11f1-9c4b-6f1f7b1c2a10","published":%q,"eventType":"user.lifecycle.create",
"version":"0","severity":"INFO","displayMessage":"Create Okta user",
"actor":{"id":"00u1aD5nR0","type":"User","alternateId":"admin@example.com","displayName":"Admin Example"},
"outcome":{"result":"SUCCESS"},"transaction":{"type":"WEB","id":"aBcD%d"},
"target":[{"id":"00u%d","type":"User","alternateId":"user%d@example.com","displayName":"User"}]}`, n, at, n, n, n)
}

// TestCollect sends what may come, in the words of two vendors: the good ends in
// its tables and the bad, with a reason, in the dead letters.
func TestCollect(t *testing.T) {
	r := newRig(t, func(c *CollectorConfig) {
		c.Collector.Retention = []config.RetentionRule{
			{Tenant: "globex", Class: "regulated"}, {Source: "okta.system_log", Class: "short"},
		}
	})
	r.send("okta.system_log", "acme", event(0), event(1), `{"uuid":`, event(2))
	r.send("okta.system_log", "globex", "["+event(3)+","+event(4)+",{}]")
	r.send("zluri.run_log", "acme", readSample(t, "../normalize/zluri/testdata/onboarding_partial.json"))
	r.send("nobody.knows", "acme", `{}`)
	r.send("okta.system_log", "", event(5))
	r.send("okta.system_log", "acme", "", zip(t, []byte(event(6))), zip(t, []byte(event(7)))[:50], zip(t, bytes.Repeat([]byte(" "), 1<<20)))
	last := r.produce(r.cfg.Kafka.Topic, 0, kafka.Record{Time: received, Value: nil, Headers: []kafka.Header{
		{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")},
	}})
	c := r.collect()
	r.inserted(r.cfg.Kafka.Topic, last)
	require.NoError(t, poll(func() error { return c.Ready(t.Context()) }))

	require.Equal(t, []string{
		"0 acme short", "1 acme short", "3 acme short", "4 globex regulated", "4 globex regulated", "9 acme short",
	}, r.lines("SELECT concat(toString(src_offset), ' ', tenant_id, ' ', retention_class) FROM actions WHERE source = 'okta.system_log' ORDER BY src_offset"))
	require.EqualValues(t, 1, r.count("SELECT count() FROM runs WHERE source = 'zluri.run_log' AND retention_class = 'operational'"))
	require.Positive(t, r.count("SELECT count() FROM actions WHERE source = 'zluri.run_log'"))
	require.Equal(t, []string{
		"2 acme okta.system_log truncated 8", "4 globex okta.system_log missing_field 2", "6 acme nobody.knows unknown_source 2",
		"7  okta.system_log unknown_tenant " + strconv.Itoa(len(event(5))), "8 acme okta.system_log empty 0",
		"10 acme okta.system_log truncated 50", "11 acme okta.system_log limit_exceeded " + strconv.Itoa(len(zip(t, bytes.Repeat([]byte(" "), 1<<20)))),
		"12 acme okta.system_log empty 0",
	}, r.lines("SELECT concat(toString(src_offset), ' ', tenant_id, ' ', source, ' ', reason, ' ', toString(length(raw))) FROM dead_letters ORDER BY src_offset"))
	require.EqualValues(t, 13, r.count("SELECT toUInt64(sum(messages)) FROM ledger"))
	require.EqualValues(t, 8, r.count("SELECT toUInt64(sum(rejects)) FROM ledger"))
	require.Zero(t, r.count("SELECT count() FROM payloads WHERE raw != ''"), "raw bytes are off")
	require.Equal(t, committed{true, last + 1, "v1;epoch=0"}, r.committed(r.cfg.Kafka.Topic))
}

// TestCustomerTopic reads a topic of somebody else's, with its tenant in a header.
func TestCustomerTopic(t *testing.T) {
	r := newRig(t, func(c *CollectorConfig) {
		c.Collector.Raw = "all"
		c.Collector.Topics = []config.Topic{{Name: "theirs", Source: "okta.system_log", TenantHeader: "customer", SourceURI: "https://acme.okta.com", Epoch: 3}}
	})
	theirs := r.cfg.Kafka
	theirs.Topic = "theirs"
	require.NoError(t, EnsureTopic(t.Context(), theirs))
	r.produce("theirs", 0,
		kafka.Record{Time: received, Value: kafka.NewBytes([]byte(event(0))), Headers: []kafka.Header{{Key: "customer", Value: []byte("acme")}, {Key: headerTenant, Value: []byte("globex")}}},
		kafka.Record{Time: received, Value: kafka.NewBytes([]byte(event(1)))})
	r.collect()
	r.inserted("theirs", 1)
	require.Equal(t, []string{"acme https://acme.okta.com"}, r.lines("SELECT concat(tenant_id, ' ', source_uri) FROM actions"))
	require.Equal(t, []string{event(0)}, r.lines("SELECT raw FROM payloads"))
	require.Equal(t, []string{"unknown_tenant"}, r.lines("SELECT reason FROM dead_letters"))
	require.Equal(t, []string{"3"}, r.lines("SELECT toString(epoch) FROM ledger"))
}

// TestTransactions stores what was committed and counts the rest as gaps.
func TestTransactions(t *testing.T) {
	r := newRig(t)
	client, err := kgo.NewClient(kgo.SeedBrokers(r.cfg.Kafka.Brokers...), kgo.TransactionalID(r.cfg.Kafka.Topic), kgo.DefaultProduceTopic(r.cfg.Kafka.Topic))
	require.NoError(t, err)
	defer client.Close()
	for i, commit := range []kgo.TransactionEndTry{kgo.TryCommit, kgo.TryAbort, kgo.TryCommit} {
		require.NoError(t, client.BeginTransaction())
		for n := range 3 {
			require.NoError(t, client.ProduceSync(t.Context(), &kgo.Record{Timestamp: received, Value: []byte(event(10*i + n)), Headers: []kgo.RecordHeader{
				{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")},
			}}).FirstErr())
		}
		require.NoError(t, client.EndTransaction(t.Context(), commit))
	}
	r.collect()
	r.inserted(r.cfg.Kafka.Topic, 11) // three times three messages and a mark
	require.Equal(t, []string{"0", "1", "2", "8", "9", "10"}, r.lines("SELECT toString(src_offset) FROM actions ORDER BY src_offset"))
	require.EqualValues(t, 6, r.count("SELECT toUInt64(sum(gaps)) FROM ledger"))
	require.Zero(t, r.count("SELECT count() FROM dead_letters"))
}

// TestLargeBatch reads a record batch that is larger than a usual fetch.
func TestLargeBatch(t *testing.T) {
	r := newRig(t)
	padding := strings.Repeat("x", 200_000)
	var records []kafka.Record
	for n := range 50 {
		value := strings.Replace(event(n), `"version":"0"`, `"version":"0","note":"`+padding+`"`, 1)
		records = append(records, kafka.Record{Time: received, Value: kafka.NewBytes([]byte(value)), Headers: []kafka.Header{
			{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")},
		}})
	}
	r.produce(r.cfg.Kafka.Topic, 0, records...)
	r.collect()
	r.inserted(r.cfg.Kafka.Topic, 49)
	require.EqualValues(t, 50, r.count("SELECT count() FROM actions"))
}

func readSample(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func zip(t *testing.T, plain []byte) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(plain)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// lines returns the one text column of a statement.
func (r *rig) lines(statement string) []string {
	r.Helper()
	rows, err := r.db.Query(r.Context(), statement)
	require.NoError(r, err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		require.NoError(r, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(r, rows.Err())
	return lines
}
