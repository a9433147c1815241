package scimevents

import (
	"cmp"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
	"github.com/runledger/runledger/normalize/scim"
)

// prefix starts the URIs of the profile; drafts wrote SCIM in capitals.
const prefix = "urn:ietf:params:scim:event:"

// event appends the records of one event of the token. What the token says of
// all is kept with each.
func (t *token) event(e jsonx.Value, several bool) error {
	name := strings.ToLower(e.Key())
	name, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return normalize.Invalid(e, normalize.UnknownType, "%q is no event of SCIM: want %s…", e.Key(), prefix)
	}
	if e.Kind() != jsonx.Object && !e.IsNull() {
		return normalize.WrongType(e, "the payload of an event, which is an object")
	}
	id := t.id
	if several {
		id = t.c.Concat(t.id, "/", name)
	}
	switch {
	case strings.HasPrefix(name, "feed:"):
		return t.feed(e, id, name)
	case strings.HasPrefix(name, "prov:"):
		return t.provisioned(e, id, name)
	case name == "misc:asyncresp":
		return t.completed(e, id, name)
	default: // of a later version, or a private one
		r := t.record(normalize.KindAudit, e, id)
		r.ChangeKind, r.ActionName, r.State = "other", name, model.UnknownState
		t.object(r)
		t.keepPayload(e)
		t.finish(r)
		return nil
	}
}

// record appends a record with what the token says.
func (t *token) record(kind normalize.Kind, e jsonx.Value, id string) *normalize.Record {
	r := t.c.New(kind)
	if r.SourceURI == "" {
		r.SourceURI = t.claims.Get("iss").Text()
	}
	r.EventType, r.NativeID = e.Key(), id
	r.EventTime, r.EventTimeNative, r.RecordedTime = t.at, t.atText, t.recorded
	r.CorrelationID, r.RunID = t.txn, t.run
	if t.run != "" {
		r.TriggerKind = model.TriggerSCIM
	}
	if kind == normalize.KindAction {
		r.ActionID, r.Sequence = id, t.sequence
	}
	return r
}

// finish keeps what the token says and no field holds.
func (t *token) finish(r *normalize.Record) {
	for m := t.claims.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "txn", "events", "sub_id":
		case "jti":
			if !strings.HasPrefix(r.NativeID, t.id) {
				t.c.Keep(m)
			}
		case "iat":
			if m.Text() != r.EventTimeNative {
				t.c.Keep(m)
			}
		case "toe":
		case "iss":
			if m.Text() != r.SourceURI {
				t.c.Keep(m)
			}
		default:
			t.c.Keep(m)
		}
	}
	for m := t.subject.First(); m.Exists(); m = m.Next() {
		if m.Text() == "" || m.Key() != "externalId" && (m.Key() != "format" || m.Text() != "scim") {
			t.c.KeepIn("sub_id", m)
		}
	}
	if t.subject.Kind() != jsonx.Object {
		t.c.Keep(t.subject)
	}
	t.keepHeader()
	r.Unmapped = t.c.Kept()
}

// need says that the subject is missing where the profile demands one.
func (t *token) need() error {
	switch {
	case !t.subject.Exists() || t.subject.IsNull():
		return normalize.Missing(t.claims, "sub_id")
	case t.subject.Kind() != jsonx.Object:
		return normalize.WrongType(t.subject, "an object with format and uri")
	case t.uri == "" && t.subject.Get("id").Text() == "":
		return normalize.Missing(t.subject, "uri")
	}
	return nil
}

// object sets the resource from the subject, where the request does not say it.
func (t *token) object(r *normalize.Record) {
	id := t.subject.Get("id").Text()
	r.ObjectID = cmp.Or(r.ObjectID, id)
	if r.ObjectType == "User" {
		r.SubjectID = cmp.Or(r.SubjectID, id)
	}
	if r.BusinessKey = t.subject.Get("externalId").Text(); r.BusinessKey != "" { // what the client of the server calls it
		r.BusinessKeyType = "externalId"
	}
}

// feed maps a resource that is followed from now on, or no longer: then nobody
// will hear of its changes.
func (t *token) feed(e jsonx.Value, id, name string) error {
	if err := t.need(); err != nil {
		return err
	}
	r := t.record(normalize.KindAudit, e, id)
	scim.Describe(t.c, r, scim.Request{Method: "PATCH", Path: t.uri})
	r.TaskType, r.Operation, r.Changes = "", model.OpUpdate, ""
	r.ChangeKind, r.ActionName = "logging", name
	r.State, r.Outcome = model.Terminal, model.Success
	switch name {
	case "feed:add":
		r.CoverageEffect = model.CoverageRestores
	case "feed:remove":
		r.CoverageEffect = model.CoverageReduces
	}
	t.object(r)
	t.keepPayload(e)
	t.finish(r)
	return nil
}

// provisioned maps a change that the server has made.
func (t *token) provisioned(e jsonx.Value, id, name string) error {
	if err := t.need(); err != nil {
		return err
	}
	verb, _, _ := strings.Cut(strings.TrimPrefix(name, "prov:"), ":")
	data := e.Get("data")
	r := t.record(normalize.KindAction, e, id)
	scim.Describe(t.c, r, scim.Request{Method: method(verb), Path: t.uri, Body: data})
	r.ActionName = name
	user := r.ObjectType == "User"
	switch {
	case verb == "activate" && user:
		r.TaskType, r.Operation = model.TaskUserReactivate, ""
	case verb == "deactivate" && user:
		r.TaskType, r.Operation = model.TaskUserDeactivate, ""
	case verb == "activate" || verb == "deactivate":
		r.TaskType, r.Operation = model.TaskOther, model.OpUpdate
	case user && r.TaskType == model.TaskOther && r.Operation == model.OpUpdate:
		r.TaskType, r.Operation = model.TaskUserUpdate, ""
	}
	if r.State, r.Outcome, r.Effect = model.Terminal, model.Success, model.Confirmed; method(verb) == "" {
		r.State, r.Outcome, r.Effect = model.UnknownState, model.NoOutcome, ""
	}
	r.EndedTime = r.EventTime
	t.object(r)
	if r.Changes == "" {
		r.Changes = t.changes(e)
	}
	r.Payload = t.c.Members("request", t.c.JSON(data))
	t.keepPayload(e)
	t.finish(r)
	return nil
}

// method is the request that the verb of an event stands for.
func method(verb string) string {
	switch verb {
	case "create":
		return "POST"
	case "patch", "activate", "deactivate":
		return "PATCH"
	case "put":
		return "PUT"
	case "delete":
		return "DELETE"
	default:
		return ""
	}
}

// changes lists the attributes that a notice names: what they are is not told.
func (t *token) changes(e jsonx.Value) string {
	names := e.Get("attributes")
	if names.Len() == 0 || names.Kind() != jsonx.Array {
		return ""
	}
	return t.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for m := names.First(); m.Exists(); m = m.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			dst = append(normalize.AppendString(append(dst, `{"path":`...), m.Text()), '}')
		}
		return append(dst, ']')
	})
}

// keepPayload keeps the members of an event that no field holds.
func (t *token) keepPayload(e jsonx.Value) {
	for m := e.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "data", "method", "status", "response":
		case "attributes":
			if m.Kind() != jsonx.Array {
				t.c.KeepIn("event", m)
			}
		default:
			t.c.KeepIn("event", m)
		}
	}
}
