package otel

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// otherSpan is the event type of a span that is part of a pipeline and yet no
// run or task of it. Its unset status means that all went well; for runs and
// tasks the conventions demand a result.
const otherSpan = "span"

// write appends the record of the span.
func (s *span) write(kind normalize.Kind) {
	c := s.c
	r := c.New(kind)
	r.TraceID, r.SpanID, r.CausationID = s.trace, s.id, s.parent
	r.NativeType = spanKind(s.v)
	r.StartedTime, r.EndedTime = s.started, s.ended
	if r.EventTime = s.ended; s.ended == 0 {
		r.EventTime = s.started
	}
	r.EventTimeNative, r.UpdatedTime = s.happened.Text(), r.EventTime
	g := genAI{c: c, r: r}
	s.attributes(r, &g, s.resource.Get("attributes"), "resource")
	s.attributes(r, &g, s.plain.Get("attributes"), "")
	g.oldNames()
	if r.RunID = s.runID; r.RunID == "" {
		r.RunID = s.trace
	}
	switch kind {
	case normalize.KindRun:
		s.writeRun(r)
	case normalize.KindAction:
		s.writeAction(r)
	default:
		s.writeAI(r)
	}
	if !r.Outcome.Failed() {
		c.KeepText("", "error.type", r.ErrorType) // of an error that did no harm
		r.ErrorType = ""
	}
	r.StepLog = s.stepLog(&g)
	g.write()
	s.rest(r)
	r.Unmapped = c.Kept()
}

// attributes sets the fields of r from a list of attributes and keeps those
// that have none.
func (s *span) attributes(r *normalize.Record, g *genAI, list jsonx.Value, parent string) {
	for m := list.First(); m.Exists(); m = m.Next() {
		if strings.HasPrefix(m.Key(), "gen_ai.") && r.Kind == normalize.KindAIStep && g.take(m) {
			continue
		}
		field := s.field(r, m.Key())
		if text := m.Text(); field != nil && text != "" {
			if *field != "" && *field != text { // of the resource
				s.c.KeepText("resource", m.Key(), *field)
			}
			*field = text
			continue
		}
		s.c.KeepIn(parent, m)
	}
}

// field returns where the attribute goes, or nil.
func (s *span) field(r *normalize.Record, key string) *string {
	switch key {
	case "cicd.pipeline.name":
		return &r.WorkflowName
	case "cicd.pipeline.run.id":
		return &s.runID
	case "cicd.pipeline.run.state":
		return &s.state
	case "cicd.pipeline.result":
		if r.Kind == normalize.KindRun {
			return &s.result
		}
		return &s.pipeline
	case "cicd.pipeline.task.name":
		return &r.ActionName
	case "cicd.pipeline.task.run.id":
		return &s.taskID
	case "cicd.pipeline.task.run.result":
		return &s.result
	case "error.type":
		return &r.ErrorType
	default:
		return nil
	}
}

func (s *span) writeRun(r *normalize.Record) {
	r.EventType, r.NativeID = "cicd.pipeline.run", r.RunID
	if name := s.v.Get("name").Text(); r.WorkflowName == "" {
		r.WorkflowName = name
	} else {
		s.c.KeepText("", "name", name)
	}
	s.c.KeepText("", "cicd.pipeline.task.run.id", s.taskID)
	s.cicdStatus(r)
	switch {
	case r.Outcome == model.Error:
		r.FailureStage = model.StagePlatform
	case r.Outcome.Failed():
		r.FailureStage = model.StageAction
	}
}

func (s *span) writeAction(r *normalize.Record) {
	r.EventType, r.TaskType = "cicd.pipeline.task", model.TaskOther
	if r.ActionName == "" && s.taskID == "" {
		r.EventType = otherSpan
	}
	if name := s.v.Get("name").Text(); r.ActionName == "" {
		r.ActionName = name
	} else {
		s.c.KeepText("", "name", name)
	}
	if r.ActionID = s.taskID; s.taskID != "" {
		r.NativeID = s.c.Concat(r.RunID, "/", s.taskID)
	} else {
		r.ActionID, r.NativeID = s.id, s.c.Concat(s.trace, "/", s.id)
	}
	s.c.KeepText("", "cicd.pipeline.result", s.pipeline)
	s.cicdStatus(r)
	if r.Outcome.Failed() {
		r.FailureStage = model.StageAction
	}
}

func (s *span) writeAI(r *normalize.Record) {
	r.NativeID = s.c.Concat(s.trace, "/", s.id)
	if r.EventType = "gen_ai"; r.AIOperation != "" {
		r.EventType = s.c.Concat("gen_ai.", r.AIOperation)
	}
	r.ActionID = s.taskID
	if name := s.v.Get("name").Text(); r.ActionName == "" {
		r.ActionName = name
	} else {
		s.c.KeepText("", "name", name)
	}
	for _, kept := range [...]struct{ key, text string }{
		{"cicd.pipeline.result", s.pipeline}, {"cicd.pipeline.run.state", s.state}, {"cicd.pipeline.task.run.result", s.result},
	} {
		s.c.KeepText("", kept.key, kept.text)
	}
	s.aiStatus(r)
}

// rest keeps what no field holds of the span itself, its resource and scope.
func (s *span) rest(r *normalize.Record) {
	for m := s.plain.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "events":
		case "status":
			s.restOfStatus(r, m)
		case "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount":
			if n, ok := m.Int(); !ok || n != 0 {
				r.Truncated = true
				s.c.Keep(m)
			}
		default:
			s.c.Keep(m)
		}
	}
	for _, part := range [...]struct {
		name string
		v    jsonx.Value
	}{{"resource", s.resource}, {"scope", s.scope}} {
		for m := part.v.First(); m.Exists(); m = m.Next() {
			switch {
			case part.name == "resource" && m.Key() == "attributes" && m.Kind() == jsonx.Object:
			case m.Key() == "droppedAttributesCount" && m.Text() == "0":
			default:
				s.c.KeepIn(part.name, m)
			}
		}
	}
	if s.ended != 0 {
		s.c.KeepText("", "startTimeUnixNano", s.v.Get("startTimeUnixNano").Text())
	}
}

func (s *span) restOfStatus(r *normalize.Record, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch {
		case m.Key() == "code" && s.code != 0, m.Key() == "code" && m.Text() == "0":
		case m.Key() == "message" && (m.Text() == r.ErrorMessage || m.Text() == r.StatusReason):
		default:
			s.c.KeepIn("status", m)
		}
	}
}
