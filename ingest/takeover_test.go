package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/runledger/runledger/internal/embedded"
)

// events are n events from number first on.
func events(first, n int) []string {
	var all []string
	for i := first; i < first+n; i++ {
		all = append(all, event(i))
	}
	return all
}

// owner makes a partition by hand, as if the group had given it to us, so that
// a test can stop between any two of its steps.
func (r *rig) owner(c *Collector, m *member) *partition {
	topic := c.topics[r.cfg.Kafka.Topic]
	return &partition{
		c: c, topic: topic, member: m, log: slog.New(slog.DiscardHandler), small: maxSpanBytes, budget: maxSpanBytes,
		span:   span{memory: arena{pool: &c.chunks}},
		router: newRouter(topic, c.cfg.Formats, nil), plan: planOf(c.cfg.Formats, c.cfg.Collector, topic),
		reader: reader{transport: c.client.Transport, addr: c.client.Addr, topic: topic.Name},
	}
}

func (r *rig) collector() *Collector {
	r.Helper()
	c, err := NewCollector(r.cfg)
	require.NoError(r, err)
	require.NoError(r, c.identify(r.Context()))
	r.Cleanup(c.close)
	return c
}

// nobody commits from outside the group, which it allows while it has no member.
func nobody(c *Collector) *member {
	return &member{client: c.client, group: c.cfg.Kafka.Group, generation: -1}
}

// TestCrash stops an owner between declaring and confirming, and lets a
// collector take over. TestInsertTorn stops one in the INSERT.
func TestCrash(t *testing.T) {
	for name, crash := range map[string]func(r *rig, p *partition){
		"before the INSERT": func(*rig, *partition) {},
		"after the INSERT": func(r *rig, p *partition) {
			ins := <-p.c.inserters
			require.NoError(r, p.insert(r.Context(), r.Context(), ins))
			p.c.inserters <- ins
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.send("okta.system_log", "acme", events(0, 700)...)
			c := r.collector()
			p := r.owner(c, nobody(c))
			p.reader.seek(0)
			require.NoError(t, p.read(t.Context()))
			require.NoError(t, p.declare(t.Context()))
			crash(r, p)

			r.send("okta.system_log", "acme", events(700, 300)...)
			next := r.collect()
			r.inserted(r.cfg.Kafka.Topic, 999)
			require.EqualValues(t, 1000, r.count("SELECT count() FROM actions"))
			require.EqualValues(t, 1000, r.count("SELECT toUInt64(sum(records)) FROM ledger"))
			require.EqualValues(t, p.span.last, r.count("SELECT toUInt64(min(last_offset)) FROM ledger"), "the range is the one that was declared")
			require.InDelta(t, 1, valueOf(t, next.metrics.replays), 0)
			require.InDelta(t, 1000, valueOf(t, next.metrics.messages), 0)
		})
	}
}

func valueOf(t *testing.T, c prometheus.Counter) float64 {
	t.Helper()
	var m dto.Metric
	require.NoError(t, c.Write(&m))
	return m.GetCounter().GetValue()
}

// TestFence declares in the name of a generation that is over.
func TestFence(t *testing.T) {
	r := newRig(t)
	r.send("okta.system_log", "acme", events(0, 10)...)
	c := r.collect()
	r.inserted(r.cfg.Kafka.Topic, 9)
	r.send("okta.system_log", "acme", events(10, 10)...)
	r.inserted(r.cfg.Kafka.Topic, 19)
	for name, m := range map[string]member{
		"earlier generation": {generation: 0, id: "somebody"},
		"outside the group":  {generation: -1},
	} {
		m.client, m.group = r.kafka, r.cfg.Kafka.Group
		stale := r.owner(c.Collector, &m)
		stale.span.reset(10)
		stale.span.skip(19, received.UnixMilli())
		require.ErrorIs(t, stale.declare(t.Context()), errFenced, name)
	}
	require.Equal(t, committed{true, 20, "v1;epoch=0"}, r.committed(r.cfg.Kafka.Topic), "nothing was declared")
}

