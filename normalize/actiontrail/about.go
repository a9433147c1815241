package actiontrail

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Management operations on the cloud account, with principal, request and answer.",
	Cannot:    "Runs, and what users do inside of applications.",
	Identity:  "eventId.",
	Time:      "eventTime, seconds, UTC.",
	Retention: "90 days, longer with a trail.",
}
