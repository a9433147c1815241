package entralifecycle

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Runs of lifecycle workflows, the result for each user, and the result for each task with reason, order and arguments.",
	Cannot:    "What a task of a custom extension did outside, beyond its callback. Runs that were reprocessed can be removed from the list of their origin.",
	Identity:  "id of the run, of the user result and of the task result.",
	Time:      "createdDateTime, startedDateTime, completedDateTime; lastUpdatedDateTime comes minutes after the end.",
	Retention: "As the product keeps workflow history.",
}
