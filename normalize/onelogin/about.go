package onelogin

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Events of users, applications, roles and directory synchronisations.",
	Cannot:    "A status: it follows from the type of the event, and from an error text. Attribute values before and after.",
	Identity:  "id. directory_sync_run_id names the run of a synchronisation.",
	Time:      "created_at, UTC.",
	Retention: "As the plan says.",
}
