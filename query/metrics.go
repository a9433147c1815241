package query

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	seconds *prometheus.HistogramVec
	rows    *prometheus.CounterVec
	errors  *prometheus.CounterVec
	running prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "runledger_query_seconds", Help: "Time from a question to its answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"kind"}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_query_rows_read_total", Help: "Rows that the database looked at.",
		}, []string{"kind"}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "runledger_query_errors_total", Help: "Questions that were not answered, by reason.",
		}, []string{"kind", "reason"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "runledger_query_running", Help: "Questions that are being answered.",
		}),
	}
	if reg != nil {
		reg.MustRegister(m.seconds, m.rows, m.errors, m.running)
	}
	return m
}

// answered notes the end of a question, well or badly.
func (m *metrics) answered(kind string, took time.Duration, rows uint64, err error) {
	m.rows.WithLabelValues(kind).Add(float64(rows))
	if err == nil {
		m.seconds.WithLabelValues(kind).Observe(took.Seconds())
		return
	}
	reason := Unavailable
	var e *Error
	if errors.As(err, &e) {
		reason = e.Reason
	}
	m.errors.WithLabelValues(kind, string(reason)).Inc()
}
