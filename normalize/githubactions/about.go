package githubactions

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Runs, jobs with steps, and reviews of deployments, by attempt.",
	Cannot:    "Log texts of steps. Webhooks come in no order, and are not repeated on their own after a failure.",
	Identity:  "id by kind of record, with run_attempt: a run and a job may share a number.",
	Time:      "run_started_at, started_at, completed_at, seconds, UTC.",
	Retention: "90 days of logs by default.",
}
