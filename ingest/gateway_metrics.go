package ingest

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// gatewayMetrics counts what the gateway does.
type gatewayMetrics struct {
	requests *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	accepted *prometheus.CounterVec
	rejected *prometheus.CounterVec
	replayed *prometheus.CounterVec
	latency  *prometheus.HistogramVec
}

func newGatewayMetrics(reg prometheus.Registerer) (*gatewayMetrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "runledger", Subsystem: "gateway", Name: name, Help: help}, labels)
	}
	m := &gatewayMetrics{
		requests: counter("requests_total", "Pushes answered, by HTTP status.", "code"),
		bytes:    counter("received_bytes_total", "Bytes of bodies as received.", "source"),
		accepted: counter("records_accepted_total", "Records made of pushes that Kafka acknowledged.", "source"),
		rejected: counter("records_rejected_total", "Elements of pushes that made no record.", "source", "reason"),
		replayed: counter("replayed_total", "Pushes to a door that it had stored before.", "door"),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "runledger", Subsystem: "gateway", Name: "produce_seconds",
			Help:    "Time until Kafka acknowledged a push, or until it was given up, by result: ok, not_written, unknown.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14),
		}, []string{"result"}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.requests, m.bytes, m.accepted, m.rejected, m.replayed, m.latency} {
		if err := reg.Register(c); err != nil {
			return nil, fmt.Errorf("register gateway metrics: %w", err)
		}
	}
	return m, nil
}

func (m *gatewayMetrics) answered(status int) { m.requests.WithLabelValues(strconv.Itoa(status)).Inc() }

func (m *gatewayMetrics) received(source string, bytes int64) {
	m.bytes.WithLabelValues(source).Add(float64(bytes))
}

func (m *gatewayMetrics) accept(source string, records int) {
	m.accepted.WithLabelValues(source).Add(float64(records))
}

func (m *gatewayMetrics) rejects(source string, rejects []Rejection) {
	for i := range rejects {
		m.rejected.WithLabelValues(source, string(rejects[i].Reason)).Inc()
	}
}

func (m *gatewayMetrics) produced(took time.Duration, err error) {
	result := "ok"
	switch {
	case errors.Is(err, errNotWritten):
		result = "not_written"
	case err != nil:
		result = "unknown"
	}
	m.latency.WithLabelValues(result).Observe(took.Seconds())
}

func (m *gatewayMetrics) replays(door string) { m.replayed.WithLabelValues(door).Inc() }
