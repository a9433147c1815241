// Package wire holds the questions and answers as they travel: the JSON and
// query parameters that the server (package query) and the client (package
// query/client) share. It knows nothing of HTTP servers or databases.
//
// The tags query, path, doc, enum and the like are read by the server to make
// the OpenAPI document, and by the client to make requests.
package wire

import "time"

// Scope says whose records of which time are asked about.
type Scope struct {
	Tenant string `query:"tenant" maxLength:"64" doc:"Tenant. Required where the API has no tokens; otherwise the tenant of the token." example:"acme"`
	From   string `query:"from" default:"-30d" maxLength:"40" doc:"Start of the time range, inclusive: RFC 3339, or relative to now such as -30d, -24h, -15m." example:"-30d"`
	To     string `query:"to" default:"now" maxLength:"40" doc:"End of the time range, exclusive: RFC 3339, relative, or now." example:"now"`
}

// Page says which part of a list is wanted.
type Page struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"1000" doc:"Rows on a page."`
	Cursor string `query:"cursor" maxLength:"512" doc:"next_cursor of the page before. All other parameters must stay the same."`
}

// Filter narrows a question; every empty member matches all.
type Filter struct {
	Source        string `query:"source" maxLength:"200" doc:"Format that the records came by." example:"okta.system_log"`
	Workflow      string `query:"workflow" maxLength:"1000" doc:"Id or name of the workflow."`
	TargetApp     string `query:"target_app" maxLength:"1000" doc:"Name or id of the application that was to change."`
	ErrorCategory string `query:"error_category" enum:"network,timeout,rate_limit,api_transient,auth,permission,integration_disconnected,data,conflict,not_found,size,concurrency,safety_threshold,policy,customer_side,platform,retries_exhausted,unknown" doc:"Kind of trouble."`
	ErrorClass    string `query:"error_class" enum:"temporary,permanent,unknown" doc:"Whether repeating can help."`
	Fingerprint   string `query:"error_fingerprint" maxLength:"200" doc:"Errors of one cause share a fingerprint."`
}

// Status narrows a list by canonical words.
type Status struct {
	State   []string `query:"state" enum:"queued,started,running,waiting,retrying,finalizing,terminal,unknown" maxItems:"8" doc:"Canonical states, separated by commas."`
	Outcome []string `query:"outcome" enum:"success,partial,failure,error,timeout,cancelled,skipped,unknown" maxItems:"8" doc:"Canonical outcomes of what is terminal, separated by commas."`
}

// RunsRequest asks for a list of runs.
type RunsRequest struct {
	Scope
	Filter
	Status
	RunID    string `query:"run_id" maxLength:"1000" doc:"Run as its source calls it."`
	Person   string `query:"person" maxLength:"1000" doc:"Id, name or e-mail address of a subject or actor."`
	Trigger  string `query:"trigger" enum:"manual,rule,schedule,event,policy,scim,api,admin_api,nested,resubmit,unknown" doc:"What started the run."`
	Archived string `query:"archived" enum:"yes,no" doc:"Only runs that somebody put into the archive at the source, or only others."`
	Page
}

// RunRequest asks for one run.
type RunRequest struct {
	RunID  string `path:"run_id" maxLength:"1000" doc:"Run as its source calls it."`
	Tenant string `query:"tenant" maxLength:"64" doc:"Tenant. Required where the API has no tokens; otherwise the tenant of the token."`
	Source string `query:"source" maxLength:"200" doc:"Format that the run came by, where several sources have a run of this id."`
	URI    string `query:"source_uri" maxLength:"1000" doc:"Instance of the source, where several have a run of this id."`
}

// ActionsRequest asks for a list of actions, each at its last attempt.
type ActionsRequest struct {
	Scope
	Filter
	Status
	RunID    string `query:"run_id" maxLength:"1000" doc:"Run as its source calls it."`
	Person   string `query:"person" maxLength:"1000" doc:"Id, name or e-mail address of the subject or actor."`
	Action   string `query:"action" maxLength:"1000" doc:"Name of the action."`
	TaskType string `query:"task_type" maxLength:"100" doc:"What the action does." example:"user.deactivate"`
	Page
}

// FailuresRequest asks for the failure trend.
type FailuresRequest struct {
	Scope
	Filter
	Of   string `query:"of" enum:"runs,actions" default:"runs" doc:"What is counted."`
	Step string `query:"step" maxLength:"20" doc:"Width of a bucket, such as 15m, 1h, 1d, 1w. Empty: chosen to give at most 48 buckets."`
	By   string `query:"by" enum:"source,workflow,target_app,error_category" doc:"One series for each value. Empty: one series."`
}

// MTTDRequest asks how long failures went unnoticed and unexplained.
type MTTDRequest struct {
	Scope
	Filter
}

// IncidentsRequest asks for the incidents that MTTD is made of.
type IncidentsRequest struct {
	Scope
	Filter
	Page
}

// FreshnessRequest asks how far each source has come.
type FreshnessRequest struct {
	Tenant string `query:"tenant" maxLength:"64" doc:"Tenant. Required where the API has no tokens; otherwise the tenant of the token."`
}

// SourcesRequest asks what each source has sent.
type SourcesRequest struct{ Scope }

// Meta is what every answer says about itself.
type Meta struct {
	Kind       string        `json:"kind" doc:"The question."`
	Scope      ResolvedScope `json:"scope"`
	DataAsOf   *time.Time    `json:"data_as_of" doc:"Newest time of receipt among the tenant's records; null when there are none."`
	Complete   bool          `json:"complete" doc:"Nothing of the scope is missing from this answer: no further page, no limit reached."`
	NextCursor string        `json:"next_cursor,omitempty" doc:"Asks for the next page."`
	RowsRead   uint64        `json:"rows_read" doc:"Rows that the database looked at."`
	ElapsedMS  float64       `json:"elapsed_ms" doc:"Milliseconds from the question to the answer."`
	Definition string        `json:"definition,omitempty" doc:"The formula of a measure."`
	Warnings   []string      `json:"warnings,omitempty"`
}

// ResolvedScope is the scope as it was understood.
type ResolvedScope struct {
	Tenant string     `json:"tenant"`
	From   *time.Time `json:"from,omitempty"`
	To     *time.Time `json:"to,omitempty"`
}

// Answer is an answer made of rows.
type Answer[T any] struct {
	Meta
	Rows []T `json:"rows"`
}

// RunAnswer is the answer about one run.
type RunAnswer struct {
	Meta
	Run RunDetail `json:"run"`
}

// MTTDAnswer is the answer about detection and diagnosis.
type MTTDAnswer struct {
	Meta
	MTTD MTTD `json:"mttd"`
}

// FailuresAnswer is the answer about the failure trend.
type FailuresAnswer struct {
	Meta
	StepSeconds int64     `json:"step_seconds"`
	Total       Rate      `json:"total" doc:"The whole scope."`
	Series      []Failure `json:"series" doc:"One for each value of by, the most failures first; one without a name where by is empty."`
}
