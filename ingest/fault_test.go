package ingest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/embedded"
)

// faultPlan is one run of the rig: events are sent over four partitions while
// two collectors, ClickHouse and the broker are killed at random.
type faultPlan struct {
	events int
	kills  int
	naive  bool
	seed   uint64
	every  time.Duration // from one kill to the next, on average
}

// planFromEnv scales a plan: RUNLEDGER_FAULT_EVENTS, RUNLEDGER_FAULT_KILLS and
// RUNLEDGER_FAULT_SEED.
func planFromEnv(t *testing.T, p faultPlan) faultPlan {
	p.seed = rand.Uint64()
	for name, value := range map[string]any{"EVENTS": &p.events, "KILLS": &p.kills, "SEED": &p.seed} {
		text := os.Getenv("RUNLEDGER_FAULT_" + name)
		if text == "" {
			continue
		}
		n, err := strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
		switch v := value.(type) {
		case *int:
			*v = int(n)
		case *uint64:
			*v = n
		}
	}
	p.every = 1800 * time.Millisecond
	t.Logf("events %d, kills %d: run again with RUNLEDGER_FAULT_SEED=%d", p.events, p.kills, p.seed)
	return p
}

// TestFaults is the promise: whatever is killed when, every message that the
// broker acknowledged is stored exactly once, and all that is derived agrees.
func TestFaults(t *testing.T) {
	r, log := runFaults(t, planFromEnv(t, faultPlan{events: 60_000, kills: 30}))
	r.checkStored(log)
	r.checkLedger()
	r.checkDerived()
}

// TestNoFaults is the positive control: undisturbed, everything arrives.
func TestNoFaults(t *testing.T) {
	r, log := runFaults(t, faultPlan{events: 5_000, seed: 1})
	r.checkStored(log)
	r.checkLedger()
	r.checkDerived()
	require.Len(t, log.sent, 5_000)
}

// TestNaiveFaults is the negative control: without intent and token the same
// rig finds duplicates, so it would find ours.
func TestNaiveFaults(t *testing.T) {
	for attempt := range uint64(5) {
		r, _ := runFaults(t, faultPlan{events: 10_000, kills: 10, naive: true, seed: attempt + 1, every: 1500 * time.Millisecond})
		if n := r.count("SELECT toUInt64(sum(n) - count()) FROM (" + storedRows + ")"); n > 0 {
			t.Logf("%d rows doubled", n)
			return
		}
	}
	t.Error("50 kills and no duplicate: the rig would not find any")
}

// acknowledged is the log of sends, kept outside of what is tested.
type acknowledged struct {
	sent map[place]sent
}

type place struct {
	partition int32
	offset    int64
}

type sent struct {
	id   string
	hash [32]byte
}

func runFaults(t *testing.T, plan faultPlan) (*rig, *acknowledged) {
	stack, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), ClickHouse: true, Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })
	r := newRigOn(t, stack, func(c *CollectorConfig) {
		c.Kafka.Partitions = 4
		c.Collector.BatchRows, c.Collector.BatchInterval, c.Collector.Raw = 500, 100*time.Millisecond, "all"
		c.naive = plan.naive
	})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	collectors := []*collectorProcess{r.startProcess(), r.startProcess()}

	killed := make(chan struct{})
	go func() {
		defer close(killed)
		r.kill(ctx, plan, collectors)
	}()
	began := time.Now()
	log := r.sendPaced(ctx, plan, killed)
	<-killed
	r.Logf("%d messages acknowledged and %d kills in %s", len(log.sent), plan.kills, time.Since(began).Round(time.Millisecond))
	r.settled(ctx, collectors[0])
	r.Logf("settled after %s; restarts: clickhouse %d, broker %d", time.Since(began).Round(time.Millisecond), stack.Restarts(embedded.ClickHouse), stack.Restarts(embedded.Broker))
	for _, c := range collectors {
		c.stop()
	}
	return r, log
}

// kill ends the victims of the plan, one after the other.
func (r *rig) kill(ctx context.Context, plan faultPlan, collectors []*collectorProcess) {
	dice := rand.New(rand.NewPCG(plan.seed, 1))
	victims := map[string]int{}
	for range plan.kills {
		pause := time.Duration(dice.Int64N(int64(2 * plan.every)))
		select {
		case <-time.After(pause): // the rhythm of the faults
		case <-ctx.Done():
			return
		}
		name, pid := "clickhouse", r.stack.Pid(embedded.ClickHouse)
		switch n := dice.IntN(10); {
		case n < 4:
			name, pid = "collector", collectors[n%2].pid()
		case n < 6:
			name, pid = "broker", r.stack.Pid(embedded.Broker)
		}
		if pid != 0 {
			_ = syscall.Kill(pid, syscall.SIGKILL)
			victims[name]++
		}
	}
	r.Logf("killed: %v", victims)
}

