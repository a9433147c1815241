package googleworkspace

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Admin and login activities, one record for each event of an activity.",
	Cannot:    "Outcomes: that an event exists means that it happened; failed tries of administrators are not there. Events may be late, by days for some applications, or missing.",
	Identity:  "time and uniqueQualifier of the activity, with the position of the event in it.",
	Time:      "id.time, milliseconds, UTC.",
	Retention: "180 days.",
}
