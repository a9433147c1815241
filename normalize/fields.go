package normalize

import "unsafe"

// FieldType says how a Field is stored.
type FieldType uint8

// The types of field.
const (
	Text   FieldType = iota // UTF-8 string
	Int                     // 64-bit integer
	Flag                    // boolean
	Time                    // Micros
	UUID                    // ID
	Digest                  // Hash
)

// Field is one column of a Record: the one list that hashing, JSON output and
// the ClickHouse insert all walk, so that they cannot disagree.
type Field struct {
	Name string
	Type FieldType
	// Provenance fields say how a record came to us; they are not part of its
	// content and not covered by ContentHash.
	Provenance bool

	mask   scan    // what is looked for in it before it is stored
	offset uintptr // in Record; an accessor function would cost the hot path a call for each field
}

// Text returns the value of a Text field.
func (f *Field) Text(r *Record) string { return *at[string](f, r) }

// Int returns the value of an Int or Time field (Time in microseconds).
func (f *Field) Int(r *Record) int64 { return *at[int64](f, r) }

// Flag returns the value of a Flag field.
func (f *Field) Flag(r *Record) bool { return *at[bool](f, r) }

// ID returns the value of a UUID field.
func (f *Field) ID(r *Record) ID { return *at[ID](f, r) }

// Hash returns the value of a Digest field.
func (f *Field) Hash(r *Record) *Hash { return at[Hash](f, r) }

func at[T any](f *Field, r *Record) *T { return (*T)(unsafe.Add(unsafe.Pointer(r), f.offset)) }

// offset returns where the member that get points to lies in a Record.
func offset[T any](get func(*Record) *T) uintptr {
	var r Record
	return uintptr(unsafe.Pointer(get(&r))) - uintptr(unsafe.Pointer(&r))
}

// Fields returns the fields of a Record in the order of the columns. The slice
// is shared: do not change it. A new field goes to the end: ContentHash covers
// the places of the fields, not their names.
func Fields() []Field { return fields }

