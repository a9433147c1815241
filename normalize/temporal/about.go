package temporal

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Histories of workflow executions: activities with attempts, child workflows, timers, signals, failures with their causes.",
	Cannot:    "Payloads in clear: they are base64 and often encrypted. Attempts of an activity before the last one, but for their number.",
	Identity:  "workflowId and runId; eventId orders a history.",
	Time:      "eventTime, nanoseconds, UTC; stored in microseconds.",
	Retention: "That of the namespace, after the end of the execution.",
}
