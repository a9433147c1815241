// Package model holds the canonical vocabulary of the ledger: states, outcomes,
// error classes, task types, and the roll-up that turns the states of children
// into the state of their parent.
//
// It is pure and imports nothing of ours, so that normalisers, queries and the
// CLI speak the same words. It is not the record itself (package normalize) and
// not its storage (package sql).
package model

// State says where an execution is in its life. The words extend
// OpenTelemetry's cicd.pipeline.run.state.
type State string

// The canonical states. Terminal is the only one that carries an Outcome.
const (
	Queued       State = "queued"
	Started      State = "started"
	Running      State = "running"
	Waiting      State = "waiting"
	Retrying     State = "retrying"
	Finalizing   State = "finalizing"
	Terminal     State = "terminal"
	UnknownState State = "unknown"
)

// Outcome is the result of a terminal execution. The words extend
// OpenTelemetry's cicd.pipeline.result: Error is a fault of the platform,
// Failure means that the work itself failed.
type Outcome string

// The canonical outcomes. NoOutcome belongs to everything that is not terminal.
const (
	NoOutcome      Outcome = ""
	Success        Outcome = "success"
	Partial        Outcome = "partial"
	Failure        Outcome = "failure"
	Error          Outcome = "error"
	Timeout        Outcome = "timeout"
	Cancelled      Outcome = "cancelled"
	Skipped        Outcome = "skipped"
	UnknownOutcome Outcome = "unknown"
)

// Failed reports whether o counts as failed in the lenient failure rate.
func (o Outcome) Failed() bool { return o == Failure || o == Error || o == Timeout }

// FailedStrict reports whether o counts as failed in the strict failure rate:
// after a partial success somebody still lacks, or still has, an access.
func (o Outcome) FailedStrict() bool { return o == Partial || o.Failed() }

// WaitReason says what a waiting execution waits for.
type WaitReason string

// The closed set of wait reasons.
const (
	WaitApproval   WaitReason = "approval"
	WaitManualTask WaitReason = "manual_task"
	WaitSync       WaitReason = "sync"
	WaitTimer      WaitReason = "timer"
	WaitCallback   WaitReason = "external_callback"
	WaitRateLimit  WaitReason = "rate_limit"
	WaitQuarantine WaitReason = "quarantine"
	WaitPaused     WaitReason = "paused"
	WaitUnknown    WaitReason = "unknown"
)

// TriggerKind says what started a run.
type TriggerKind string

// The closed set of trigger kinds.
const (
	TriggerManual   TriggerKind = "manual"
	TriggerRule     TriggerKind = "rule"
	TriggerSchedule TriggerKind = "schedule"
	TriggerEvent    TriggerKind = "event"
	TriggerPolicy   TriggerKind = "policy"
	TriggerSCIM     TriggerKind = "scim"
	TriggerAPI      TriggerKind = "api"
	TriggerAdminAPI TriggerKind = "admin_api"
	TriggerNested   TriggerKind = "nested"
	TriggerResubmit TriggerKind = "resubmit"
	TriggerUnknown  TriggerKind = "unknown"
)

// Direction says which way identity data flowed.
type Direction string

// The closed set of directions.
const (
	Inbound          Direction = "inbound"
	Outbound         Direction = "outbound"
	Internal         Direction = "internal"
	UnknownDirection Direction = "unknown"
)

// ActorType says what kind of principal acted.
type ActorType string

// The closed set of actor types.
const (
	ActorUser           ActorType = "user"
	ActorSystem         ActorType = "system"
	ActorApp            ActorType = "app"
	ActorAgent          ActorType = "agent"
	ActorVendorOperator ActorType = "vendor_operator"
)

// Effect says what an action changed in its target, apart from its outcome.
type Effect string

// The closed set of effects; an empty Effect means that nothing is known.
const (
	Changed      Effect = "changed"
	NoOp         Effect = "no_op"
	Unverified   Effect = "unverified"
	Confirmed    Effect = "confirmed"
	Contradicted Effect = "contradicted"
)

// FailureStage says which part of the path failed.
type FailureStage string

// The closed set of failure stages.
const (
	StageTrigger      FailureStage = "trigger"
	StagePlatform     FailureStage = "platform"
	StageAction       FailureStage = "action"
	StageDownstream   FailureStage = "downstream"
	StageNotification FailureStage = "notification"
	StageAI           FailureStage = "ai"
)

// CoverageEffect says what a change does to the evidence itself.
type CoverageEffect string

// The closed set of coverage effects.
const (
	CoverageNone     CoverageEffect = "none"
	CoverageReduces  CoverageEffect = "reduces"
	CoverageDestroys CoverageEffect = "destroys"
	CoverageRestores CoverageEffect = "restores"
)
