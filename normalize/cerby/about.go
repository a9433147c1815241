package cerby

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Jobs of the automation log with status, target, actor, task and trigger, as a connector reads them.",
	Cannot:    "The vendor shows the automation log on its screen only. What happened inside of the browser that the job drives, beyond its log lines.",
	Identity:  "job_id, parent_job_id and root_job_id.",
	Time:      "created_at and updated_at; start and end are not written down.",
	Retention: "Not documented.",
}
