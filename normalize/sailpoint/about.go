package sailpoint

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Events of the search index, and the Provisioning Completed trigger with its account requests, errors, warnings and tickets.",
	Cannot:    "Whether the target did what was committed: UNVERIFIABLE is the vendor's word for it. Steps of a workflow.",
	Identity:  "id, absent in some events; trackingNumber groups what belongs to one request.",
	Time:      "created; synced is when it was indexed.",
	Retention: "As the product keeps events.",
}
