// Package obs is what every role shows of itself: structured logs, metrics,
// health and readiness. It holds no metric of its own; each package makes its
// metrics on the registry it is given.
package obs

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/lmittmann/tint"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Logger writes JSON lines to w, or coloured text when w is a terminal.
func Logger(w io.Writer, terminal, debug bool) *slog.Logger {
	level := slog.LevelInfo
	if debug {
		level = slog.LevelDebug
	}
	if terminal {
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: readable}))
}

// readable shows durations as people write them ("83ms"), not in nanoseconds.
func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.StringValue(a.Value.Duration().String())
	}
	return a
}

// Registry returns a registry with the metrics of the Go runtime and process.
func Registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Check is one condition of readiness: nil when it holds.
type Check struct {
	Name string
	Ask  func(context.Context) error
}

// Routes adds /healthz, /readyz and /metrics to mux. /healthz answers as long
// as the process does; /readyz once every check holds, naming those that do not.
func Routes(mux *http.ServeMux, reg *prometheus.Registry, checks []Check) {
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{Registry: reg}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		state, status := readiness(ctx, checks)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(state)
	})
}

// readiness asks every check; a failed one shows its error.
func readiness(ctx context.Context, checks []Check) (map[string]string, int) {
	state, status := map[string]string{}, http.StatusOK
	for _, c := range checks {
		state[c.Name] = "ok"
		if err := c.Ask(ctx); err != nil {
			state[c.Name], status = err.Error(), http.StatusServiceUnavailable
		}
	}
	return state, status
}
