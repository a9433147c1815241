package eiam

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Synchronisation jobs with direction, trigger, status, and counts by object and operation.",
	Cannot:    "Single entries: only counts. See alibaba.provisioning for what a connector tells of them.",
	Identity:  "SynchronizationJobId.",
	Time:      "StartTime and EndTime, milliseconds since 1970.",
	Retention: "Not documented; 180 days for logs in the log service.",
}
