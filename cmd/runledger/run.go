package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/runledger/runledger/query/wire"
)

// runCmd has the questions about one run.
type runCmd struct {
	Show runShowCmd `cmd:"" help:"Show one run: people, applications, actions, attempts and errors."`
}

type runShowCmd struct {
	apiFlags
	Source    string `help:"Format the run came by, where several sources have a run of this id."`
	SourceURI string `name:"source-uri" help:"Instance of the source, where several have a run of this id."`
	Evidence  bool   `help:"Also list the events behind it, with their hashes."`
	RunID     string `arg:"" name:"run-id" help:"Run as its source calls it."`
}

// Help is printed below the flags.
func (q *runShowCmd) Help() string {
	return `  runledger run show --tenant acme run-onboarding-hubspot
  runledger run show --tenant acme run-onboarding-hubspot -o json`
}

func (q *runShowCmd) Run(c *cli) error {
	a, err := q.client(c).Run(c.ctx, wire.RunRequest{RunID: q.RunID, Tenant: q.Tenant, Source: q.Source, URI: q.SourceURI})
	if err != nil {
		return asked(err)
	}
	switch q.Output {
	case "json":
		err = printJSON(c.Stdout, a)
	case "table":
		err = drawRun(c.Stdout, &a.Run, q.Evidence)
	default:
		err = printRows(c, q.Output, a, a.Run.Evidence, nil)
	}
	if err != nil {
		return err
	}
	return c.finish(a.Meta, false)
}

func drawRun(w io.Writer, r *wire.RunDetail, evidence bool) error {
	d := &drawing{}
	d.head(r)
	for i := range r.SubjectTree {
		d.subject(&r.SubjectTree[i], i == len(r.SubjectTree)-1)
	}
	for _, a := range r.Annotations {
		d.line("", "%s  %s by %s%s", minute(a.Time), a.Annotation, actorName(a.Actor), said(a))
	}
	if evidence {
		d.line("", "Evidence")
		for _, e := range r.Evidence {
			d.line("", "  %s  %-7s %s  sha256 %s  x%d", minute(e.EventTime), e.Record, e.EventID, e.RawHash, e.Deliveries)
		}
	}
	_, err := io.WriteString(w, d.String())
	return err
}

// drawing draws a tree as text.
type drawing struct{ strings.Builder }

func (d *drawing) line(indent, format string, args ...any) {
	d.WriteString(strings.TrimRight(indent+printable(fmt.Sprintf(format, args...)), " ") + "\n")
}

func (d *drawing) head(r *wire.RunDetail) {
	d.line("", "%s  %s", r.RunID, strings.ToUpper(status(r.State, r.Outcome)))
	d.line("", "%s%s", r.Workflow, bracket(r.Source, r.StatusNative))
	d.fact("trigger", join(r.Trigger, r.TriggerName))
	d.fact("by", actorName(r.Actor))
	if r.Started != nil {
		d.fact("started", r.Started.Format("2006-01-02 15:04:05Z"))
	}
	if r.Ended != nil {
		d.fact("ended", join(r.Ended.Format("2006-01-02 15:04:05Z"), took(r.DurationMS)))
	}
	if r.Attempt > 1 {
		d.fact("attempt", fmt.Sprint(r.Attempt))
	}
	d.fact("error", errorText(r.Error))
	d.fact("reason", r.StatusReason)
	d.fact("waits for", r.WaitReason)
	if r.FirstFailed != nil {
		d.fact("failed at", join(failedAt(r.Run), r.FirstFailed.Error))
	}
	d.fact("actions", countsOf(r.Actions))
	if r.Derived != nil && r.Contradiction {
		d.fact("(!)", fmt.Sprintf("the source says %s, its actions say %s", status(r.State, r.Outcome), status(r.Derived.State, r.Derived.Outcome)))
	}
	if r.Archived {
		d.fact("archived", "at the source")
	}
	d.fact("evidence", fmt.Sprintf("%d events, %d revisions of the run", len(r.Evidence), r.Revisions))
}