var fields = []Field{
	{Name: "event_id", Type: UUID, Provenance: true, offset: offset(func(r *Record) *ID { return &r.EventID })},
	{Name: "entity_id", Type: UUID, Provenance: true, offset: offset(func(r *Record) *ID { return &r.EntityID })},
	{Name: "run_key", Type: UUID, Provenance: true, offset: offset(func(r *Record) *ID { return &r.RunKey })},
	text("tenant_id", func(r *Record) *string { return &r.TenantID }),
	text("source", func(r *Record) *string { return &r.Source }),
	ident("source_uri", func(r *Record) *string { return &r.SourceURI }),
	label("event_type", func(r *Record) *string { return &r.EventType }),
	ident("native_id", func(r *Record) *string { return &r.NativeID }),
	label("native_type", func(r *Record) *string { return &r.NativeType }),
	label("status_native", func(r *Record) *string { return &r.StatusNative }),
	micros("event_time", func(r *Record) *int64 { return (*int64)(&r.EventTime) }),
	micros("recorded_time", func(r *Record) *int64 { return (*int64)(&r.RecordedTime) }),
	{Name: "received_time", Type: Time, Provenance: true, offset: offset(func(r *Record) *int64 { return (*int64)(&r.ReceivedTime) })},
	label("event_time_native", func(r *Record) *string { return &r.EventTimeNative }),
	text("time_quality", func(r *Record) *string { return (*string)(&r.TimeQuality) }),
	{Name: "parser_version", Type: Int, Provenance: true, offset: offset(func(r *Record) *int64 { return &r.ParserVersion })},
	{Name: "src_index", Type: Int, Provenance: true, offset: offset(func(r *Record) *int64 { return &r.Index })},
	{Name: "raw_hash", Type: Digest, Provenance: true, offset: offset(func(r *Record) *Hash { return &r.RawHash })},
	{Name: "raw_size", Type: Int, Provenance: true, offset: offset(func(r *Record) *int64 { return &r.RawSize })},
	{Name: "content_hash", Type: Digest, Provenance: true, offset: offset(func(r *Record) *Hash { return &r.ContentHash })},
	jsonText("unmapped", func(r *Record) *string { return &r.Unmapped }),
	text("redacted", func(r *Record) *string { return &r.Redacted }),
	flag("is_truncated", func(r *Record) *bool { return &r.Truncated }),
	flag("synthetic", func(r *Record) *bool { return &r.Synthetic }),
	ident("correlation_id", func(r *Record) *string { return &r.CorrelationID }),
	ident("causation_id", func(r *Record) *string { return &r.CausationID }),
	text("trace_id", func(r *Record) *string { return &r.TraceID }),
	text("span_id", func(r *Record) *string { return &r.SpanID }),
	ident("business_key", func(r *Record) *string { return &r.BusinessKey }),
	label("business_key_type", func(r *Record) *string { return &r.BusinessKeyType }),

	ident("workflow_id", func(r *Record) *string { return &r.WorkflowID }),
	label("workflow_name", func(r *Record) *string { return &r.WorkflowName }),
	label("workflow_version", func(r *Record) *string { return &r.WorkflowVersion }),
	label("lifecycle", func(r *Record) *string { return &r.Lifecycle }),
	ident("run_id", func(r *Record) *string { return &r.RunID }),
	ident("parent_run_id", func(r *Record) *string { return &r.ParentRunID }),
	ident("root_run_id", func(r *Record) *string { return &r.RootRunID }),
	ident("origin_run_id", func(r *Record) *string { return &r.OriginRunID }),
	num("attempt", func(r *Record) *int64 { return &r.Attempt }),
	text("trigger_kind", func(r *Record) *string { return (*string)(&r.TriggerKind) }),
	label("trigger_name", func(r *Record) *string { return &r.TriggerName }),
	label("trigger_native", func(r *Record) *string { return &r.TriggerNative }),
	text("direction", func(r *Record) *string { return (*string)(&r.Direction) }),
	label("trigger_module", func(r *Record) *string { return &r.TriggerModule }),
	label("trigger_module_name", func(r *Record) *string { return &r.TriggerModuleName }),
	micros("scheduled_time", func(r *Record) *int64 { return (*int64)(&r.ScheduledTime) }),
	micros("created_time", func(r *Record) *int64 { return (*int64)(&r.CreatedTime) }),
	micros("started_time", func(r *Record) *int64 { return (*int64)(&r.StartedTime) }),
	micros("ended_time", func(r *Record) *int64 { return (*int64)(&r.EndedTime) }),
	micros("updated_time", func(r *Record) *int64 { return (*int64)(&r.UpdatedTime) }),
	text("state", func(r *Record) *string { return (*string)(&r.State) }),
	text("outcome", func(r *Record) *string { return (*string)(&r.Outcome) }),
	text("outcome_derived", func(r *Record) *string { return (*string)(&r.OutcomeDerived) }),
	prose("status_reason", func(r *Record) *string { return &r.StatusReason }),
	text("wait_reason", func(r *Record) *string { return (*string)(&r.WaitReason) }),
	flag("failing", func(r *Record) *bool { return &r.Failing }),
	jsonText("counts", func(r *Record) *string { return &r.Counts }),

	text("actor_type", func(r *Record) *string { return (*string)(&r.ActorType) }),
	label("actor_id", func(r *Record) *string { return &r.ActorID }),
	label("actor_name", func(r *Record) *string { return &r.ActorName }),
	label("actor_email", func(r *Record) *string { return &r.ActorEmail }),
	label("on_behalf_of", func(r *Record) *string { return &r.OnBehalfOf }),
	label("subject_id", func(r *Record) *string { return &r.SubjectID }),
	label("subject_name", func(r *Record) *string { return &r.SubjectName }),
	label("subject_email", func(r *Record) *string { return &r.SubjectEmail }),
	label("target_app", func(r *Record) *string { return &r.TargetApp }),
	label("target_app_id", func(r *Record) *string { return &r.TargetAppID }),
	label("object_type", func(r *Record) *string { return &r.ObjectType }),
	label("object_id", func(r *Record) *string { return &r.ObjectID }),
	label("object_name", func(r *Record) *string { return &r.ObjectName }),

	ident("action_id", func(r *Record) *string { return &r.ActionID }),
	prose("action_name", func(r *Record) *string { return &r.ActionName }),
	num("sequence", func(r *Record) *int64 { return &r.Sequence }),
	text("task_type", func(r *Record) *string { return (*string)(&r.TaskType) }),
	text("operation", func(r *Record) *string { return (*string)(&r.Operation) }),
	text("effect", func(r *Record) *string { return (*string)(&r.Effect) }),
	label("retry_state", func(r *Record) *string { return &r.RetryState }),
	ident("idempotency_key", func(r *Record) *string { return &r.IdempotencyKey }),
	label("provider_ref", func(r *Record) *string { return &r.ProviderRef }),
	label("response_code", func(r *Record) *string { return &r.ResponseCode }),
	text("error_class", func(r *Record) *string { return (*string)(&r.ErrorClass) }),
	text("error_category", func(r *Record) *string { return (*string)(&r.ErrorCategory) }),
	label("error_code", func(r *Record) *string { return &r.ErrorCode }),
	prose("error_message", func(r *Record) *string { return &r.ErrorMessage }),
	label("error_type", func(r *Record) *string { return &r.ErrorType }),
	text("error_fingerprint", func(r *Record) *string { return &r.Fingerprint }),
	text("error_class_source", func(r *Record) *string { return (*string)(&r.ClassSource) }),
	text("failure_stage", func(r *Record) *string { return (*string)(&r.FailureStage) }),
	label("resolution", func(r *Record) *string { return &r.Resolution }),
	label("manual_task_id", func(r *Record) *string { return &r.ManualTaskID }),
	jsonText("step_log", func(r *Record) *string { return &r.StepLog }),
	jsonText("changes", func(r *Record) *string { return &r.Changes }),
	jsonText("payload", func(r *Record) *string { return &r.Payload }),

	label("change_kind", func(r *Record) *string { return &r.ChangeKind }),
	label("annotation", func(r *Record) *string { return &r.Annotation }),
	prose("cause", func(r *Record) *string { return &r.Cause }),
	prose("reason", func(r *Record) *string { return &r.Reason }),
	text("coverage_effect", func(r *Record) *string { return (*string)(&r.CoverageEffect) }),

	label("ai_operation", func(r *Record) *string { return &r.AIOperation }),
	label("ai_provider", func(r *Record) *string { return &r.AIProvider }),
	label("request_model", func(r *Record) *string { return &r.RequestModel }),
	label("response_model", func(r *Record) *string { return &r.ResponseModel }),
	label("agent_version", func(r *Record) *string { return &r.AgentVersion }),
	label("agent_charter_hash", func(r *Record) *string { return &r.CharterHash }),
	label("conversation_id", func(r *Record) *string { return &r.ConversationID }),
	label("prompt_hash", func(r *Record) *string { return &r.PromptHash }),
	label("output_hash", func(r *Record) *string { return &r.OutputHash }),
	num("input_tokens", func(r *Record) *int64 { return &r.InputTokens }),
	num("output_tokens", func(r *Record) *int64 { return &r.OutputTokens }),
	label("finish_reason", func(r *Record) *string { return &r.FinishReason }),
	jsonText("tool_calls", func(r *Record) *string { return &r.ToolCalls }),
	prose("action_taken", func(r *Record) *string { return &r.ActionTaken }),
	label("reviewer", func(r *Record) *string { return &r.Reviewer }),
	label("review_decision", func(r *Record) *string { return &r.ReviewDecision }),
	micros("review_time", func(r *Record) *int64 { return (*int64)(&r.ReviewTime) }),
}

