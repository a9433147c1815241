package main

import (
	"fmt"
	"time"

	"github.com/rivo/uniseg"

	"github.com/runledger/runledger/query/wire"
)

// Words for cells: short, and plain text.

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

func status(state, outcome string) string {
	if outcome != "" {
		return outcome
	}
	return state
}

// mark shows that the source and the actions disagree.
func mark(contradiction bool) string {
	if contradiction {
		return " (!)"
	}
	return ""
}

func people(r wire.Run) string {
	if r.Subjects > 1 {
		return fmt.Sprintf("%s +%d", r.FirstSubject, r.Subjects-1)
	}
	return r.FirstSubject
}

func failedAt(r wire.Run) string {
	switch f := r.FirstFailed; {
	case f == nil:
		return ""
	case f.App == "":
		return f.Name
	default:
		return f.App + ": " + f.Name
	}
}

func errorText(e *wire.Error) string {
	switch {
	case e == nil:
		return ""
	case e.Message == "":
		return e.Code
	case e.Code == "":
		return e.Message
	default:
		return e.Code + " " + e.Message
	}
}

// cut shortens s to width cells.
func cut(s string, width int) string {
	if uniseg.StringWidth(s) <= width {
		return s
	}
	out, used := "", 0
	for g := uniseg.NewGraphemes(s); g.Next() && used+g.Width() < width; {
		out += g.Str()
		used += g.Width()
	}
	return out + "…"
}

func took(ms *int64) string {
	if ms == nil {
		return ""
	}
	return length(float64(*ms) / 1000)
}

// after tells a time after a failure.
func after(seconds *float64, healed bool) string {
	switch {
	case seconds != nil:
		return "+" + length(*seconds)
	case healed:
		return "healed"
	default:
		return "-"
	}
}

// length tells a duration in at most two units.
func length(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.3gs", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", d/time.Minute, d%time.Minute/time.Second)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", d/time.Hour, d%time.Hour/time.Minute)
	default:
		return fmt.Sprintf("%dd%02dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
	}
}
