package entraaudit

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Changes of the directory: who changed what in which object, with old and new values, and the result.",
	Cannot:    "Runs and their steps. Reads. What account provisioning did in the target stands in entra.provisioning.",
	Identity:  "id, with content: a pair that shared one was seen.",
	Time:      "activityDateTime, UTC.",
	Retention: "7 days without a premium licence, 30 with one.",
}