func (d *drawing) fact(name, value string) {
	if value != "" {
		d.line("", "  %-10s %s", name, value)
	}
}

func (d *drawing) subject(s *wire.Subject, last bool) {
	name := s.Email
	if s.Name != "" && s.Email != "" {
		name = s.Name + " <" + s.Email + ">"
	}
	name = first(name, s.Name, s.ID, "(no subject)")
	note := ""
	if s.Native != nil && status(s.Native.State, s.Native.Outcome) != status(s.Derived.State, s.Derived.Outcome) && len(s.Apps) > 0 {
		note = "  (!) the source says " + status(s.Native.State, s.Native.Outcome)
	}
	state := status(s.Derived.State, s.Derived.Outcome)
	if len(s.Apps) == 0 && s.Native != nil {
		state = status(s.Native.State, s.Native.Outcome)
	}
	indent := d.branch("", last, "%s  %s%s", name, state, note)
	for i := range s.Apps {
		d.app(indent, &s.Apps[i], i == len(s.Apps)-1)
	}
}

func (d *drawing) app(indent string, a *wire.App, last bool) {
	indent = d.branch(indent, last, "%s  %s", first(a.Name, a.ID, "(no app)"), status(a.Derived.State, a.Derived.Outcome))
	for i := range a.Actions {
		d.action(indent, &a.Actions[i], i == len(a.Actions)-1)
	}
}

func (d *drawing) action(indent string, a *wire.Action, last bool) {
	final := a.Attempts[len(a.Attempts)-1]
	line := fmt.Sprintf("%s  %s", first(a.Name, a.ActionID, "(no name)"), status(a.State, a.Outcome))
	if len(a.Attempts) == 1 {
		d.branch(indent, last, "%s", join(line, took(final.DurationMS), errorText(final.Error), waits(final)))
		return
	}
	indent = d.branch(indent, last, "%s", join(line, fmt.Sprintf("%d attempts", len(a.Attempts))))
	for i, t := range a.Attempts {
		d.branch(indent, i == len(a.Attempts)-1, "%s", join(
			fmt.Sprintf("#%d %s  %s", t.Attempt, t.Time.Format("15:04:05"), status(t.State, t.Outcome)),
			took(t.DurationMS), errorText(t.Error), waits(t)))
	}
}

// branch draws one node and returns the indent of what is below it.
func (d *drawing) branch(indent string, last bool, format string, args ...any) string {
	if last {
		d.line(indent+"└─ ", format, args...)
		return indent + "   "
	}
	d.line(indent+"├─ ", format, args...)
	return indent + "│  "
}

func waits(t wire.Attempt) string {
	switch {
	case t.ManualTaskID != "":
		return "manual task " + t.ManualTaskID
	case t.WaitReason != "":
		return "waits for " + t.WaitReason
	default:
		return ""
	}
}

func said(a wire.Annotation) string {
	if text := join(a.Cause, a.Reason); text != "" {
		return ": " + text
	}
	return ""
}

func countsOf(n wire.Counts) string {
	if n.Total == 0 {
		return "none recorded"
	}
	parts := []string{fmt.Sprintf("%d", n.Total)}
	for _, p := range []struct {
		name string
		n    uint64
	}{{"success", n.Success}, {"failed", n.Failed}, {"cancelled", n.Cancelled}, {"skipped", n.Skipped}, {"live", n.Live}, {"unknown", n.Unknown}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.name))
		}
	}
	if n.Attempts > n.Total {
		parts = append(parts, fmt.Sprintf("%d attempts", n.Attempts))
	}
	return strings.Join(parts, ", ")
}

func actorName(a *wire.Actor) string {
	if a == nil {
		return ""
	}
	return first(a.Email, a.Name, a.ID)
}

func bracket(texts ...string) string { return "  (" + join(texts...) + ")" }

func join(texts ...string) string {
	var some []string
	for _, s := range texts {
		if s != "" {
			some = append(some, s)
		}
	}
	return strings.Join(some, ", ")
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
