package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/runledger/runledger/query/wire"
)

type mttdCmd struct{ scopeFlags }

// Help is printed below the flags.
func (q *mttdCmd) Help() string {
	return `Detect: first failure to the first alert, acknowledgement, report or diagnosis.
Diagnose: from then to the first annotation with a cause. Where nobody looked it is
unmeasured, which is not zero. Annotations are pushed as rl.annotation.v1 events.

` + filtersOf(wire.MTTDRequest{}) + `

  runledger query mttd --tenant acme --from -30d`
}

func (q *mttdCmd) Run(c *cli) error {
	var r wire.MTTDRequest
	if err := q.fill(&r); err != nil {
		return err
	}
	a, err := q.client(c).MTTD(c.ctx, r)
	if err != nil {
		return asked(err)
	}
	if q.Output == "table" {
		err = drawMTTD(c.Stdout, a.MTTD)
	} else {
		err = printRows(c, q.Output, a, []wire.MTTD{a.MTTD}, nil)
	}
	if err != nil {
		return err
	}
	return c.finish(a.Meta, false)
}

func drawMTTD(w io.Writer, m wire.MTTD) error {
	out := &strings.Builder{}
	fmt.Fprintf(out, "Incidents  %d: %d detected, %d undetected, %d healed by a retry before anybody noticed\n",
		m.Incidents, m.Detected, m.Undetected, m.SelfHealed)
	fmt.Fprintf(out, "           %d diagnosed\n\n", m.Diagnosed)
	if m.Incidents > 0 {
		fmt.Fprintf(out, "%-24s %9s %9s %9s %7s\n", "", "mean", "median", "p90", "n")
		durationLine(out, "detect", m.Detect)
		durationLine(out, "diagnose", m.Diagnose)
		durationLine(out, "failure to diagnosis", m.Total)
	}
	if m.Incidents > 0 && !m.Measured {
		out.WriteString("\nUnmeasured: nobody annotated any of these failures, so nobody knows when they\n" +
			"were noticed. Push rl.annotation.v1 events (acknowledge, diagnosis, report, alert).\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

func durationLine(out *strings.Builder, name string, d *wire.Duration) {
	if d == nil {
		fmt.Fprintf(out, "%-24s %9s\n", name, "unmeasured")
		return
	}
	fmt.Fprintf(out, "%-24s %9s %9s %9s %7d\n", name, length(d.Mean), length(d.Median), length(d.P90), d.N)
}
