package normalize

import "github.com/runledger/runledger/model"

// Kind says what a record is about. The numbers are stored; never reuse one.
type Kind uint8

// The kinds of record.
const (
	KindRun     Kind = 1 // one execution of a workflow
	KindSubject Kind = 2 // one person (or object) a run was for
	KindAction  Kind = 3 // one step of a run, one attempt of it
	KindAudit   Kind = 4 // a change, approval, command, annotation or read
	KindAIStep  Kind = 7 // one step of an AI agent; 5 and 6 are rows of storage that are no records
)

// String returns the name of the kind.
func (k Kind) String() string {
	switch k {
	case KindRun:
		return "run"
	case KindSubject:
		return "subject"
	case KindAction:
		return "action"
	case KindAudit:
		return "audit"
	case KindAIStep:
		return "ai_step"
	default:
		return "unknown"
	}
}

// Record is one record of the unified model. An empty field is unknown. The
// native words of the source stay beside what was made of them.
//
// The comment at a field names the standard it comes from where there is one.
type Record struct {
	Kind Kind

	// Envelope.
	EventID         ID // of this content; the same delivery twice has the same
	EntityID        ID // of the thing: tenant, source, kind, native id, attempt
	RunKey          ID // of the run it belongs to, made of its source and RunID; Map sets it for a run of another source
	TenantID        string
	Source          string // name of the format
	SourceURI       string // CloudEvents source: the instance that emitted it
	EventType       string // CloudEvents type; native event type
	NativeID        string // OCSF metadata.original_event_uid
	NativeType      string
	StatusNative    string
	EventTime       Micros // CloudEvents time: when it happened
	RecordedTime    Micros // CloudEvents recordedtime: when the source wrote it down
	ReceivedTime    Micros // when the broker got it
	EventTimeNative string // OCSF metadata.original_time
	TimeQuality     TimeQuality
	ParserVersion   int64
	Index           int64 // position among the records of one message
	RawHash         Hash  // SHA-256 of the element as received; of its masked form if something was
	RawSize         int64 // bytes
	ContentHash     Hash  // SHA-256 of the normalised record
	Unmapped        string
	Redacted        string // "policy=1 path:rule …": what was masked, why and by which policy
	Truncated       bool
	Synthetic       bool // stands for something the source did not write down
	CorrelationID   string
	CausationID     string
	TraceID         string // W3C trace context
	SpanID          string
	BusinessKey     string
	BusinessKeyType string

	// Workflow and run.
	WorkflowID        string
	WorkflowName      string // OTel cicd.pipeline.name, as it was at run time
	WorkflowVersion   string
	Lifecycle         string // joiner, mover, leaver
	RunID             string // OTel cicd.pipeline.run.id
	ParentRunID       string
	RootRunID         string
	OriginRunID       string // the run that this one repeats
	Attempt           int64  // 1 is the first; 0 unknown
	TriggerKind       model.TriggerKind
	TriggerName       string
	TriggerNative     string
	Direction         model.Direction
	TriggerModule     string
	TriggerModuleName string
	ScheduledTime     Micros
	CreatedTime       Micros
	StartedTime       Micros
	EndedTime         Micros
	UpdatedTime       Micros // last change at the source; orders revisions
	State             model.State
	Outcome           model.Outcome // what the source's status means
	OutcomeDerived    model.Outcome // what its children say, where the payload has them
	StatusReason      string
	WaitReason        model.WaitReason
	Failing           bool
	Counts            string // JSON: children by outcome, as the source or the payload says

	// Who, for whom, where.
	ActorType    model.ActorType // OCSF actor
	ActorID      string
	ActorName    string
	ActorEmail   string
	OnBehalfOf   string
	SubjectID    string
	SubjectName  string
	SubjectEmail string
	TargetApp    string
	TargetAppID  string
	ObjectType   string
	ObjectID     string
	ObjectName   string

	// Action.
	ActionID       string // OTel cicd.pipeline.task.run.id
	ActionName     string // OTel cicd.pipeline.task.name
	Sequence       int64
	TaskType       model.TaskType
	Operation      model.Operation
	Effect         model.Effect
	RetryState     string
	IdempotencyKey string
	ProviderRef    string
	ResponseCode   string
	ErrorClass     model.ErrorClass
	ErrorCategory  model.ErrorCategory
	ErrorCode      string
	ErrorMessage   string
	ErrorType      string // OTel error.type
	Fingerprint    string // groups errors of one cause; see Fingerprint
	ClassSource    model.ClassSource
	FailureStage   model.FailureStage
	Resolution     string // auto, manual, compensated, superseded
	ManualTaskID   string
	StepLog        string // JSON: [{"time","level","name","text","status"}]
	Changes        string // JSON: [{"path","from","to"}]
	Payload        string // JSON: {"parameters","request","response"}; stored apart

	// Audit.
	ChangeKind     string // definition, permission, logging, …, annotation, approval, command
	Annotation     string // acknowledge, diagnosis, note, …
	Cause          string // of a diagnosis
	Reason         string
	CoverageEffect model.CoverageEffect

	// AI step. The agent is the actor; what it was asked and what it answered
	// is in Payload, so that the hashes here outlive it.
	AIOperation    string // OTel gen_ai.operation.name
	AIProvider     string // OTel gen_ai.provider.name
	RequestModel   string // OTel gen_ai.request.model
	ResponseModel  string // OTel gen_ai.response.model
	AgentVersion   string // OTel gen_ai.agent.version
	CharterHash    string // of the instructions the agent works under
	ConversationID string // OTel gen_ai.conversation.id
	PromptHash     string // as the source says, or "sha256:" and that of the prompt as stored
	OutputHash     string // likewise
	InputTokens    int64  // OTel gen_ai.usage.input_tokens
	OutputTokens   int64  // OTel gen_ai.usage.output_tokens
	FinishReason   string // OTel gen_ai.response.finish_reasons, separated by blanks
	ToolCalls      string // JSON: [{"id","name","result_hash"}]
	ActionTaken    string // what was done because of the answer
	Reviewer       string // the person who looked at it
	ReviewDecision string // approved, rejected, edited, not_required
	ReviewTime     Micros
}