// maskedFields are those that hold what a source wrote, and so maybe secrets.
var maskedFields = func() (list []Field) {
	for _, f := range fields {
		if f.mask != scanNone {
			list = append(list, f)
		}
	}
	return list
}()

// text is a word of ours, or what is made of other fields.
func text(name string, get func(*Record) *string) Field {
	return Field{Name: name, Type: Text, offset: offset(get)}
}

// ident is part of what says which record is which.
func ident(name string, get func(*Record) *string) Field { return maskedField(name, scanIdent, get) }

// label is a name, a code or an address.
func label(name string, get func(*Record) *string) Field { return maskedField(name, scanLabel, get) }

// prose may say anything.
func prose(name string, get func(*Record) *string) Field { return maskedField(name, scanProse, get) }

func jsonText(name string, get func(*Record) *string) Field { return maskedField(name, scanJSON, get) }

func maskedField(name string, how scan, get func(*Record) *string) Field {
	return Field{Name: name, Type: Text, mask: how, offset: offset(get)}
}

func micros(name string, get func(*Record) *int64) Field {
	return Field{Name: name, Type: Time, offset: offset(get)}
}

func num(name string, get func(*Record) *int64) Field {
	return Field{Name: name, Type: Int, offset: offset(get)}
}

func flag(name string, get func(*Record) *bool) Field {
	return Field{Name: name, Type: Flag, offset: offset(get)}
}