// TestRefusals starts a collector where memories disagree: it says what to do,
// in its readiness, and stores nothing.
func TestRefusals(t *testing.T) {
	set := func(r *rig, offset int64, metadata string) {
		m := member{client: r.kafka, group: r.cfg.Kafka.Group, generation: -1}
		require.NoError(r, m.commit(r.Context(), r.cfg.Kafka.Topic, 0, offset, metadata))
	}
	for name, c := range map[string]struct {
		change func(r *rig)
		want   string
	}{
		"moved back":       {func(r *rig) { set(r, 3, "") }, "they would be stored twice"},
		"moved ahead":      {func(r *rig) { set(r, 10, ""); r.send("okta.system_log", "acme", events(10, 5)...); set(r, 12, "") }, "2 offsets would be missing"},
		"beyond the end":   {func(r *rig) { set(r, 1000, "v1;epoch=0") }, "raise its epoch"},
		"another program":  {func(r *rig) { set(r, 10, "sarama") }, "choose a group of our own"},
		"group renamed":    {func(r *rig) { r.cfg.Kafka.Group += "-2" }, "set the group's offset to 10"},
		"database emptied": {func(r *rig) { require.NoError(r, r.db.Exec(r.Context(), "TRUNCATE TABLE ledger")) }, "the ledger is empty"},
		"other layout": {func(r *rig) {
			r.send("okta.system_log", "acme", events(10, 5)...)
			set(r, 10, intent{pending: true, last: 14, messages: 5, layout: 99, declared: received}.String())
		}, "run the previous version"},
		"other messages": {func(r *rig) {
			r.send("okta.system_log", "acme", events(10, 5)...)
			p := r.owner(r.collector(), nil)
			set(r, 10, intent{pending: true, last: 14, messages: 5, layout: layout, plan: p.plan, hash: 1, declared: received}.String())
		}, "were declared as 5 messages"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.send("okta.system_log", "acme", events(0, 10)...)
			first := r.collect()
			r.inserted(r.cfg.Kafka.Topic, 9)
			first.stop()
			c.change(r)
			stored := r.count("SELECT count() FROM actions")

			second := r.collect()
			r.until("the collector refuses", func() error {
				err := second.Ready(t.Context())
				if err == nil || !strings.Contains(err.Error(), c.want) {
					return fmt.Errorf("got %v, want %q", err, c.want)
				}
				return nil
			})
			second.stop()
			require.Equal(t, stored, r.count("SELECT count() FROM actions"))
		})
	}
}

// TestEpoch reads a topic that was deleted and made anew.
func TestEpoch(t *testing.T) {
	r := newRig(t)
	r.send("okta.system_log", "acme", events(0, 10)...)
	first := r.collect()
	r.inserted(r.cfg.Kafka.Topic, 9)
	first.stop()
	_, err := r.kafka.DeleteTopics(t.Context(), &kafka.DeleteTopicsRequest{Topics: []string{r.cfg.Kafka.Topic}})
	require.NoError(t, err)
	require.NoError(t, EnsureTopic(t.Context(), r.cfg.Kafka))
	r.until("the new topic takes messages", func() error {
		response, err := r.kafka.Produce(t.Context(), &kafka.ProduceRequest{
			Topic: r.cfg.Kafka.Topic, RequiredAcks: kafka.RequireAll,
			Records: kafka.NewRecordReader(kafka.Record{Time: received, Value: kafka.NewBytes([]byte(event(100))), Headers: []kafka.Header{
				{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")},
			}}),
		})
		if err == nil {
			err = response.Error
		}
		return err
	})
	r.cfg.Kafka.Epoch = 1
	r.collect()
	r.until("the new message is stored", func() error {
		if n := r.count("SELECT count() FROM actions"); n != 11 {
			return fmt.Errorf("%d actions, want 11", n)
		}
		return nil
	})
	require.Equal(t, []string{"0", "1"}, r.lines("SELECT DISTINCT toString(epoch) FROM ledger ORDER BY epoch"))
}

// TestBackPressure stops ClickHouse before a backlog arrives that is larger than
// the collector may hold: it takes one range and waits, and loses nothing.
func TestBackPressure(t *testing.T) {
	stack, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), ClickHouse: true, Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })
	r := newRigOn(t, stack, func(c *CollectorConfig) { c.Collector.BatchRows = 1_000_000 })
	r.send("okta.system_log", "acme", event(0))
	collector := r.startProcess()
	r.inserted(r.cfg.Kafka.Topic, 0)

	server := stack.Pid(embedded.ClickHouse)
	require.NoError(t, syscall.Kill(server, syscall.SIGSTOP))
	defer func() { _ = syscall.Kill(server, syscall.SIGCONT) }()
	const batches, size = 300, 1000
	for n := range batches {
		var records []kafka.Record
		for i := range size {
			records = append(records, kafka.Record{Time: received, Value: kafka.NewBytes(benchEvent(n*size + i)), Headers: []kafka.Header{
				{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")},
			}})
		}
		r.produce(r.cfg.Kafka.Topic, 0, records...)
	}
	var declared committed
	r.until("a range is declared", func() error {
		if declared = r.committed(r.cfg.Kafka.Topic); !strings.Contains(declared.metadata, "last=") {
			return fmt.Errorf("the group says %+v", declared)
		}
		return nil
	})
	for range 30 { // for three seconds nothing moves
		time.Sleep(100 * time.Millisecond)
		require.Equal(t, declared, r.committed(r.cfg.Kafka.Topic))
		require.Less(t, peakMemory(t, collector.pid()), 300.0, "MiB, of a backlog of %d MiB", batches*size*1070>>20)
	}
	require.NoError(t, syscall.Kill(server, syscall.SIGCONT))
	r.inserted(r.cfg.Kafka.Topic, batches*size)
	require.EqualValues(t, batches*size+1, r.count("SELECT count() FROM actions"))
	require.Less(t, peakMemory(t, collector.pid()), 400.0, "MiB")
}

// TestNoLeak leaves no goroutine behind.
func TestNoLeak(t *testing.T) {
	r := newRig(t)
	ignore := goleak.IgnoreCurrent()
	r.send("okta.system_log", "acme", events(0, 10)...)
	c := r.collect()
	r.inserted(r.cfg.Kafka.Topic, 9)
	c.stop()
	r.kafka.Transport.(*kafka.Transport).CloseIdleConnections()
	require.NoError(t, poll(func() error { return goleak.Find(ignore) }))
}
