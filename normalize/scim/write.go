package scim

import (
	"cmp"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// record appends a record with what all records of an exchange have in common.
func (x *exchange) record(kind normalize.Kind) *normalize.Record {
	r := x.c.New(kind)
	x.event.Record(r)
	r.Source, r.EventType = name, Type
	r.NativeID = cmp.Or(x.data.Get("request_id").Text(), x.event.ID)
	r.EventTime, r.EventTimeNative = x.at, x.timeText
	r.StartedTime = x.at
	r.TargetApp = cmp.Or(x.data.Get("app").Text(), host(x.data.Get("path").Text()))
	x.client(r)
	return r
}

func (x *exchange) client(r *normalize.Record) {
	client := x.data.Get("client")
	r.ActorID, r.ActorName = client.Text(), ""
	if client.Kind() == jsonx.Object {
		r.ActorID, r.ActorName = client.Get("id").Text(), client.Get("name").Text()
	}
	if r.ActorID != "" || r.ActorName != "" {
		r.ActorType = model.ActorApp
	}
}

func (x *exchange) writeAction() {
	r := x.record(normalize.KindAction)
	r.ActionID = r.NativeID
	r.ActionName = x.c.Concat(x.method, " ", cmp.Or(x.resource, "other"))
	r.TaskType = x.task()
	if r.TaskType == model.TaskOther {
		r.Operation = x.operation()
	}
	x.op.apply(x.c, r)
	x.object(r)
	x.result(r)
	if r.State == model.Terminal && x.took != 0 {
		r.EndedTime = x.at + x.took
	}
	r.Changes = x.writeChanges()
	r.Payload = x.payload()
	if x.op == nil {
		x.keep()
	}
	x.c.KeepText("resource", "version", x.version())
	x.c.KeepText("resource", "externalId", cmp.Or(fold(x.request, "externalId").Text(), fold(x.response, "externalId").Text()))
	r.Unmapped = x.c.Kept()
}

// object sets the resource and, where it is about one person, that person.
func (x *exchange) object(r *normalize.Record) {
	id := cmp.Or(x.id, fold(x.response, "id").Text())
	switch x.resource {
	case "Users", "Me":
		user := x.attribute("userName")
		r.ObjectType, r.ObjectID, r.ObjectName = "User", id, user
		r.SubjectID, r.SubjectName, r.SubjectEmail = id, cmp.Or(x.attribute("displayName"), user), x.email(user)
	case "Groups":
		r.ObjectType, r.ObjectID, r.ObjectName = "Group", id, x.attribute("displayName")
		r.SubjectID = x.member()
	default:
		r.ObjectType = x.resource
	}
}

// attribute looks for text in what was sent, and then in what came back.
func (x *exchange) attribute(name string) string {
	text := cmp.Or(fold(x.request, name).Text(), fold(x.response, name).Text())
	x.changes(func(ch change) {
		if text == "" && ch.op != "remove" && strings.EqualFold(ch.path, name) {
			text = ch.value.Text()
		}
	})
	return text
}

// email is the primary address, or else the first, or else a user name that
// looks like one.
func (x *exchange) email(user string) string {
	for _, body := range [...]jsonx.Value{x.request, x.response} {
		first := ""
		for m := fold(body, "emails").First(); m.Exists(); m = m.Next() {
			address := fold(m, "value").Text()
			if primary, _ := fold(m, "primary").Bool(); primary {
				return address
			}
			first = cmp.Or(first, address)
		}
		if first != "" {
			return first
		}
	}
	if strings.Contains(user, "@") {
		return user
	}
	return ""
}

// keep keeps the members of the exchange that have no field.
func (x *exchange) keep() {
	for m := x.data.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "method", "path", "status_code", "time", "duration_ms", "app", "request_id",
			"request_body", "response_body", "request_headers", "response_headers":
		case "client":
			for k := m.First(); k.Exists() && m.Kind() == jsonx.Object; k = k.Next() {
				if k.Key() != "id" && k.Key() != "name" {
					x.c.KeepIn("client", k)
				}
			}
		case "error":
			if x.status != 0 || m.Text() == "" {
				x.c.Keep(m)
			}
		default:
			x.c.Keep(m)
		}
	}
	if x.data.Get("request_id").Text() != "" {
		x.c.KeepText("cloudevents", "id", x.event.ID)
	}
	x.event.Keep(x.c)
}
