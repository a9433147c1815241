// Package scim reads SCIM 2.0 exchanges: a request of the provisioning protocol
// together with its response, as a proxy, a server or a client has seen them.
//
// The protocol itself has no event id, no time and no actor, so the recorder
// adds them: the type rl.scim.exchange.v1, as a CloudEvent or as its bare data
// object. A request becomes one action, whatever number of changes it asks for;
// a bulk request becomes a run with an action for each operation.
//
// Its data:
//
//	method*, path*                  of the request; the path may be an absolute URL
//	status_code*                    of the response, or
//	error*                          why there is none
//	time*                           when the request was sent, RFC 3339 with a zone
//	request_id                      required for a bulk request
//	request_body, response_body     JSON, or JSON in a string
//	request_headers, response_headers
//	duration_ms, client, app
//
// Security event tokens (RFC 9967) are read by package scimevents.
//
// Reference: RFC 7643 and RFC 7644.
package scim

import (
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Type is the CloudEvents type of an exchange.
const Type = "rl.scim.exchange.v1"

const name = "scim.exchange"

// Format reads exchanges, wrapped or bare.
var Format = normalize.Format{
	Name:     name,
	Version:  1,
	Title:    "SCIM 2.0 requests with their responses (" + Type + ", as a CloudEvent or bare)",
	Ref:      "https://www.rfc-editor.org/rfc/rfc7644",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction},
	About:    about,
	Elements: cloudevents.Elements,
	Map:      cloudevents.OrBare("an exchange", Type, MapExchange),
}

// MapExchange appends the records of the exchange that e.Data describes. Their
// source is that of Format whatever brought them here.
func MapExchange(c *normalize.Context, e *cloudevents.Event) error {
	if e.Data.Kind() != jsonx.Object {
		return normalize.WrongType(e.Data, "an exchange, which is an object")
	}
	x := exchange{c: c, event: e, data: e.Data}
	if err := x.read(); err != nil {
		return err
	}
	if x.resource == "Bulk" && x.method == "POST" {
		return x.writeBulk()
	}
	x.writeAction()
	return nil
}
