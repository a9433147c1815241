package idaas

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Provisioning tasks and their entries, as a connector reads them off the provisioning log.",
	Cannot:    "Single changes that belong to no task have no run. The Developer API, the SCIM API, and just-in-time creation are not in the provisioning log: they stand in the management and user logs of the vendor.",
	Identity:  "task_id and entry_id.",
	Time:      "start_time and end_time of a task, time of an entry.",
	Retention: "Not documented.",
}
