package scim

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "Requests of the SCIM 2.0 protocol with their answers: what an identity provider asked an application to change, and what it said. A bulk request is a run, each of its operations an action.",
	Cannot:    "Whether the account really changed, beyond the answer. The protocol has no event id, time or actor: what logs the exchange adds them. Traffic that does not pass the logging gateway is not seen.",
	Identity:  "request_id of the log, or the content where there is none; id and externalId of the resource name the object.",
	Time:      "The time at which the gateway saw the request.",
	Retention: "Nothing: SCIM keeps no history.",
}
