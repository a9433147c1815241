package query_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
)

// rec is one delivery of one record. Ids that are left out are made from the
// others, by the same rule as in production: the entity is tenant, source, kind,
// native id and attempt; the event is the entity and its content.
type rec struct {
	Kind                                 uint8 // 1 run, 2 subject, 3 action, 4 audit
	Tenant, Source, URI                  string
	RunID, NativeID                      string
	Attempt                              int64
	Event, Recorded, Received, Updated   time.Time
	Started, Ended                       time.Time
	State, Outcome, OutcomeDerived       string
	WorkflowID, Workflow, App, Trigger   string
	SubjectID, SubjectName, SubjectEmail string
	ActorID, ActorName, ActorEmail       string
	ActionName                           string
	Sequence                             int64
	Class, Category, Code, Message, FP   string
	Synthetic                            bool
	ChangeKind, Annotation, Cause        string
	StepLog, Changes                     string
	Offset                               int64
}

func id(parts ...any) uuid.UUID {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", parts)))
	return uuid.UUID(sum[:16])
}

func (r rec) runKey() uuid.UUID {
	if r.RunID == "" {
		return uuid.Nil
	}
	return id("run", r.Tenant, r.Source, r.URI, r.RunID)
}

func (r rec) entity() uuid.UUID {
	return id("entity", r.Tenant, r.Source, r.URI, r.Kind, r.NativeID, r.Attempt)
}

func (r rec) event() uuid.UUID {
	c := r
	c.Received, c.Offset = time.Time{}, 0
	return id("event", fmt.Sprintf("%+v", c))
}

// deliver inserts rows in one INSERT, as the collector does.
func deliver(t testing.TB, rows ...rec) {
	t.Helper()
	batch, err := conn.PrepareBatch(t.Context(), `INSERT INTO landing (kind, event_id, entity_id, run_key, tenant_id, source,
		source_uri, native_id, event_time, recorded_time, received_time, updated_time, started_time, ended_time, raw_hash,
		workflow_id, workflow_name, run_id, attempt, trigger_kind, state, outcome, outcome_derived, actor_id, actor_name,
		actor_email, subject_id, subject_name, subject_email, target_app, action_id, action_name, sequence, error_class,
		error_category, error_code, error_message, error_fingerprint, synthetic, change_kind, annotation, cause, step_log,
		changes, src_topic, src_offset, retention_class)`)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		r = r.complete()
		hash := sha256.Sum256([]byte(r.event().String()))
		err := batch.Append(r.Kind, r.event(), r.entity(), r.runKey(), r.Tenant, r.Source, r.URI, r.NativeID,
			orEpoch(r.Event), orEpoch(r.Recorded), orEpoch(r.Received), orEpoch(r.Updated), orEpoch(r.Started), orEpoch(r.Ended), string(hash[:]),
			r.WorkflowID, r.Workflow, r.RunID, r.Attempt, r.Trigger, r.State, r.Outcome, r.OutcomeDerived, r.ActorID, r.ActorName,
			r.ActorEmail, r.SubjectID, r.SubjectName, r.SubjectEmail, r.App, r.NativeID, r.ActionName, r.Sequence, r.Class,
			r.Category, r.Code, r.Message, r.FP, r.Synthetic, r.ChangeKind, r.Annotation, r.Cause, r.StepLog,
			r.Changes, "events", r.Offset, "operational")
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
}

func (r rec) complete() rec {
	if r.Source == "" {
		r.Source = "test.source"
	}
	if r.NativeID == "" {
		r.NativeID = r.RunID
	}
	if r.Recorded.IsZero() {
		r.Recorded = r.Event
	}
	if r.Received.IsZero() {
		r.Received = r.Event.Add(time.Second)
	}
	return r
}

func orEpoch(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0)
	}
	return t
}
