package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/internal/kafkaconn"
	"github.com/runledger/runledger/normalize/formats"
	rsql "github.com/runledger/runledger/sql"
)

// rig is a ClickHouse and a broker that the tests of the collector share; each
// test has a database and a topic of its own.
type rig struct {
	testing.TB
	stack *embedded.Stack
	cfg   CollectorConfig
	db    driver.Conn
	kafka *kafka.Client
}

// shared is the stack of all tests that kill nothing; TestMain stops it.
var shared struct {
	once  sync.Once
	stack *embedded.Stack
	dir   string
	err   error
}

func sharedStack() (*embedded.Stack, error) {
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "runledger-ingest-"); shared.err == nil {
			shared.stack, shared.err = embedded.Start(context.Background(), embedded.Config{DataDir: shared.dir, ClickHouse: true, Broker: true})
		}
	})
	return shared.stack, shared.err
}

func stopSharedStack() {
	if shared.stack != nil {
		shared.stack.Stop(context.Background())
	}
	if shared.dir != "" {
		_ = os.RemoveAll(shared.dir)
	}
}

func newRig(t *testing.T, change ...func(*CollectorConfig)) *rig {
	t.Helper()
	stack, err := sharedStack()
	require.NoError(t, err)
	return newRigOn(t, stack, change...)
}

func newRigOn(t testing.TB, stack *embedded.Stack, change ...func(*CollectorConfig)) *rig {
	t.Helper()
	name := strings.ToLower(strings.NewReplacer("/", "_", " ", "_").Replace(t.Name()))
	c := config.Default()
	c.ClickHouse.Addr, c.ClickHouse.Database = stack.ClickHouseAddr(), name
	c.Kafka.Brokers, c.Kafka.Topic, c.Kafka.Group, c.Kafka.Partitions = stack.Brokers(), name, name, 1
	c.Collector.BatchInterval = 50 * time.Millisecond
	r := &rig{TB: t, stack: stack, cfg: CollectorConfig{
		Kafka: c.Kafka, ClickHouse: c.ClickHouse, Collector: c.Collector, Formats: formats.ByName(), sessionTimeout: 6 * time.Second,
	}}
	if os.Getenv("RUNLEDGER_TEST_LOG") != "" {
		r.cfg.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	for _, f := range change {
		f(&r.cfg)
	}
	_, err := rsql.Migrate(t.Context(), chconn.Options(r.cfg.ClickHouse))
	require.NoError(t, err)
	require.NoError(t, EnsureTopic(t.Context(), r.cfg.Kafka))
	r.db, err = chconn.Open(t.Context(), r.cfg.ClickHouse)
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.db.Close() })
	r.kafka = kafkaconn.Client(r.cfg.Kafka, 10*time.Second)
	t.Cleanup(r.kafka.Transport.(*kafka.Transport).CloseIdleConnections)
	return r
}

// send writes messages to the own topic, as the gateway would, and returns the
// offset of the first.
func (r *rig) send(source, tenant string, payloads ...string) int64 {
	r.Helper()
	var records []kafka.Record
	for _, p := range payloads {
		records = append(records, kafka.Record{
			Time: received, Value: kafka.NewBytes([]byte(p)),
			Headers: []kafka.Header{{Key: headerSource, Value: []byte(source)}, {Key: headerTenant, Value: []byte(tenant)}},
		})
	}
	return r.produce(r.cfg.Kafka.Topic, 0, records...)
}

// received is when messages arrive in these tests.
var received = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func (r *rig) produce(topic string, partition int, records ...kafka.Record) int64 {
	r.Helper()
	response, err := r.kafka.Produce(r.Context(), &kafka.ProduceRequest{
		Topic: topic, Partition: partition,
		RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...),
	})
	require.NoError(r, err)
	require.NoError(r, response.Error)
	return response.BaseOffset
}

// running is a collector in this process.
type running struct {
	*Collector
	stop func() // waits for the end; may be called twice
}

func (r *rig) collect() *running {
	r.Helper()
	c, err := NewCollector(r.cfg)
	require.NoError(r, err)
	ctx, cancel := context.WithCancel(r.Context())
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		require.NoError(r, <-done)
	})
	r.Cleanup(stop)
	return &running{c, stop}
}

// until waits until what holds.
func (r *rig) until(what string, holds func() error) {
	r.Helper()
	if err := poll(holds); err != nil {
		r.Fatalf("%s: %v", what, err)
	}
}

// patience is for a busy machine.
const patience = time.Minute

// poll calls holds until it returns nil, and gives up with its last error.
func poll(holds func() error) error {
	deadline := time.Now().Add(patience)
	for {
		err := holds()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(20 * time.Millisecond) // between two looks
	}
}

// count returns the one number a statement answers with.
func (r *rig) count(statement string, args ...any) uint64 {
	r.Helper()
	var n uint64
	require.NoError(r, r.db.QueryRow(r.Context(), statement, args...).Scan(&n), statement)
	return n
}

// inserted waits until the group knows that partition 0 of the topic is stored
// up to the offset. The ledger alone proves nothing: the tables that one INSERT
// ends in get their rows one after the other.
func (r *rig) inserted(topic string, last int64) {
	r.Helper()
	r.until(fmt.Sprintf("%s is stored up to offset %d", topic, last), func() error {
		if c := r.committed(topic); c.offset != last+1 || strings.Contains(c.metadata, "last=") {
			return fmt.Errorf("the group says %+v", c)
		}
		return nil
	})
}

// committed returns what the group remembers of partition 0 of the topic.
func (r *rig) committed(topic string) committed {
	r.Helper()
	m := member{client: r.kafka, group: r.cfg.Kafka.Group}
	c, err := m.committed(r.Context(), topic, 0)
	if errors.Is(err, kafka.GroupIdNotFound) { // nobody has joined yet
		return committed{}
	}
	require.NoError(r, err)
	return c
}
