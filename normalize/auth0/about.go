package auth0

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Tenant logs: SCIM requests, directory synchronisations with their user errors, executions of flows and actions, API operations, logins.",
	Cannot:    "Users that a synchronisation failed for beyond the first ones: counts are the truth where user_errors_truncated is set.",
	Identity:  "log_id. synchronization_id names the run of a directory synchronisation.",
	Time:      "date, milliseconds, UTC.",
	Retention: "1, 5, 10 or 30 days, by plan.",
}
