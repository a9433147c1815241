package githubaudit

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Administrative actions in an organisation or enterprise.",
	Cannot:    "Workflow runs: see github.actions.",
	Identity:  "_document_id, absent in some events.",
	Time:      "@timestamp or created_at, milliseconds.",
	Retention: "180 days; Git events 7 days.",
}
