package model

// ErrorClass says whether repeating the same action can help.
type ErrorClass string

// The closed set of error classes. Unknown is never upgraded to temporary.
const (
	Temporary    ErrorClass = "temporary"
	Permanent    ErrorClass = "permanent"
	UnknownClass ErrorClass = "unknown"
)

// ErrorCategory names the kind of trouble.
type ErrorCategory string

// The closed set of error categories.
const (
	CategoryNetwork          ErrorCategory = "network"
	CategoryTimeout          ErrorCategory = "timeout"
	CategoryRateLimit        ErrorCategory = "rate_limit"
	CategoryAPITransient     ErrorCategory = "api_transient"
	CategoryAuth             ErrorCategory = "auth"
	CategoryPermission       ErrorCategory = "permission"
	CategoryDisconnected     ErrorCategory = "integration_disconnected"
	CategoryData             ErrorCategory = "data"
	CategoryConflict         ErrorCategory = "conflict"
	CategoryNotFound         ErrorCategory = "not_found"
	CategorySize             ErrorCategory = "size"
	CategoryConcurrency      ErrorCategory = "concurrency"
	CategorySafetyThreshold  ErrorCategory = "safety_threshold"
	CategoryPolicy           ErrorCategory = "policy"
	CategoryCustomerSide     ErrorCategory = "customer_side"
	CategoryPlatform         ErrorCategory = "platform"
	CategoryRetriesExhausted ErrorCategory = "retries_exhausted"
	CategoryUnknown          ErrorCategory = "unknown"
)

// ClassSource says where a classification came from, so that a guess never
// looks like a fact. In falling order of confidence.
type ClassSource string

// The closed set of class sources.
const (
	FromVendorFlag ClassSource = "vendor_flag"
	FromCode       ClassSource = "code"
	FromEventType  ClassSource = "event_type"
	FromMessage    ClassSource = "message"
)
