package query

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/query/wire"
)

// runRow is one row of run_rows.sql.
type runRow struct {
	Key            uuid.UUID `ch:"run_key"`
	RunID          string    `ch:"run_id"`
	Source         string    `ch:"source"`
	SourceURI      string    `ch:"source_uri"`
	Attempt        uint16    `ch:"attempt"`
	Last           time.Time `ch:"last_time"`
	WorkflowID     string    `ch:"workflow_id"`
	WorkflowName   string    `ch:"workflow_name"`
	Version        string    `ch:"workflow_version"`
	Trigger        string    `ch:"trigger_kind"`
	TriggerName    string    `ch:"trigger_name"`
	Started        time.Time `ch:"started_time"`
	Ended          time.Time `ch:"ended_time"`
	State          string    `ch:"state"`
	Outcome        string    `ch:"outcome"`
	OutcomeDerived string    `ch:"outcome_derived"`
	StatusNative   string    `ch:"status_native"`
	StatusReason   string    `ch:"status_reason"`
	WaitReason     string    `ch:"wait_reason"`
	Actor          []any     `ch:"actor"`
	TargetApp      string    `ch:"target_app"`
	errorColumns
	ParentRunID   string `ch:"parent_run_id"`
	CorrelationID string `ch:"correlation_id"`
	BusinessKey   string `ch:"business_key"`
	Synthetic     bool   `ch:"synthetic"`
	Subject       string `ch:"subject"`
	Revisions     uint64 `ch:"revisions"`
}

func (r *runRow) run() *wire.Run {
	run := &wire.Run{
		RunID: r.RunID, Source: r.Source, SourceURI: r.SourceURI, WorkflowID: r.WorkflowID,
		Workflow: firstOf(r.WorkflowName, r.WorkflowID), Version: r.Version, Attempt: r.Attempt, LastTime: r.Last.UTC(),
		Started: known(r.Started), Ended: known(r.Ended), State: r.State, Outcome: r.Outcome,
		StatusNative: r.StatusNative, StatusReason: r.StatusReason, WaitReason: r.WaitReason,
		Error: r.error(), Trigger: r.Trigger, TriggerName: r.TriggerName, TargetApp: r.TargetApp,
		Actor:       actor(field(r.Actor, 0), field(r.Actor, 1), field(r.Actor, 2), field(r.Actor, 3)),
		ParentRunID: r.ParentRunID, CorrelationID: r.CorrelationID, BusinessKey: r.BusinessKey,
		Synthetic: r.Synthetic, FirstSubject: r.Subject, Revisions: r.Revisions,
	}
	if r.Subject != "" {
		run.Subjects = 1
	}
	run.DurationMS = between(run.Started, run.Ended)
	settleStatus(run, r.OutcomeDerived)
	return run
}

// errorColumns are the columns of an error.
type errorColumns struct {
	ErrorClass       string `ch:"error_class"`
	ErrorCategory    string `ch:"error_category"`
	ErrorCode        string `ch:"error_code"`
	ErrorMessage     string `ch:"error_message"`
	ErrorType        string `ch:"error_type"`
	ErrorFingerprint string `ch:"error_fingerprint"`
	ErrorClassSource string `ch:"error_class_source"`
	FailureStage     string `ch:"failure_stage"`
}

func (e *errorColumns) error() *wire.Error {
	w := wire.Error{
		Class: e.ErrorClass, ClassSource: e.ErrorClassSource, Category: e.ErrorCategory, Code: e.ErrorCode,
		Message: e.ErrorMessage, Type: e.ErrorType, Fingerprint: e.ErrorFingerprint, Stage: e.FailureStage,
	}
	if w == (wire.Error{}) {
		return nil
	}
	return &w
}

// childRow is one row of run_children.sql.
type childRow struct {
	Key         uuid.UUID `ch:"run_key"`
	Total       uint64    `ch:"total"`
	Attempts    uint64    `ch:"attempts"`
	Success     uint64    `ch:"success"`
	Failed      uint64    `ch:"failed"`
	Cancelled   uint64    `ch:"cancelled"`
	Skipped     uint64    `ch:"skipped"`
	Live        uint64    `ch:"live"`
	Statuses    []string  `ch:"statuses"` // state/outcome, each once: all that the roll-up asks about
	FirstFailed []any     `ch:"first_failed"`
	FailedTime  time.Time `ch:"first_failed_time"`
}

func (c *childRow) addTo(r *wire.Run) {
	r.Actions = wire.Counts{
		Total: c.Total, Success: c.Success, Failed: c.Failed, Cancelled: c.Cancelled, Skipped: c.Skipped, Live: c.Live,
		Unknown: c.Total - c.Success - c.Failed - c.Cancelled - c.Skipped - c.Live, Attempts: c.Attempts,
	}
	if c.Failed > 0 {
		r.FirstFailed = &wire.FirstFailed{
			Name: field(c.FirstFailed, 0), App: field(c.FirstFailed, 1), Time: c.FailedTime.UTC(),
			Error: field(c.FirstFailed, 2), ErrorCode: field(c.FirstFailed, 3),
		}
	}
	children := make([]model.Child, 0, len(c.Statuses))
	for _, s := range c.Statuses {
		state, outcome, _ := strings.Cut(s, "/")
		children = append(children, model.Child{State: model.State(state), Outcome: model.Outcome(outcome)})
	}
	compare(r, model.Rollup(children))
}

// peopleRow is one row of run_people.sql.
type peopleRow struct {
	Key      uuid.UUID `ch:"run_key"`
	Subjects uint64    `ch:"subjects"`
	First    string    `ch:"first_subject"`
}

// archivedRow is one row of run_archived.sql.
type archivedRow struct {
	Key uuid.UUID `ch:"run_key"`
}

// field returns the text at i of a tuple.
func field(tuple []any, i int) string {
	if i >= len(tuple) {
		return ""
	}
	s, _ := tuple[i].(string)
	return s
}

func actor(kind, id, name, email string) *wire.Actor {
	w := wire.Actor{Type: kind, ID: id, Name: name, Email: email}
	if w == (wire.Actor{}) {
		return nil
	}
	return &w
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

func between(from, to *time.Time) *int64 {
	if from == nil || to == nil || to.Before(*from) {
		return nil
	}
	ms := to.Sub(*from).Milliseconds()
	return &ms
}
