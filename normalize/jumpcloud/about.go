package jumpcloud

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Events of all services of Directory Insights, with initiator, resource, changes and success.",
	Cannot:    "Runs. Results of device commands come as events of their own.",
	Identity:  "id. command_uuid joins a command and its result.",
	Time:      "timestamp, UTC.",
	Retention: "90 days.",
}
