package ingest

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/compress"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/embedded"
)

// benchEvent is an event of Okta of about 900 bytes, its times within a month.
func benchEvent(n int) []byte {
	at := received.Add(-time.Duration(n%2_000_000) * time.Second).Format("2006-01-02T15:04:05.000Z")
	result := "SUCCESS"
	if n%25 == 0 {
		result = "FAILURE"
	}
	return fmt.Appendf(nil, `{"uuid":"%08x-16a1-11f1-9c4b-6f1f7b1c2a10","published":"%s","eventType":"application.provision.user.push","version":"0","severity":"INFO","displayMessage":"Push user to application",`+
		`"actor":{"id":"00u%07d","type":"User","alternateId":"user%d@example.com","displayName":"User %d"},`+
		`"client":{"userAgent":{"rawUserAgent":"okta-agent/3.1","os":"Linux","browser":"UNKNOWN"},"device":"Computer","ipAddress":"192.0.2.%d","geographicalContext":{"city":"Berlin","country":"Germany","geolocation":{"lat":52.52,"lon":13.4}}},`+
		`"outcome":{"result":"%s","reason":"pushed"},"transaction":{"type":"JOB","id":"tx%09d"},`+
		`"target":[{"id":"00u%07d","type":"User","alternateId":"user%d@example.com","displayName":"User %d"},{"id":"0oa%d","type":"AppInstance","alternateId":"app%d","displayName":"App %d"}],`+
		`"debugContext":{"debugData":{"requestId":"r%09d","requestUri":"/api/v1/users","threatSuspected":"false","url":"/api/v1/users?limit=1","appname":"app%d"}},"securityContext":{"asNumber":64500,"asOrg":"example","isp":"example isp"}}`,
		n, at, n%50_000, n%50_000, n%50_000, n%250, result, n/7, n%90_000, n%90_000, n%90_000, n%40, n%40, n%40, n, n%40)
}

// BenchmarkCollect takes a backlog over four partitions from the broker to the
// tables with everything on, in processes of their own, and reports what each
// of them used. RUNLEDGER_BENCH_EVENTS sets the backlog.
func BenchmarkCollect(b *testing.B) {
	events := 400_000
	if text := os.Getenv("RUNLEDGER_BENCH_EVENTS"); text != "" {
		var err error
		events, err = strconv.Atoi(text)
		require.NoError(b, err)
	}
	stack, err := embedded.Start(b.Context(), embedded.Config{DataDir: b.TempDir(), ClickHouse: true, Broker: true})
	require.NoError(b, err)
	b.Cleanup(func() { stack.Stop(context.Background()) })
	r := newRigOn(b, stack, func(c *CollectorConfig) {
		c.Kafka.Partitions = 4
		c.Collector.BatchRows, c.Collector.BatchInterval = 100_000, time.Second
	})
	bytes := 0
	for n := 0; n < events; n += 1000 {
		var records []kafka.Record
		for i := n; i < min(n+1000, events); i++ {
			value := benchEvent(i)
			bytes += len(value)
			records = append(records, kafka.Record{
				Time: received, Value: kafka.NewBytes(value),
				Headers: []kafka.Header{{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")}},
			})
		}
		response, err := r.kafka.Produce(b.Context(), &kafka.ProduceRequest{
			Topic: r.cfg.Kafka.Topic, Partition: n / 1000 % 4,
			RequiredAcks: kafka.RequireAll, Compression: compress.Lz4, Records: kafka.NewRecordReader(records...),
		})
		require.NoError(b, err)
		require.NoError(b, response.Error)
	}
	b.ResetTimer()
	before := [2]time.Duration{cpuOf(b, stack.Pid(embedded.ClickHouse)), cpuOf(b, stack.Pid(embedded.Broker))}
	collector := r.startProcess()
	r.until("a range is inserted", func() error {
		if r.count("SELECT count() FROM ledger") == 0 {
			return fmt.Errorf("none")
		}
		return nil
	})
	began, first := time.Now(), r.count("SELECT sum(messages) FROM ledger")
	r.until("the backlog is inserted", func() error {
		if n := r.count("SELECT sum(messages) FROM ledger"); n < uint64(events) {
			return fmt.Errorf("%d of %d", n, events)
		}
		return nil
	})
	took := time.Since(began)
	pid, million := collector.pid(), float64(events)/1e6
	own := cpuOf(b, pid)
	b.ReportMetric((float64(events)-float64(first))/took.Seconds(), "events/s")
	b.ReportMetric(own.Seconds()/million, "collector-CPU-s/M")
	b.ReportMetric((cpuOf(b, stack.Pid(embedded.ClickHouse))-before[0]).Seconds()/million, "clickhouse-CPU-s/M")
	b.ReportMetric((cpuOf(b, stack.Pid(embedded.Broker))-before[1]).Seconds()/million, "broker-CPU-s/M")
	b.ReportMetric(peakMemory(b, pid), "collector-MiB")
	b.ReportMetric(float64(bytes)/float64(events), "B/event")
	b.ReportMetric(float64(r.count("SELECT count() FROM ledger")), "inserts")
	require.EqualValues(b, events, r.count("SELECT sum(records) FROM ledger"))
}

// cpuOf is the processor time a process has used.
func cpuOf(tb testing.TB, pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(tb, err)
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	require.NoError(tb, err)
	system, err := strconv.Atoi(fields[12])
	require.NoError(tb, err)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100
}

// peakMemory is the largest resident size of a process, in MiB.
func peakMemory(tb testing.TB, pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(tb, err)
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	require.NoError(tb, err)
	return float64(kib) / 1024
}
