package ingest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// collectorMetrics has one method for each thing that happens.
type collectorMetrics struct {
	lag        *prometheus.GaugeVec
	refused    *prometheus.GaugeVec
	records    *prometheus.CounterVec
	rejects    *prometheus.CounterVec
	messages   prometheus.Counter
	gaps       prometheus.Counter
	bytes      prometheus.Counter
	batches    prometheus.Counter
	replays    prometheus.Counter
	retries    *prometheus.CounterVec
	fenced     prometheus.Counter
	insertTime prometheus.Histogram
	commitTime prometheus.Histogram
	lastInsert prometheus.Gauge
}

func newCollectorMetrics(r prometheus.Registerer) (*collectorMetrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "runledger_collector_" + name, Help: help})
	}
	latency := func(name, help string) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "runledger_collector_" + name, Help: help,
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 16),
		})
	}
	m := &collectorMetrics{
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "runledger_collector_lag_messages",
			Help: "Offsets between the end of the partition and what is inserted.",
		}, []string{"topic", "partition"}),
		refused: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "runledger_collector_refused",
			Help: "1 while a partition is not read because a person has to decide.",
		}, []string{"topic", "partition"}),
		records: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_collector_records_total",
			Help: "Records inserted.",
		}, []string{"source", "kind"}),
		rejects: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_collector_rejects_total",
			Help: "Dead letters inserted.",
		}, []string{"reason"}),
		messages: counter("messages_total", "Messages inserted."),
		gaps:     counter("gaps_total", "Offsets that held no message."),
		bytes:    counter("inserted_bytes_total", "Bytes of inserted rows before compression."),
		batches:  counter("batches_total", "Ranges inserted."),
		replays:  counter("replays_total", "Ranges that were declared by an earlier owner and inserted again; the server drops what had arrived."),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_collector_retries_total",
			Help: "Failed attempts that were made again.",
		}, []string{"operation"}),
		fenced:     counter("fenced_total", "Partitions given up because the group went on without us."),
		insertTime: latency("insert_seconds", "Time to insert a range, with retries."),
		commitTime: latency("commit_seconds", "Time to commit, with retries."),
		lastInsert: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "runledger_collector_last_insert_timestamp_seconds",
			Help: "When a range was last inserted.",
		}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{
		m.lag, m.refused, m.records, m.rejects, m.messages, m.gaps, m.bytes, m.batches,
		m.replays, m.retries, m.fenced, m.insertTime, m.commitTime, m.lastInsert,
	} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register collector metrics: %w", err)
		}
	}
	return m, nil
}

// inserted counts a range that has arrived.
func (m *collectorMetrics) inserted(s *span, t *tally, took time.Duration) {
	m.batches.Inc()
	m.messages.Add(float64(len(s.messages)))
	m.gaps.Add(float64(s.gaps()))
	m.bytes.Add(float64(t.bytes))
	m.insertTime.Observe(took.Seconds())
	m.lastInsert.SetToCurrentTime()
	for labels, n := range t.records {
		m.records.WithLabelValues(labels.source, labels.kind.String()).Add(float64(n))
	}
	for reason, n := range t.rejects {
		m.rejects.WithLabelValues(string(reason)).Add(float64(n))
	}
}

func (m *collectorMetrics) committed(took time.Duration) { m.commitTime.Observe(took.Seconds()) }
func (m *collectorMetrics) replayed()                    { m.replays.Inc() }
func (m *collectorMetrics) retried(operation string)     { m.retries.WithLabelValues(operation).Inc() }
func (m *collectorMetrics) expelled()                    { m.fenced.Inc() }

func (m *collectorMetrics) behind(topic string, partition int, n int64) {
	m.lag.WithLabelValues(topic, strconv.Itoa(partition)).Set(float64(max(n, 0)))
}

func (m *collectorMetrics) refusal(topic string, partition int) {
	m.refused.WithLabelValues(topic, strconv.Itoa(partition)).Set(1)
}

// released forgets a partition that is ours no longer.
func (m *collectorMetrics) released(topic string, partition int) {
	m.lag.DeleteLabelValues(topic, strconv.Itoa(partition))
	m.refused.DeleteLabelValues(topic, strconv.Itoa(partition))
}
