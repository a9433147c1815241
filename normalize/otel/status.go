package otel

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// cicdStatus sets state and outcome of a run or a task: the result that the
// conventions demand, or else its state, or else the status of the span. A
// result and a status that contradict each other are both kept.
func (s *span) cicdStatus(r *normalize.Record) {
	switch {
	case s.result != "":
		r.StatusNative = s.result
		r.State, r.Outcome = results(s.result)
		s.c.KeepText("", "cicd.pipeline.run.state", s.state)
	case s.state != "":
		r.StatusNative = s.state
		r.State = states(s.state)
	default:
		r.StatusNative = s.codeName()
		r.State, r.Outcome = s.spanOutcome()
		if r.Outcome != model.NoOutcome && s.code == 0 && r.EventType != otherSpan {
			r.Outcome = model.UnknownOutcome
		}
	}
	if s.code != 0 && s.result != "" {
		if _, outcome := s.spanOutcome(); outcome != model.NoOutcome && outcome.Failed() != r.Outcome.Failed() {
			r.OutcomeDerived = outcome
			r.StatusReason = "the status of the span says " + s.codeName()
		}
	}
	if !r.Outcome.Failed() {
		s.reason(r)
		return
	}
	s.fault(r)
	r.ClassifyAI()
	if r.Outcome == model.Timeout {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Temporary, model.CategoryTimeout, model.FromCode
	}
}

func (s *span) reason(r *normalize.Record) {
	if r.StatusReason == "" {
		r.StatusReason = s.message
	}
}

// spanOutcome is what the status of the span says. Unset is no error.
func (s *span) spanOutcome() (model.State, model.Outcome) {
	switch {
	case s.ended == 0:
		return model.Running, model.NoOutcome
	case s.code == 2:
		return model.Terminal, model.Failure
	default:
		return model.Terminal, model.Success
	}
}

func (s *span) codeName() string { return [...]string{"", "OK", "ERROR"}[s.code] }

// results maps cicd.pipeline.result and cicd.pipeline.task.run.result.
func results(word string) (model.State, model.Outcome) {
	switch word {
	case "success":
		return model.Terminal, model.Success
	case "failure":
		return model.Terminal, model.Failure
	case "error":
		return model.Terminal, model.Error
	case "timeout":
		return model.Terminal, model.Timeout
	case "cancellation":
		return model.Terminal, model.Cancelled
	case "skip", "skipped": // the text of the conventions uses both
		return model.Terminal, model.Skipped
	default:
		return model.UnknownState, model.NoOutcome
	}
}

// states maps cicd.pipeline.run.state.
func states(word string) model.State {
	switch word {
	case "pending":
		return model.Queued
	case "executing":
		return model.Running
	case "finalizing":
		return model.Finalizing
	default:
		return model.UnknownState
	}
}

// aiStatus sets state, outcome and error of an AI step.
func (s *span) aiStatus(r *normalize.Record) {
	r.StatusNative = s.codeName()
	r.State, r.Outcome = s.spanOutcome()
	if r.ErrorType == "" && r.FinishReason != "content_filter" || s.ended == 0 {
		if !r.Outcome.Failed() {
			s.reason(r)
			return
		}
	}
	if s.ended != 0 && s.code == 1 { // an explicit OK is the last word; the error was dealt with
		s.reason(r)
		return
	}
	r.State, r.Outcome, r.FailureStage = model.Terminal, model.Failure, model.StageAI
	s.fault(r)
	if r.ErrorType == "" && r.ErrorMessage == "" {
		r.ErrorCode = r.FinishReason
	}
	r.ClassifyAI()
}

// fault sets the error of a span that failed: its status message, or else the
// exception that it recorded last.
func (s *span) fault(r *normalize.Record) {
	r.ErrorMessage = s.message
	for e := s.plain.Get("events").First(); e.Exists(); e = e.Next() {
		if e.Get("name").Text() != "exception" {
			continue
		}
		attributes := e.Get("attributes")
		if s.message == "" {
			r.ErrorMessage = attributes.Get("exception.message").Text()
		}
		if t := attributes.Get("exception.type").Text(); t != "" && s.plain.At("attributes", "error.type").Text() == "" {
			r.ErrorType = t
		}
	}
	if r.ErrorMessage == "" {
		r.ErrorCode = r.ErrorType
	}
}
