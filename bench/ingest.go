package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/demo"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/internal/kafkaconn"
)

// Ingest is what it cost to carry Okta events from Kafka into ClickHouse.
type Ingest struct {
	Events        int     `json:"events"`
	EventBytes    float64 `json:"event_bytes"` // average
	Seconds       float64 `json:"seconds"`     // start of the collector to the last visible row
	PerSecond     float64 `json:"events_per_second"`
	CollectorCPU  float64 `json:"collector_cpu_s_per_million"`
	ClickHouseCPU float64 `json:"clickhouse_cpu_s_per_million"`
	BrokerCPU     float64 `json:"broker_cpu_s_per_million"`
	CollectorRSS  int64   `json:"collector_peak_rss_bytes"`
	BytesPerRow   float64 `json:"stored_bytes_per_row"` // compressed, before merges settle
}

// rig is one machine's worth of runledger: servers and configuration.
type rig struct {
	stack  *embedded.Stack
	cfg    config.Config
	file   string // the configuration for the verbs
	conn   driver.Conn
	binary string
}

func newRig(ctx context.Context, o Options, broker bool) (*rig, error) {
	stack, err := embedded.Start(ctx, embedded.Config{DataDir: filepath.Join(o.Dir, "data"), ClickHouse: true, Broker: broker})
	if err != nil {
		return nil, err
	}
	r := &rig{stack: stack, cfg: config.Default(), file: filepath.Join(o.Dir, "bench.yml"), binary: o.Binary}
	r.cfg.Data, r.cfg.Listen = filepath.Join(o.Dir, "roles"), "127.0.0.1:0"
	r.cfg.ClickHouse.Addr = stack.ClickHouseAddr()
	if broker {
		r.cfg.Kafka.Brokers = stack.Brokers()
	}
	text, err := r.cfg.YAML()
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(r.file, text, 0o600); err != nil {
		return nil, err
	}
	if out, err := exec.CommandContext(ctx, r.binary, "migrate", "-c", r.file).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("migrate: %w: %s", err, out)
	}
	r.conn, err = chconn.Open(ctx, r.cfg.ClickHouse)
	return r, err
}

func (r *rig) close(ctx context.Context) {
	if r.conn != nil {
		_ = r.conn.Close()
	}
	r.stack.Stop(context.WithoutCancel(ctx))
}

func measureIngest(ctx context.Context, o Options) (Ingest, error) {
	r, err := newRig(ctx, o, true)
	if err != nil {
		return Ingest{}, err
	}
	defer r.close(ctx)
	fmt.Fprintf(o.Log, "writing %d Okta events to Kafka\n", o.Events)
	size, err := r.load(ctx, o.Events)
	if err != nil {
		return Ingest{}, err
	}
	fmt.Fprintln(o.Log, "collecting")
	result := Ingest{Events: o.Events, EventBytes: float64(size) / float64(o.Events)}
	if err := r.collect(ctx, &result); err != nil {
		return result, err
	}
	return result, r.verify(ctx, &result)
}

