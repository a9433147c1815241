package bench

import (
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"
)

// limit is what a figure is held against; it is shown, not enforced.
type limit struct {
	name, unit string
	found      float64
	least      float64 // 0: none
	most       float64 // 0: none
}

func (l limit) row() table.Row {
	wanted, verdict := "", ""
	switch {
	case l.least > 0:
		wanted, verdict = fmt.Sprintf("≥ %.4g", l.least), mark(l.found >= l.least)
	case l.most > 0:
		wanted, verdict = fmt.Sprintf("≤ %.4g", l.most), mark(l.found <= l.most)
	}
	return table.Row{l.name, fmt.Sprintf("%.4g", l.found), l.unit, wanted, verdict}
}

func mark(ok bool) string {
	if ok {
		return "✓"
	}
	return "✗"
}

func (r *Report) print(w io.Writer) {
	fmt.Fprintf(w, "runledger %s on %s, %d CPUs\n", r.Version, r.Platform, r.CPUs)
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"measure", "found", "unit", "wanted", ""})
	for _, l := range r.limits() {
		t.AppendRow(l.row())
	}
	t.Render()
}

func (r *Report) limits() []limit {
	var all []limit
	if i := r.Ingest; i != nil {
		all = append(all,
			limit{name: "Kafka to ClickHouse, all on this machine", unit: "events/s", found: i.PerSecond, least: 150_000},
			limit{name: "collector", unit: "CPU-s per million events", found: i.CollectorCPU, most: 6},
			limit{name: "ClickHouse", unit: "CPU-s per million events", found: i.ClickHouseCPU},
			limit{name: "broker", unit: "CPU-s per million events", found: i.BrokerCPU},
			limit{name: "collector, peak memory", unit: "MiB", found: float64(i.CollectorRSS >> 20), most: 400},
			limit{name: "event", unit: "bytes", found: i.EventBytes},
			limit{name: "stored, everything", unit: "bytes/event", found: i.BytesPerRow},
		)
	}
	for _, q := range r.Queries {
		all = append(all, limit{name: q.Name, unit: "ms, median (p95 " + fmt.Sprintf("%.0f", q.P95) + ")", found: q.Median, most: q.Most})
	}
	return all
}
