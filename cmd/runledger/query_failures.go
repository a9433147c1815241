package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/runledger/runledger/query/wire"
)

type failuresCmd struct {
	scopeFlags
	Of   string `enum:"runs,actions" default:"runs" help:"What is counted: runs or actions."`
	Step string `help:"Width of a bucket: 15m, 1h, 1d, 1w. Chosen by the range unless said." placeholder:"STEP"`
	By   string `enum:",source,workflow,target_app,error_category" default:"" help:"One series for each: source, workflow, target_app, error_category." placeholder:"FIELD"`
}

// Help is printed below the flags.
func (q *failuresCmd) Help() string {
	return `strict = (failure + error + timeout + partial + unmet skips) / all that ended,
without cancelled ones and benign skips; lenient leaves partial and unmet skips
out of the numerator. The interval is Wilson's at 95 %; below 20 there is no rate.

` + filtersOf(wire.FailuresRequest{}) + `

  runledger query failures --tenant acme
  runledger query failures --tenant acme --of actions --by target_app --from -7d --step 6h`
}

func (q *failuresCmd) Run(c *cli) error {
	var r wire.FailuresRequest
	if err := q.fill(&r, "of="+q.Of, "step="+q.Step, "by="+q.By); err != nil {
		return err
	}
	a, err := q.client(c).Failures(c.ctx, r)
	if err != nil {
		return asked(err)
	}
	if q.Output == "table" {
		err = drawTrend(c.Stdout, a)
	} else {
		err = printRows(c, q.Output, a, trendRows(a), nil)
	}
	if err != nil {
		return err
	}
	return c.finish(a.Meta, false)
}

// trendRow is one bucket of one series.
type trendRow struct {
	Series string `json:"series"`
	wire.Bucket
}

func trendRows(a *wire.FailuresAnswer) []trendRow {
	var rows []trendRow
	for _, s := range a.Series {
		for _, b := range s.Buckets {
			rows = append(rows, trendRow{s.Name, b})
		}
	}
	return rows
}

// barWidth leaves room for the numbers beside a bar on a line of 80.
const barWidth = 24

// drawTrend draws one bar a bucket for one series, and one line a series for
// several.
func drawTrend(w io.Writer, a *wire.FailuresAnswer) error {
	out := &strings.Builder{}
	if len(a.Series) == 1 && a.Series[0].Name == "" {
		drawBuckets(out, a)
	} else {
		drawSeries(out, a)
	}
	fmt.Fprintf(out, "\nTotal     %s\n", rateLine(a.Total))
	fmt.Fprintf(out, "          lenient %s; %s\n", percent(a.Total.Lenient), countsLine(a.Total))
	_, err := io.WriteString(w, out.String())
	return err
}

func drawBuckets(out *strings.Builder, a *wire.FailuresAnswer) {
	buckets := a.Series[0].Buckets
	top := 0.0
	for _, b := range buckets {
		if b.Strict != nil {
			top = max(top, b.Strict.Rate)
		}
	}
	layout := "Jan 02 15:04"
	if a.StepSeconds%86400 == 0 {
		layout = "Mon Jan 02"
	}
	fmt.Fprintf(out, "%-*s  %-*s %7s  %-15s %13s\n", len(layout), "", barWidth, "failure rate (strict)", "rate", "95 % interval", "failed/ended")
	for _, b := range buckets {
		fmt.Fprintf(out, "%-*s  ", len(layout), b.Time.Format(layout))
		ended := fmt.Sprintf("%d/%d", strictFailed(b.Rate), b.Denominator)
		switch {
		case b.Denominator == 0:
			fmt.Fprintf(out, "%-*s %7s  %-15s %13s\n", barWidth, "", "", "", "-")
		case b.Strict == nil:
			fmt.Fprintf(out, "%-*s %7s  %-15s %13s\n", barWidth, "·", "", "too few", ended)
		default:
			fmt.Fprintf(out, "%s %7s  %-15s %13s\n", bar(b.Strict.Rate, top), percent(b.Strict), interval(b.Strict), ended)
		}
	}
}

func drawSeries(out *strings.Builder, a *wire.FailuresAnswer) {
	for _, s := range a.Series {
		name := s.Name
		if name == "" {
			name = "(none)"
		}
		fmt.Fprintf(out, "%-22s %s\n", cut(printable(name), 22), rateLine(s.Total))
		fmt.Fprintf(out, "  %s\n", spark(s.Buckets))
	}
	if n := len(a.Series); n > 0 && len(a.Series[0].Buckets) > 0 {
		b := a.Series[0].Buckets
		fmt.Fprintf(out, "  each mark %s, from %s to %s; height 0 to 100 %% strict failure rate\n",
			length(float64(a.StepSeconds)), short(b[0].Time), short(b[len(b)-1].Time.Add(time.Duration(a.StepSeconds)*time.Second)))
	} else {
		out.WriteString("nothing ended in this range\n")
	}
}

func strictFailed(r wire.Rate) uint64 {
	return r.Failure + r.Error + r.Timeout + r.Partial + r.UnmetSkip
}

func rateLine(r wire.Rate) string {
	if r.Strict == nil {
		return fmt.Sprintf("strict too few, %d of %d failed", strictFailed(r), r.Denominator)
	}
	return fmt.Sprintf("strict %s [%s], %d of %d failed", percent(r.Strict), interval(r.Strict), strictFailed(r), r.Denominator)
}

func countsLine(r wire.Rate) string {
	var parts []string
	for _, p := range []struct {
		name string
		n    uint64
	}{
		{"success", r.Success},
		{"partial", r.Partial},
		{"failure", r.Failure},
		{"error", r.Error},
		{"timeout", r.Timeout},
		{"cancelled", r.Cancelled},
		{"skipped", r.Skipped},
		{"unmet skip", r.UnmetSkip},
		{"unknown", r.Unknown},
	} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", p.name, p.n))
		}
	}
	if len(parts) == 0 {
		return "nothing ended"
	}
	return strings.Join(parts, ", ")
}

func percent(i *wire.Interval) string {
	if i == nil {
		return "too few"
	}
	return fmt.Sprintf("%.1f %%", 100*i.Rate)
}

func interval(i *wire.Interval) string { return fmt.Sprintf("%.1f – %.1f %%", 100*i.Low, 100*i.High) }

// bar draws rate on a scale that ends at top, in eighths of a cell.
func bar(rate, top float64) string {
	if top == 0 {
		return strings.Repeat(" ", barWidth)
	}
	eighths := int(math.Round(rate / top * barWidth * 8))
	if rate > 0 && eighths == 0 {
		eighths = 1
	}
	text := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		text += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return text + strings.Repeat(" ", barWidth-len([]rune(text)))
}

// spark draws one mark a bucket: the strict rate from 0 to 1, a dot where
// there are too few, a blank where nothing ended.
func spark(buckets []wire.Bucket) string {
	marks := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, x := range buckets {
		switch {
		case x.Denominator == 0:
			b.WriteByte(' ')
		case x.Strict == nil:
			b.WriteRune('·')
		default:
			b.WriteRune(marks[min(len(marks)-1, int(x.Strict.Rate*float64(len(marks))))])
		}
	}
	return b.String()
}
