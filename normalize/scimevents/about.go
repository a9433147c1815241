package scimevents

import "github.com/runledger/runledger/normalize"

// about is what users are told of the source.
var about = normalize.About{
	Records:   "What a SCIM server has done: resources created, changed, deleted, activated and deactivated, completions of asynchronous requests, and which resources a feed follows.",
	Cannot:    "Who asked for a change, and requests that failed at once: these are in the exchange (scim.exchange). The values of a notice, which names attributes alone. Whether a signature is right: nobody has verified it.",
	Identity:  "iss and jti; with several events in one token the event as well. txn names the run, and the operation of a bulk request after its last colon.",
	Time:      "toe (time of event), or else iat, seconds, UTC.",
	Retention: "None: a token is pushed or polled once.",
}
