package okta

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "What happened in the organisation, one event for each: provisioning and deprovisioning, group membership, imports and synchronisation jobs with start and end, logins, changes of configuration.",
	Cannot:    "The steps of a provisioning job, and what an application did with a request: only that Okta sent it. Some event types exist for failures alone. Requests and answers of Workflows are in okta.workflows, and not there either.",
	Identity:  "uuid, unique in itself. The events of one request or job share transaction.id; a job (type JOB) becomes a run of that id.",
	Time:      "published, in milliseconds and UTC. The API returns events in the order they were stored, which may differ.",
	Retention: "90 days.",
}
