// Package actiontrail reads the events of Alibaba Cloud ActionTrail: as trails
// deliver them to buckets, as rows of a log service project with the event
// under a key, and as LookupEvents returns them.
//
// Each event is an audit record: a call of an API, an operation or a sign-in in
// the console. It does not read trails.
package actiontrail

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/alibaba"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is alibaba.actiontrail.
var Format = normalize.Format{
	Name:     "alibaba.actiontrail",
	Version:  1,
	Title:    "Alibaba Cloud ActionTrail events, also as rows of a log service",
	Ref:      "https://www.alibabacloud.com/help/en/actiontrail/user-guide/management-event-structure",
	Emits:    []normalize.Kind{normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapEvent,
}

// elements peels {"Events":[…]} of LookupEvents.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	if list := root.Get("Events"); list.Kind() == jsonx.Array {
		normalize.DefaultElements(list, yield)
		return
	}
	normalize.DefaultElements(root, yield)
}

// event holds the members of an event that are mapped.
type event struct {
	id, name, kind, service, access, code, message, request jsonx.Value
	time, identity, resourceType, resourceName              jsonx.Value
	parameters, parametersText, response                    jsonx.Value
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	if row := v.Get("event"); row.Kind() == jsonx.Object || row.Kind() == jsonx.String {
		for m := v.First(); m.Exists(); m = m.Next() {
			if m.Key() != "event" {
				c.Keep(m)
			}
		}
		if v = normalize.Inner(row); v.Kind() != jsonx.Object {
			return normalize.WrongType(row, "an event, which is an object or the JSON of one")
		}
	}
	e := read(c, v)
	r := c.New(normalize.KindAudit)
	switch {
	case e.id.Text() == "":
		return normalize.Missing(v, "eventId")
	case e.name.Text() == "":
		return normalize.Missing(v, "eventName")
	case e.time.Text() == "":
		return normalize.Missing(v, "eventTime")
	}
	if err := c.EventTime(r, e.time); err != nil {
		return err
	}
	r.NativeID, r.EventType, r.NativeType = e.id.Text(), e.name.Text(), e.kind.Text()
	r.CorrelationID = e.request.Text()
	r.TargetApp = e.service.Text()
	r.ObjectType, r.ObjectID = e.resourceType.Text(), e.resourceName.Text()
	setStatus(r, &e)
	setActor(c, r, e.identity)
	ruleOf(r.TargetApp, r.EventType, e.access.Text()).set(r)
	r.Payload = payload(c, &e)
	r.Unmapped = c.Kept()
	return nil
}

func read(c *normalize.Context, v jsonx.Value) (e event) {
	for m := v.First(); m.Exists(); m = m.Next() {
		field := e.field(m.Key())
		if field != nil {
			*field = m
		}
		if field == nil || !fits(m) {
			c.Keep(m)
		}
	}
	return e
}

// field returns where the member of an event goes that has a place.
func (e *event) field(key string) *jsonx.Value {
	switch key {
	case "eventId":
		return &e.id
	case "eventName":
		return &e.name
	case "eventType":
		return &e.kind
	case "eventTime":
		return &e.time
	case "serviceName":
		return &e.service
	case "eventRW":
		return &e.access
	case "errorCode":
		return &e.code
	case "errorMessage":
		return &e.message
	case "requestId":
		return &e.request
	case "userIdentity":
		return &e.identity
	case "resourceType":
		return &e.resourceType
	case "resourceName":
		return &e.resourceName
	case "requestParameters":
		return &e.parameters
	case "requestParameterJson":
		return &e.parametersText
	case "responseElements":
		return &e.response
	default:
		return nil
	}
}

// fits reports whether the fields can hold all that m says.
func fits(m jsonx.Value) bool {
	switch m.Key() {
	case "eventRW": // read to find the kind of change
		return false
	case "requestParameters", "requestParameterJson", "responseElements":
		return true
	case "userIdentity":
		return m.Kind() == jsonx.Object
	default:
		return m.Kind() != jsonx.Object && m.Kind() != jsonx.Array
	}
}

// setStatus: an event that tells of no error tells of a success.
func setStatus(r *normalize.Record, e *event) {
	r.State, r.Outcome = model.Terminal, model.Success
	r.ErrorCode, r.ErrorMessage = e.code.Text(), e.message.Text()
	r.StatusNative = r.ErrorCode
	if r.ErrorCode == "" {
		r.StatusReason, r.ErrorMessage = r.ErrorMessage, ""
		return
	}
	r.Outcome = model.Failure
	alibaba.Classify(r)
}

func setActor(c *normalize.Context, r *normalize.Record, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch {
		case m.Key() == "type" && m.Text() != "":
			r.ActorType = actorOf(m.Text())
			if r.ActorType == "" {
				c.KeepIn("userIdentity", m)
			}
		case m.Key() == "principalId" && m.Text() != "":
			r.ActorID = m.Text()
		case m.Key() == "userName" && m.Text() != "":
			if r.ActorName = m.Text(); strings.Contains(r.ActorName, "@") {
				r.ActorEmail = r.ActorName
			}
		default:
			c.KeepIn("userIdentity", m)
		}
	}
	if r.NativeType == "AliyunServiceEvent" {
		r.ActorType = model.ActorSystem
	}
}

// actorOf reads the type of an identity. A role is taken on by services and
// by people who come from a directory; the log does not tell them apart.
func actorOf(kind string) model.ActorType {
	switch kind {
	case "root-account", "ram-user", "cloudsso-user", "saml-user":
		return model.ActorUser
	case "assumed-role", "alibaba-cloud-account":
		return model.ActorApp
	case "system":
		return model.ActorSystem
	default:
		return ""
	}
}

// payload holds what was asked and answered. The parameters come twice, as an
// object and as its JSON, and are kept once.
func payload(c *normalize.Context, e *event) string {
	request := e.parameters
	if !request.Exists() || request.IsNull() {
		request = e.parametersText
	}
	if !request.Exists() && !e.response.Exists() {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, '{')
		if request.Exists() {
			dst = c.AppendInner(append(dst, `"request":`...), "request", request)
		}
		if e.response.Exists() {
			if request.Exists() {
				dst = append(dst, ',')
			}
			dst = c.AppendInner(append(dst, `"response":`...), "response", e.response)
		}
		return append(dst, '}')
	})
}
