package entraprovisioning

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "One summary for each object and cycle: action, status, the steps with their results, changed attributes.",
	Cannot:    "Runs: cycles are named and have no record. Inbound bulk uploads that never reach processing leave no trace here.",
	Identity:  "id is not safe alone: it was seen twice with different content, so action and target are part of it. changeId correlates, cycleId groups.",
	Time:      "activityDateTime; no order is promised.",
	Retention: "7 days without a premium licence, 30 with one.",
}