// sendPaced sends the events of the plan, spread over the time of its kills.
func (r *rig) sendPaced(ctx context.Context, plan faultPlan, killed <-chan struct{}) *acknowledged {
	dice := rand.New(rand.NewPCG(plan.seed, 2))
	log := &acknowledged{sent: map[place]sent{}}
	pace := time.Duration(0)
	if plan.kills > 0 {
		pace = time.Duration(plan.kills) * plan.every / time.Duration(plan.events)
	}
	began := time.Now()
	for n := 0; n < plan.events; {
		batch := min(1+dice.IntN(200), plan.events-n)
		r.sendUntilAcknowledged(ctx, log, dice.IntN(4), n, batch)
		n += batch
		select {
		case <-killed:
		case <-ctx.Done():
			return log
		case <-time.After(time.Until(began.Add(time.Duration(n) * pace))): // the rhythm of the load
		}
	}
	return log
}

func (r *rig) sendUntilAcknowledged(ctx context.Context, log *acknowledged, partition, n, batch int) {
	var expect []sent
	for ctx.Err() == nil {
		var records []kafka.Record
		expect = expect[:0]
		for i := n; i < n+batch; i++ {
			value := []byte(event(i))
			if i%50 == 7 {
				value = value[:len(value)/2] // a torn one
			}
			expect = append(expect, sent{id: fmt.Sprintf("%08x-16a1-11f1-9c4b-6f1f7b1c2a10", i), hash: sha256.Sum256(value)})
			records = append(records, kafka.Record{
				Time: received, Value: kafka.NewBytes(value),
				Headers: []kafka.Header{{Key: headerSource, Value: []byte("okta.system_log")}, {Key: headerTenant, Value: []byte("acme")}},
			})
		}
		response, err := r.kafka.Produce(ctx, &kafka.ProduceRequest{
			Topic: r.cfg.Kafka.Topic, Partition: partition,
			RequiredAcks: kafka.RequireAll, Records: kafka.NewRecordReader(records...),
		})
		if err == nil && response.Error == nil {
			for i := range expect {
				log.sent[place{int32(partition), response.BaseOffset + int64(i)}] = expect[i]
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond): // until the broker is back
		}
	}
}

// settled waits until the group knows that all that the broker has is stored.
// The ledger proves less: tables get the rows of an INSERT one after the other.
//
// kfake keeps a member for ever that was killed while it joined, and with it the
// partitions it was given; a real broker expels it when its session ends. The
// next rebalance heals that, so where nothing moves, a collector is restarted.
func (r *rig) settled(ctx context.Context, restart *collectorProcess) {
	m := member{client: r.kafka, group: r.cfg.Kafka.Group}
	behind := func(p int) error {
		bounds, err := m.bounds(ctx, r.cfg.Kafka.Topic, p)
		if err != nil {
			return err
		}
		c, err := m.committed(ctx, r.cfg.Kafka.Topic, p)
		if err == nil && (c.offset != bounds.end || strings.Contains(c.metadata, "last=")) {
			err = fmt.Errorf("partition %d ends at %d, the group says %+v", p, bounds.end, c)
		}
		return err
	}
	last, moved := "", time.Now()
	for {
		var err error
		for p := range r.cfg.Kafka.Partitions {
			err = errors.Join(err, behind(p))
		}
		if err == nil {
			return
		}
		if err.Error() != last {
			last, moved = err.Error(), time.Now()
		} else if time.Since(moved) > 20*time.Second {
			r.Logf("nothing moves, restarting a collector: %v", err)
			_ = syscall.Kill(restart.pid(), syscall.SIGKILL)
			moved = time.Now()
		}
		select {
		case <-ctx.Done():
			r.Fatalf("the collectors did not catch up in time: %v", err)
		case <-time.After(50 * time.Millisecond): // between two looks
		}
	}
}

// storedRows are the places of the topic and how often each is stored.
const storedRows = `
SELECT src_partition, src_offset, count() AS n
FROM (
    SELECT src_partition, src_offset FROM runs
    UNION ALL SELECT src_partition, src_offset FROM subjects
    UNION ALL SELECT src_partition, src_offset FROM actions
    UNION ALL SELECT src_partition, src_offset FROM audits
    UNION ALL SELECT src_partition, src_offset FROM dead_letters
)
GROUP BY src_partition, src_offset`
