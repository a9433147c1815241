package pingone

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Administrative and user activities with actor, resource and result.",
	Cannot:    "Attribute values, and runs of provisioning.",
	Identity:  "id.",
	Time:      "recordedAt; createdAt differs from it by milliseconds.",
	Retention: "As the product keeps activities.",
}
