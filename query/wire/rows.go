package wire

import "time"

// Actor is who did something.
type Actor struct {
	Type  string `json:"type,omitempty"`
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// Error is what went wrong.
type Error struct {
	Class       string `json:"class,omitempty"`
	ClassSource string `json:"class_source,omitempty"`
	Category    string `json:"category,omitempty"`
	Code        string `json:"code,omitempty"`
	Message     string `json:"message,omitempty"`
	Type        string `json:"type,omitempty"`
	Fingerprint string `json:"fingerprint,omitempty"`
	Stage       string `json:"stage,omitempty"`
}

// Derived is what the children say, by the canonical roll-up.
type Derived struct {
	State   string `json:"state"`
	Outcome string `json:"outcome,omitempty"`
	Failing bool   `json:"failing,omitempty"`
}

// Counts counts actions, each by its last attempt.
type Counts struct {
	Total     uint64 `json:"total"`
	Success   uint64 `json:"success"`
	Failed    uint64 `json:"failed" doc:"failure, error, timeout or partial"`
	Cancelled uint64 `json:"cancelled"`
	Skipped   uint64 `json:"skipped"`
	Live      uint64 `json:"live" doc:"not terminal"`
	Unknown   uint64 `json:"unknown"`
	Attempts  uint64 `json:"attempts"`
}

// FirstFailed is the action that failed first.
type FirstFailed struct {
	Name      string    `json:"name"`
	App       string    `json:"app,omitempty"`
	Time      time.Time `json:"time"`
	Error     string    `json:"error,omitempty"`
	ErrorCode string    `json:"error_code,omitempty"`
}

// Run is one run as a list shows it.
type Run struct {
	RunID         string       `json:"run_id"`
	Source        string       `json:"source"`
	SourceURI     string       `json:"source_uri,omitempty"`
	WorkflowID    string       `json:"workflow_id,omitempty"`
	Workflow      string       `json:"workflow,omitempty"`
	Version       string       `json:"workflow_version,omitempty"`
	Attempt       uint16       `json:"attempt"`
	LastTime      time.Time    `json:"last_time" doc:"Time of the last event of the run; lists are ordered by it."`
	Started       *time.Time   `json:"started,omitempty"`
	Ended         *time.Time   `json:"ended,omitempty"`
	DurationMS    *int64       `json:"duration_ms,omitempty"`
	State         string       `json:"state"`
	Outcome       string       `json:"outcome,omitempty"`
	StatusFrom    string       `json:"status_from" enum:"source,payload,actions,none" doc:"Who says so: the source, the children inside its payload, or the roll-up of the recorded actions."`
	StatusNative  string       `json:"status_native,omitempty"`
	StatusReason  string       `json:"status_reason,omitempty"`
	WaitReason    string       `json:"wait_reason,omitempty"`
	Derived       *Derived     `json:"derived,omitempty" doc:"The roll-up of the recorded actions."`
	Contradiction bool         `json:"contradiction,omitempty" doc:"The source's status and the roll-up disagree."`
	FirstFailed   *FirstFailed `json:"first_failed_action,omitempty"`
	Error         *Error       `json:"error,omitempty"`
	Actions       Counts       `json:"actions"`
	Trigger       string       `json:"trigger,omitempty"`
	TriggerName   string       `json:"trigger_name,omitempty"`
	Actor         *Actor       `json:"actor,omitempty"`
	Subjects      uint64       `json:"subjects"`
	FirstSubject  string       `json:"first_subject,omitempty"`
	TargetApp     string       `json:"target_app,omitempty"`
	Archived      bool         `json:"archived,omitempty"`
	ParentRunID   string       `json:"parent_run_id,omitempty"`
	CorrelationID string       `json:"correlation_id,omitempty"`
	BusinessKey   string       `json:"business_key,omitempty"`
	Synthetic     bool         `json:"synthetic,omitempty"`
	Revisions     uint64       `json:"revisions" doc:"Different versions of the run that arrived."`
}

// RunDetail is one run with all that is known below it.
type RunDetail struct {
	Run
	SubjectTree []Subject    `json:"subject_tree" doc:"Subjects, their applications, actions and attempts. Actions for nobody in particular are under a subject without a name."`
	Annotations []Annotation `json:"annotations"`
	Evidence    []Evidence   `json:"evidence" doc:"Every version of every record, with the hash of its raw bytes."`
}

// Subject is a person or object that a run was for.
type Subject struct {
	ID      string   `json:"id,omitempty"`
	Name    string   `json:"name,omitempty"`
	Email   string   `json:"email,omitempty"`
	Native  *Derived `json:"native,omitempty" doc:"What the source says."`
	Derived Derived  `json:"derived"`
	Apps    []App    `json:"apps"`
}

// App is an application in which a subject was to be changed.
type App struct {
	Name    string   `json:"name,omitempty"`
	ID      string   `json:"id,omitempty"`
	Derived Derived  `json:"derived"`
	Actions []Action `json:"actions"`
}

// Action is one step of a run; its status is that of its last attempt.
type Action struct {
	ActionID   string    `json:"action_id,omitempty"`
	Name       string    `json:"name"`
	Sequence   uint32    `json:"sequence,omitempty"`
	TaskType   string    `json:"task_type,omitempty"`
	Operation  string    `json:"operation,omitempty"`
	ObjectType string    `json:"object_type,omitempty"`
	ObjectID   string    `json:"object_id,omitempty"`
	ObjectName string    `json:"object_name,omitempty"`
	State      string    `json:"state"`
	Outcome    string    `json:"outcome,omitempty"`
	Attempts   []Attempt `json:"attempts"`
}

// Attempt is one try of an action.
type Attempt struct {
	EventID       string     `json:"event_id"`
	Attempt       uint16     `json:"attempt"`
	Time          time.Time  `json:"time"`
	Started       *time.Time `json:"started,omitempty"`
	Ended         *time.Time `json:"ended,omitempty"`
	DurationMS    *int64     `json:"duration_ms,omitempty"`
	State         string     `json:"state"`
	Outcome       string     `json:"outcome,omitempty"`
	StatusNative  string     `json:"status_native,omitempty"`
	StatusReason  string     `json:"status_reason,omitempty"`
	WaitReason    string     `json:"wait_reason,omitempty"`
	Effect        string     `json:"effect,omitempty"`
	RetryState    string     `json:"retry_state,omitempty"`
	ResponseCode  string     `json:"response_code,omitempty"`
	Resolution    string     `json:"resolution,omitempty"`
	ManualTaskID  string     `json:"manual_task_id,omitempty"`
	ProviderRef   string     `json:"provider_ref,omitempty"`
	Error         *Error     `json:"error,omitempty"`
	StepLog       []Step     `json:"step_log,omitempty"`
	Changes       []Change   `json:"changes,omitempty"`
	Actor         *Actor     `json:"actor,omitempty"`
	Synthetic     bool       `json:"synthetic,omitempty" doc:"Stands for something the source did not write down."`
	CorrelationID string     `json:"correlation_id,omitempty"`
}

// Step is one line of a step log, as the source wrote it.
type Step struct {
	Time   string `json:"time,omitempty"`
	Level  string `json:"level,omitempty"`
	Name   string `json:"name,omitempty"`
	Text   string `json:"text,omitempty"`
	Status string `json:"status,omitempty"`
}

// Change is one attribute that was changed.
type Change struct {
	Path string `json:"path"`
	From any    `json:"from,omitempty"`
	To   any    `json:"to,omitempty"`
}

// Annotation is what somebody said about a run.
type Annotation struct {
	EventID    string    `json:"event_id"`
	Time       time.Time `json:"time"`
	Annotation string    `json:"annotation"`
	Cause      string    `json:"cause,omitempty"`
	Reason     string    `json:"reason,omitempty"`
	Actor      *Actor    `json:"actor,omitempty"`
}

// Evidence is one version of one record, however often it was delivered.
type Evidence struct {
	Record     string    `json:"record" enum:"run,subject,action,audit,ai_step"`
	EventID    string    `json:"event_id"`
	EntityID   string    `json:"entity_id" doc:"Versions of the same thing share it."`
	RawHash    string    `json:"raw_hash" doc:"SHA-256 of the bytes as received, in hexadecimal."`
	EventTime  time.Time `json:"event_time"`
	Received   time.Time `json:"received_time" doc:"The first delivery."`
	Deliveries uint64    `json:"deliveries"`
	Topic      string    `json:"topic"`
	Partition  int32     `json:"partition"`
	Offset     int64     `json:"offset"`
}

// ActionRow is one action as a list shows it: its last attempt.
type ActionRow struct {
	RunID    string    `json:"run_id,omitempty"`
	Source   string    `json:"source"`
	Workflow string    `json:"workflow,omitempty"`
	ActionID string    `json:"action_id,omitempty"`
	Name     string    `json:"name"`
	TaskType string    `json:"task_type,omitempty"`
	LastTime time.Time `json:"last_time" doc:"Time of the last event of the action; lists are ordered by it."`
	App      string    `json:"target_app,omitempty"`
	Subject  string    `json:"subject,omitempty"`
	Object   string    `json:"object,omitempty"`
	Attempts uint64    `json:"attempts" doc:"Attempts that are recorded."`
	Last     Attempt   `json:"last"`
}

// Rate counts outcomes and says how many failed.
type Rate struct {
	Success     uint64 `json:"success"`
	Partial     uint64 `json:"partial"`
	Failure     uint64 `json:"failure"`
	Error       uint64 `json:"error"`
	Timeout     uint64 `json:"timeout"`
	Cancelled   uint64 `json:"cancelled"`
	Skipped     uint64 `json:"skipped" doc:"Benign: there was nothing to do."`
	UnmetSkip   uint64 `json:"unmet_skip" doc:"Skipped although it was needed (permanent error)."`
	Unknown     uint64 `json:"unknown"`
	Denominator uint64 `json:"denominator" doc:"All terminal, less cancelled, less benign skips."`

	Strict  *Interval `json:"strict,omitempty" doc:"Absent below a denominator of 20."`
	Lenient *Interval `json:"lenient,omitempty" doc:"Absent below a denominator of 20."`
}

// Interval is a rate with its Wilson 95 % interval, all from 0 to 1.
type Interval struct {
	Rate float64 `json:"rate"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Failure is one series of the failure trend.
type Failure struct {
	Name    string   `json:"name"`
	Total   Rate     `json:"total"`
	Buckets []Bucket `json:"buckets"`
}

// Bucket is one step of a series.
type Bucket struct {
	Time time.Time `json:"time" doc:"Start of the bucket."`
	Rate
}

// MTTD sums up detection and diagnosis.
type MTTD struct {
	Incidents  uint64    `json:"incidents"`
	Detected   uint64    `json:"detected"`
	Undetected uint64    `json:"undetected" doc:"Nobody noticed, and not healed by a retry."`
	SelfHealed uint64    `json:"self_healed" doc:"Nobody noticed before a later attempt succeeded."`
	Diagnosed  uint64    `json:"diagnosed"`
	Measured   bool      `json:"measured" doc:"False where nobody looked: then there is no MTTD, which is not zero."`
	Detect     *Duration `json:"detect,omitempty" doc:"Failure to detection."`
	Diagnose   *Duration `json:"diagnose,omitempty" doc:"Detection to diagnosis."`
	Total      *Duration `json:"failure_to_diagnosis,omitempty" doc:"Failure to diagnosis."`
	Grade      Grade     `json:"grade" doc:"How the diagnoses are known."`
}

// Grade counts diagnoses by how they are known.
type Grade struct {
	Measured uint64 `json:"measured" doc:"Somebody wrote the cause down."`
	Inferred uint64 `json:"inferred" doc:"Concluded from what somebody looked at and did."`
	None     uint64 `json:"none"`
}

// Duration sums up durations in seconds.
type Duration struct {
	N      uint64  `json:"n"`
	Mean   float64 `json:"mean_seconds"`
	Median float64 `json:"median_seconds"`
	P90    float64 `json:"p90_seconds"`
}

// Incident is a burst of failures of one cause.
type Incident struct {
	IncidentID    string     `json:"incident_id"`
	Source        string     `json:"source"`
	WorkflowID    string     `json:"workflow_id,omitempty"`
	Workflow      string     `json:"workflow,omitempty"`
	TargetApp     string     `json:"target_app,omitempty"`
	Fingerprint   string     `json:"error_fingerprint,omitempty"`
	ErrorCategory string     `json:"error_category,omitempty"`
	ErrorMessage  string     `json:"error_message,omitempty"`
	Failed        time.Time  `json:"failed" doc:"The first failure."`
	LastFailed    time.Time  `json:"last_failed"`
	Failures      uint64     `json:"failures"`
	Runs          uint64     `json:"runs"`
	RunIDs        []string   `json:"run_ids" doc:"At most ten."`
	FirstEventID  string     `json:"first_event_id"`
	Detected      *time.Time `json:"detected,omitempty"`
	DetectedBy    string     `json:"detected_by,omitempty" doc:"Annotation that shows it."`
	DetectedEvent string     `json:"detected_event_id,omitempty"`
	Diagnosed     *time.Time `json:"diagnosed,omitempty"`
	Cause         string     `json:"cause,omitempty"`
	DiagnosisID   string     `json:"diagnosed_event_id,omitempty"`
	Grade         string     `json:"grade" enum:"measured,inferred,none"`
	Healed        bool       `json:"healed" doc:"A later attempt of every action succeeded."`
	DetectSecs    *float64   `json:"detect_seconds,omitempty"`
	DiagnoseSecs  *float64   `json:"diagnose_seconds,omitempty"`
}

// Freshness says how far one source has come.
type Freshness struct {
	Source       string    `json:"source"`
	LastEvent    time.Time `json:"last_event"`
	LastReceived time.Time `json:"last_received"`
	LagSeconds   float64   `json:"lag_seconds" doc:"Now less the time of the last receipt."`
}

// Source says what one source has sent.
type Source struct {
	Source    string `json:"source"`
	Instances uint64 `json:"instances" doc:"Different source URIs."`
	Runs      uint64 `json:"run_records"`
	Subjects  uint64 `json:"subject_records"`
	Actions   uint64 `json:"action_records"`
	Audits    uint64 `json:"audit_records"`
	AISteps   uint64 `json:"ai_step_records"`
	Rejected  uint64 `json:"rejected" doc:"Dead letters."`
}
