package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/segmentio/kafka-go"
	"golang.org/x/sync/errgroup"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/kafkaconn"
	"github.com/runledger/runledger/normalize"
)

const (
	// An INSERT costs the server 50 ms of a core whatever is in it, so they are
	// large: a partition that is behind reads maxSpanBytes in its turn. All the
	// others together hold smallSpanBytes.
	smallSpanBytes = 32 << 20
	minSpanBytes   = 1 << 20
	maxSpanBytes   = 64 << 20
	// maxInserters bounds how many ranges are turned into rows at a time, and so
	// the memory for rows and the connections to ClickHouse.
	maxInserters = 8

	requestTimeout        = 15 * time.Second
	rebalanceTimeout      = linger + 2*time.Second // until then every member has let go of its partitions
	joinPause             = 500 * time.Millisecond
	heartbeat             = time.Second
	partitionWatch        = 5 * time.Second
	defaultSessionTimeout = 10 * time.Second
)

// CollectorConfig is what a Collector needs. Kafka, ClickHouse, Collector and
// Formats are required.
type CollectorConfig struct {
	Kafka      config.Kafka
	ClickHouse config.ClickHouse
	Collector  config.Collector
	Formats    map[string]*normalize.Format // by name
	Logger     *slog.Logger                 // nil: silent
	Registry   prometheus.Registerer        // nil: not counted

	sessionTimeout time.Duration // tests; 0: defaultSessionTimeout
	naive          bool          // tests: the control without tokens
}

// Collector reads the own topic and the mapped ones as one member of the
// consumer group, and inserts every message exactly once. Several may run.
type Collector struct {
	cfg       CollectorConfig
	topics    map[string]config.Topic
	metrics   *collectorMetrics
	client    *kafka.Client
	cluster   string // id of the Kafka cluster
	inserters chan *inserter
	chunks    chunkPool
	status    *status
}

// NewCollector returns a Collector. It connects when it runs.
func NewCollector(cfg CollectorConfig) (*Collector, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.sessionTimeout == 0 {
		cfg.sessionTimeout = defaultSessionTimeout
	}
	metrics, err := newCollectorMetrics(cfg.Registry)
	if err != nil {
		return nil, err
	}
	c := &Collector{
		cfg: cfg, metrics: metrics, status: newStatus(),
		topics:    map[string]config.Topic{cfg.Kafka.Topic: {Name: cfg.Kafka.Topic, Epoch: cfg.Kafka.Epoch}},
		client:    kafkaconn.Client(cfg.Kafka, requestTimeout),
		inserters: make(chan *inserter, min(max(2, runtime.GOMAXPROCS(0)), maxInserters)),
	}
	for _, t := range cfg.Collector.Topics {
		if cfg.Formats[t.Source] == nil {
			return nil, fmt.Errorf("collector.topics: topic %s: no format is called %q; `runledger sources` lists them", t.Name, t.Source)
		}
		c.topics[t.Name] = t
	}
	for range cap(c.inserters) {
		c.inserters <- newInserter(cfg.ClickHouse, newBatcher(cfg.Collector.Raw == "all"))
	}
	return c, nil
}

// Run collects until ctx is done; ranges in flight then have a few seconds to
// arrive. Kafka or ClickHouse being away is no error: Run waits for them.
func (c *Collector) Run(ctx context.Context) error {
	defer c.close()
	if err := c.identify(ctx); err != nil {
		return ignoreCancel(ctx, err)
	}
	group, err := kafka.NewConsumerGroup(c.groupConfig())
	if err != nil {
		return fmt.Errorf("join group %s: %w", c.cfg.Kafka.Group, err)
	}
	defer group.Close()
	for {
		generation, err := group.Next(ctx)
		if err != nil && ctx.Err() != nil {
			return ignoreCancel(ctx, err)
		}
		if err != nil {
			c.status.failed("group", fmt.Errorf("join group %s: %w", c.cfg.Kafka.Group, err))
			c.cfg.Logger.Warn("joining the group again", "group", c.cfg.Kafka.Group, "err", err)
			continue
		}
		c.serve(ctx, generation)
	}
}

