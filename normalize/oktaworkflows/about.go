package oktaworkflows

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Executions of flows: start, end, failure, cancellation, pause, throttling, with parent and root execution.",
	Cannot:    "Steps, inputs and outputs of a flow, and the version of the flow that ran.",
	Identity:  "execution_id; parent_execution_id and root_execution_id join nested executions.",
	Time:      "timestamp, UTC.",
	Retention: "30 days of execution history in the product.",
}
