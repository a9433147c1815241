package logicapps

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Runs, triggers and actions with start, end, status and code, in three shapes: diagnostics of Consumption, rows of Standard, and objects of the management API with retry history and repetitions.",
	Cannot:    "Inputs and outputs, but as signed links that expire, whose signatures are masked. Tracked properties are absent where inputs or outputs are secured. Resource logs are not lossless, and come 10 to 30 minutes late.",
	Identity:  "Composed: run id, action, turn of the loop, attempt. clientTrackingId joins nested runs; OriginRunId and originHistoryName name the run that was submitted again.",
	Time:      "startTime and endTime of what ran, with 7 digits; the time of the log record where they are absent.",
	Retention: "90 days of run history in Consumption by default; for diagnostics that of their destination.",
}