func ignoreCancel(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

func (c *Collector) close() {
	for range cap(c.inserters) {
		(<-c.inserters).close()
	}
	c.client.Transport.(*kafka.Transport).CloseIdleConnections()
}

// identify learns the id of the cluster, which is part of every token.
func (c *Collector) identify(ctx context.Context) error {
	failed := func(err error) { c.status.failed("group", err) }
	return retry(ctx, failed, func() error {
		response, err := c.client.Metadata(ctx, &kafka.MetadataRequest{Topics: []string{c.cfg.Kafka.Topic}})
		if err != nil {
			return fmt.Errorf("read the id of the kafka cluster: %w", err)
		}
		c.cluster = response.ClusterID
		return nil
	})
}

func (c *Collector) groupConfig() kafka.ConsumerGroupConfig {
	topics := []string{c.cfg.Kafka.Topic}
	for _, t := range c.cfg.Collector.Topics {
		topics = append(topics, t.Name)
	}
	return kafka.ConsumerGroupConfig{
		ID: c.cfg.Kafka.Group, Brokers: c.cfg.Kafka.Brokers, Dialer: kafkaconn.Dialer(c.cfg.Kafka), Topics: topics,
		SessionTimeout: c.cfg.sessionTimeout, RebalanceTimeout: rebalanceTimeout, HeartbeatInterval: heartbeat,
		// A join takes as long as several rebalances where members come and go.
		// Giving up early leaves a member behind that never syncs.
		Timeout:          requestTimeout,
		JoinGroupBackoff: joinPause, WatchPartitionChanges: true, PartitionWatchInterval: partitionWatch,
	}
}

// serve reads the partitions of one generation until it ends or ctx is done.
func (c *Collector) serve(ctx context.Context, g *kafka.Generation) {
	done := make(chan struct{})
	g.Start(func(generation context.Context) {
		defer close(done)
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(generation, cancel)()
		c.read(ctx, g)
	})
	<-done
}

func (c *Collector) read(ctx context.Context, g *kafka.Generation) {
	partitions := c.partitions(g)
	c.status.assigned(len(partitions))
	defer c.status.unassigned()
	c.cfg.Logger.Info("generation began", "group", g.GroupID, "generation", g.ID, "partitions", len(partitions))
	workers, ctx := errgroup.WithContext(ctx)
	workers.Go(func() error { <-ctx.Done(); return nil }) // a generation may have no partition
	for _, p := range partitions {
		workers.Go(func() error { return c.keep(ctx, p) })
	}
	err := workers.Wait()
	c.cfg.Logger.Info("generation ended", "group", g.GroupID, "generation", g.ID, "err", err)
}

// keep runs p. A partition that is refused waits for the end of the generation,
// while the others go on.
func (c *Collector) keep(ctx context.Context, p *partition) error {
	defer c.metrics.released(p.topic.Name, p.id)
	err := p.run(ctx)
	var refusal *Refusal
	switch {
	case errors.As(err, &refusal):
		c.metrics.refusal(refusal.Topic, refusal.Partition)
		c.status.refused(p.name(), refusal)
		p.log.Error("partition refused", "err", refusal)
		<-ctx.Done()
		return nil
	case errors.Is(err, errFenced):
		c.metrics.expelled()
		p.log.Warn("partition given up", "err", err)
	}
	return err
}

func (c *Collector) partitions(g *kafka.Generation) []*partition {
	m := &member{client: c.client, group: g.GroupID, generation: int(g.ID), id: g.MemberID}
	var all []*partition
	for name, assignments := range g.Assignments {
		topic := c.topics[name]
		for _, a := range assignments {
			all = append(all, &partition{
				c: c, topic: topic, id: a.ID, member: m,
				log:    c.cfg.Logger.With("topic", name, "partition", a.ID),
				router: newRouter(topic, c.cfg.Formats, c.cfg.Collector.Retention),
				reader: reader{transport: c.client.Transport, addr: c.client.Addr, topic: name, partition: a.ID},
				plan:   planOf(c.cfg.Formats, c.cfg.Collector, topic),
			})
		}
	}
	for _, p := range all {
		p.small = max(smallSpanBytes/len(all), minSpanBytes)
		p.span.memory.pool = &c.chunks
	}
	return all
}

// borrow waits for an inserter that is free.
func (c *Collector) borrow(ctx context.Context) (*inserter, error) {
	select {
	case i := <-c.inserters:
		return i, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Collector) giveBack(i *inserter) { c.inserters <- i }

// Ready returns nil while all partitions that are ours are being read and what
// was tried last succeeded; otherwise why not.
func (c *Collector) Ready(context.Context) error { return c.status.ready() }
