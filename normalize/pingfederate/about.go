package pingfederate

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Outbound provisioning: one line for each operation on a user or group, with its success.",
	Cannot:    "Attributes, attempts and the answer of the target, but for the cause of a failure.",
	Identity:  "None: content and time. cycle_id groups lines to a run, channel_id names the connection.",
	Time:      "Local time of the server, without zone.",
	Retention: "As long as the file is kept.",
}
