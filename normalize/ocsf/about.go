package ocsf

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Events that another system has already brought into OCSF: account, user access, group and entity changes, API activity, scheduled jobs.",
	Cannot:    "The outcome of a workflow run: class 1006 has no activity for an end, and a status knows no partial success.",
	Identity:  "metadata.uid, with metadata.original_event_uid of the first source.",
	Time:      "time, milliseconds since 1970.",
	Retention: "As the system that holds the events says.",
}