// load fills the topic with events of one tenant; it returns their bytes.
func (r *rig) load(ctx context.Context, events int) (int64, error) {
	client := kafkaconn.Client(r.cfg.Kafka, time.Minute)
	k := r.cfg.Kafka
	res, err := client.CreateTopics(ctx, &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{{
		Topic: k.Topic, NumPartitions: k.Partitions, ReplicationFactor: k.Replication,
		ConfigEntries: []kafka.ConfigEntry{{ConfigName: "max.message.bytes", ConfigValue: "12582912"}},
	}}})
	if err != nil {
		return 0, fmt.Errorf("create topic: %w", err)
	}
	if err := res.Errors[k.Topic]; err != nil {
		return 0, fmt.Errorf("create topic: %w", err)
	}
	const batch = 1000
	random := rand.New(rand.NewPCG(1, 2))
	start := time.Now().Add(-time.Hour)
	var size int64
	for done := 0; done < events; done += batch {
		n := min(batch, events-done)
		records := make([]kafka.Record, n)
		for i := range records {
			at := start.Add(time.Duration(done+i) * time.Hour / time.Duration(events))
			value := demo.AppendOktaEvent(nil, random, at)
			size += int64(len(value))
			records[i] = kafka.Record{Value: kafka.NewBytes(value), Headers: []kafka.Header{
				{Key: "rl-source", Value: []byte("okta.system_log")}, {Key: "rl-tenant", Value: []byte("acme")},
			}}
		}
		_, err := client.Produce(ctx, &kafka.ProduceRequest{
			Topic: k.Topic, Partition: done / batch % k.Partitions, RequiredAcks: kafka.RequireAll,
			Compression: kafka.Lz4, Records: kafka.NewRecordReader(records...),
		})
		if err != nil {
			return 0, fmt.Errorf("produce: %w", err)
		}
	}
	return size, nil
}

// collect runs the collector as a process of its own until every event is in
// the ledger of ranges.
func (r *rig) collect(ctx context.Context, result *Ingest) error {
	before, err := r.usages(0)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, r.binary, "collect", "-c", r.file)
	log, err := os.Create(r.file + ".collect.log")
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stderr = log
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start collector: %w", err)
	}
	defer func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }()
	if err := r.await(ctx, uint64(result.Events)); err != nil {
		return err
	}
	result.Seconds = time.Since(start).Seconds()
	after, err := r.usages(cmd.Process.Pid)
	if err != nil {
		return err
	}
	million := float64(result.Events) / 1e6
	result.PerSecond = float64(result.Events) / result.Seconds
	result.CollectorCPU = after[0].CPU.Seconds() / million
	result.ClickHouseCPU = (after[1].CPU - before[1].CPU).Seconds() / million
	result.BrokerCPU = (after[2].CPU - before[2].CPU).Seconds() / million
	result.CollectorRSS = after[0].PeakRSS
	return nil
}

// usages returns what collector (0: none), ClickHouse and broker have used.
func (r *rig) usages(collector int) ([3]usage, error) {
	var all [3]usage
	for i, pid := range []int{collector, r.stack.Pid(embedded.ClickHouse), r.stack.Pid(embedded.Broker)} {
		if pid == 0 {
			continue
		}
		u, err := usageOf(pid)
		if err != nil {
			return all, err
		}
		all[i] = u
	}
	return all, nil
}

func (r *rig) await(ctx context.Context, events uint64) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	last, progress := uint64(0), time.Now()
	for {
		var n uint64
		if err := r.conn.QueryRow(ctx, "SELECT sum(messages) FROM ledger").Scan(&n); err != nil {
			return fmt.Errorf("read ledger: %w", err)
		}
		switch {
		case n >= events:
			return nil
		case n > last:
			last, progress = n, time.Now()
		case time.Since(progress) > time.Minute:
			return fmt.Errorf("the collector stands still at %d of %d events; see %s", n, events, r.file+".collect.log")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// verify makes sure that what was measured was also right.
func (r *rig) verify(ctx context.Context, result *Ingest) error {
	var rows, distinct, dead uint64
	err := r.conn.QueryRow(ctx, `
		WITH stored AS (SELECT event_id FROM actions UNION ALL SELECT event_id FROM runs UNION ALL SELECT event_id FROM audits)
		SELECT count(), uniqExact(event_id), (SELECT count() FROM dead_letters) FROM stored`).Scan(&rows, &distinct, &dead)
	if err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	if rows != uint64(result.Events) || distinct != rows || dead != 0 {
		return fmt.Errorf("%d events became %d rows, %d distinct, %d dead letters", result.Events, rows, distinct, dead)
	}
	var bytes uint64
	err = r.conn.QueryRow(ctx, `SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()`).Scan(&bytes)
	result.BytesPerRow = float64(bytes) / float64(rows)
	return err
}
