// Package auth0 reads the logs of an Auth0 tenant: entries of the Management
// API, and what log streams deliver ({"log_id","data"}, one by one, in arrays, in
// lines, in {"logs":[…]} or in the envelope of Amazon EventBridge).
//
// A synchronisation of a directory and an execution of a flow become runs, the
// errors of single users in a synchronisation become actions of it; a call of
// the Management API becomes an audit record; anything else becomes an action.
// The reference is https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes
// and the schemas at https://github.com/auth0/auth0-log-schemas
package auth0

import (
	"slices"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is auth0.logs.
var Format = normalize.Format{
	Name:     "auth0.logs",
	Version:  1,
	Title:    "Auth0 tenant logs and log streams",
	Ref:      "https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapEntry,
}

// elements peels {"logs":[…]} and the {"detail":{…}} of Amazon EventBridge.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		switch logs, detail := v.Get("logs"), v.Get("detail"); {
		case logs.Kind() == jsonx.Array:
			normalize.DefaultElements(logs, yield)
		case detail.Kind() == jsonx.Object && v.Get("detail-type").Exists():
			yield(detail)
		default:
			yield(v)
		}
	})
}

// entry holds the members of a log entry that are mapped.
type entry struct {
	v                                   jsonx.Value
	id, otherID, date, typ, description jsonx.Value
	clientID, clientName                jsonx.Value
	connection, connectionID            jsonx.Value
	userID, userName                    jsonx.Value
	references, details                 jsonx.Value
}

func mapEntry(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a log entry, which is an object")
	}
	var e entry
	if data := v.Get("data"); data.Kind() == jsonx.Object && !v.Get("type").Exists() {
		e.id = v.Get("log_id")
		for m := v.First(); m.Exists(); m = m.Next() {
			if m.Key() != "data" && m.Key() != "log_id" {
				c.KeepIn("stream", m)
			}
		}
		v = data
	}
	e.read(c, v)
	switch {
	case e.id.Text() == "" && e.otherID.Text() == "":
		return normalize.Missing(v, "log_id")
	case e.typ.Text() == "":
		return normalize.Missing(v, "type")
	}
	code := e.typ.Text()
	rule := ruleOf(code)
	r := c.New(rule.kind)
	if err := c.EventTime(r, e.date); err != nil {
		return err
	}
	r.EventType, r.NativeType, r.NativeID = code, "log", e.id.Text()
	if r.NativeID == "" {
		r.NativeID = e.otherID.Text()
	} else if e.otherID.Text() != r.NativeID {
		c.Keep(e.otherID)
	}
	r.Direction = rule.direction
	r.CorrelationID = e.references.Get("correlation_id").Text()
	r.TraceID = e.references.Get("trace_id").Text()
	keepRest(c, e.references, "references", "correlation_id", "trace_id")
	switch {
	case strings.HasPrefix(code, "directory_sync_"):
		return mapSync(c, r, &e, rule)
	case strings.HasPrefix(code, "flows_execution_"):
		return mapFlow(c, r, &e, rule)
	}
	e.setStatus(r, rule)
	switch code {
	case "sscim", "fscim":
		mapSCIM(c, r, &e)
	case "sapi", "fapi", "mgmt_api_read":
		mapAPI(c, r, &e)
	default:
		mapAction(c, r, &e, rule)
	}
	r.Unmapped = c.Kept()
	return nil
}

func (e *entry) read(c *normalize.Context, v jsonx.Value) {
	e.v = v
	for m := v.First(); m.Exists(); m = m.Next() {
		key := m.Key()
		if m.Kind() >= jsonx.Object && key != "references" && key != "details" {
			c.Keep(m)
			continue
		}
		switch key {
		case "log_id":
			e.id = m
		case "_id":
			e.otherID = m
		case "date":
			e.date = m
		case "type":
			e.typ = m
		case "description":
			e.description = m
		case "client_id":
			e.clientID = m
		case "client_name":
			e.clientName = m
		case "connection":
			e.connection = m
		case "connection_id":
			e.connectionID = m
		case "user_id":
			e.userID = m
		case "user_name":
			e.userName = m
		case "references":
			e.references = m
		case "details":
			e.details = m
		default:
			c.Keep(m)
		}
	}
}

// keepRest keeps the members of the object v that are not among known, or v
// itself if it is none. Of a known member that should be text an object is kept.
func keepRest(c *normalize.Context, v jsonx.Value, name string, known ...string) {
	if v.Kind() != jsonx.Object {
		c.KeepAs("", name, v)
		return
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		key := m.Key()
		read := m.Kind() < jsonx.Object || key == "error" || key == "request" || key == "response" || key == "user_errors"
		if !read || !slices.Contains(known, key) {
			c.KeepIn(name, m)
		}
	}
}

// setStatus sets the outcome that the catalogue of types gives, and the error.
func (e *entry) setStatus(r *normalize.Record, rule rule) {
	r.State, r.Outcome = rule.state, rule.outcome
	if !r.Outcome.Failed() {
		r.StatusReason = e.description.Text()
		return
	}
	r.ErrorMessage, r.FailureStage = e.description.Text(), model.StageAction
	failure := e.details.Get("error")
	for _, v := range [...]jsonx.Value{failure.Get("code"), failure.Get("oauthError"), failure.Get("type"), e.details.At("failure_details", "errorCode")} {
		if r.ErrorCode == "" {
			r.ErrorCode = v.Text()
		}
	}
	if r.ErrorMessage == "" {
		r.ErrorMessage = failure.Get("message").Text() + failure.Str()
	}
	if rule.class != "" {
		r.ErrorClass, r.ErrorCategory, r.ClassSource = rule.class, rule.category, model.FromEventType
		return
	}
	r.ClassifyMessage()
}

func mapAction(c *normalize.Context, r *normalize.Record, e *entry, rule rule) {
	r.ActionID, r.ActionName, r.TaskType = r.NativeID, r.EventType, rule.task
	if r.Kind == normalize.KindAudit {
		r.ActionID, r.ChangeKind = "", "policy"
	}
	if r.State == model.Terminal {
		r.EndedTime = r.EventTime
	}
	if r.Outcome == model.Success && r.TaskType.Changes() {
		r.Effect = model.Changed
	}
	e.setSubject(r)
	r.ActorType, r.ActorID, r.ActorName, r.ActorEmail = "", r.SubjectID, r.SubjectName, r.SubjectEmail
	if r.SubjectID != "" || r.SubjectName != "" {
		r.ActorType = model.ActorUser
	}
	r.TargetAppID, r.TargetApp = e.clientID.Text(), e.clientName.Text()
	c.Keep(e.connection)
	c.Keep(e.connectionID)
	keepRest(c, e.details, "details")
}

func (e *entry) setSubject(r *normalize.Record) {
	r.SubjectID, r.SubjectName = e.userID.Text(), e.userName.Text()
	if strings.IndexByte(r.SubjectName, '@') > 0 {
		r.SubjectEmail = r.SubjectName
	}
}
