package auth0

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// call is a request that an entry tells of.
type call struct {
	method, path string
	body         jsonx.Value
	status       int64
}

func readCall(details jsonx.Value) (x call) {
	request := details.Get("request")
	x.method = strings.ToUpper(request.Get("method").Text())
	x.path, _, _ = strings.Cut(request.Get("path").Text(), "?")
	if plain, err := url.PathUnescape(x.path); err == nil && utf8.ValidString(plain) {
		x.path = plain
	}
	x.body = request.Get("body")
	x.status, _ = details.At("response", "statusCode").Int()
	return x
}

// setCall keeps the exchange, and what its HTTP status says of the outcome: the
// type of an entry decides, a status that disagrees stands beside it.
func (x *call) setCall(c *normalize.Context, r *normalize.Record, details jsonx.Value) {
	r.ResponseCode = details.At("response", "statusCode").Text()
	request, response := details.Get("request"), details.Get("response")
	if request.Exists() || response.Exists() {
		r.Payload = c.Write(func(dst []byte) []byte {
			dst = append(dst, '{')
			if request.Exists() {
				dst = c.AppendMasked(append(dst, `"request":`...), "request", request)
			}
			if response.Exists() {
				if request.Exists() {
					dst = append(dst, ',')
				}
				dst = c.AppendMasked(append(dst, `"response":`...), "response", response)
			}
			return append(dst, '}')
		})
	}
	switch {
	case x.status >= 400 && x.status != 404, x.status == 404 && x.method != "DELETE":
		r.OutcomeDerived = model.Failure
	case x.status == 404: // what was to go is gone
		r.OutcomeDerived, r.Effect = model.Success, model.NoOp
	case x.status >= 200:
		r.OutcomeDerived = model.Success
	}
	if r.Outcome.Failed() && x.status >= 400 {
		r.ErrorCode = r.ResponseCode
		r.ClassifyHTTP(int(x.status))
	}
}

// mapSCIM makes r the action that a provisioning system asked for over SCIM.
func mapSCIM(c *normalize.Context, r *normalize.Record, e *entry) {
	x := readCall(e.details)
	r.ActionID, r.ActionName = r.NativeID, e.details.Get("action").Text()
	r.TriggerKind, r.EndedTime = model.TriggerSCIM, r.EventTime
	r.ActorType, r.ActorID, r.ActorName = model.ActorApp, e.clientID.Text(), e.clientName.Text()
	r.TargetAppID, r.TargetApp = e.details.Get("connection_id").Text(), e.connection.Text()
	if r.TargetAppID == "" {
		r.TargetAppID = e.connectionID.Text()
	} else if r.TargetAppID != e.connectionID.Text() {
		c.Keep(e.connectionID)
	}
	e.setSubject(r)
	x.setResource(r)
	x.setCall(c, r, e.details)
	if r.ActionName == "" {
		r.ActionName = r.EventType
	}
	switch {
	case r.Outcome == model.Success && r.OutcomeDerived.Failed():
		r.Effect = model.Contradicted
	case r.Outcome == model.Success && r.TaskType.Changes() && r.Effect == "":
		r.Effect = model.Changed
	}
	keepRest(c, e.details, "details", "request", "response", "action", "connection_id")
}

// setResource reads the SCIM resource from the path and the body of a request.
func (x *call) setResource(r *normalize.Record) {
	kind, id := "", ""
	segments := strings.Split(strings.Trim(x.path, "/"), "/")
	for i, segment := range segments {
		if segment == "Users" || segment == "Groups" {
			kind = strings.TrimSuffix(segment, "s")
			id = strings.Join(segments[i+1:], "/")
		}
	}
	r.ObjectType, r.ObjectID = kind, id
	r.TaskType, r.Operation = model.TaskOther, verb(x.method)
	if kind != "User" {
		r.ObjectName = x.body.Get("displayName").Text()
		return
	}
	if r.SubjectName == "" {
		r.SubjectName = x.body.Get("userName").Text()
	}
	if r.SubjectID == "" {
		r.SubjectID = id
	}
	switch r.Operation {
	case model.OpCreate:
		r.TaskType = model.TaskUserCreate
	case model.OpUpdate:
		r.TaskType = model.TaskUserUpdate
		if active, ok := activeOf(x.body); ok && !active {
			r.TaskType, r.Operation = model.TaskUserDeactivate, model.OpDisable
		}
	case model.OpDelete:
		r.TaskType = model.TaskUserDelete
	case model.OpRead:
		r.TaskType = model.TaskUserSync
	}
}

func verb(method string) model.Operation {
	switch method {
	case "POST":
		return model.OpCreate
	case "PUT", "PATCH":
		return model.OpUpdate
	case "DELETE":
		return model.OpDelete
	case "GET", "HEAD":
		return model.OpRead
	default:
		return model.OpOther
	}
}

// activeOf returns what a SCIM body sets active to.
func activeOf(body jsonx.Value) (active, ok bool) {
	if active, ok = body.Get("active").Bool(); ok {
		return active, ok
	}
	for op := body.Get("Operations").First(); op.Exists(); op = op.Next() {
		v := op.Get("value")
		if op.Get("path").Str() != "active" {
			v = v.Get("active")
		}
		if b, is := v.Bool(); is {
			active, ok = b, true
		}
	}
	return active, ok
}

// mapAPI makes r the audit record of a call of the Management API.
func mapAPI(c *normalize.Context, r *normalize.Record, e *entry) {
	x := readCall(e.details)
	r.ActionName = e.description.Text()
	if !r.Outcome.Failed() {
		r.StatusReason = ""
	}
	r.Operation = verb(x.method)
	resource, id := x.resource()
	r.ObjectType, r.ObjectID = resource, id
	r.ChangeKind = changeOf(resource)
	if r.Operation == model.OpRead {
		r.ChangeKind = "read"
	}
	if resource == "users" {
		r.TaskType = x.userTask()
		if r.TaskType != "" {
			r.Operation = r.TaskType.Operation()
		}
		r.SubjectID, _, _ = strings.Cut(id, "/")
	}
	x.setCall(c, r, e.details)
	r.CoverageEffect = x.coverage(resource, r.Outcome)
	e.setActor(c, r)
	keepRest(c, e.details, "details", "request", "response")
	c.Keep(e.connection)
	c.Keep(e.connectionID)
}

// setActor sets who called the API: the user of its token, or else the client.
func (e *entry) setActor(c *normalize.Context, r *normalize.Record) {
	user := e.details.At("request", "auth", "user")
	r.ActorID, r.ActorName, r.ActorEmail = user.Get("user_id").Text(), user.Get("name").Text(), user.Get("email").Text()
	if r.ActorID == "" {
		r.ActorID, r.ActorName = e.userID.Text(), e.userName.Text()
		if strings.IndexByte(r.ActorName, '@') > 0 {
			r.ActorEmail = r.ActorName
		}
	} else if r.ActorID != e.userID.Text() {
		c.Keep(e.userID)
		c.Keep(e.userName)
	}
	r.ActorType = model.ActorUser
	if r.ActorID != "" || r.ActorName != "" {
		c.Keep(e.clientID)
		c.Keep(e.clientName)
		return
	}
	r.ActorType, r.ActorID, r.ActorName = model.ActorApp, e.clientID.Text(), e.clientName.Text()
	if r.ActorID == "" && r.ActorName == "" {
		r.ActorType = ""
	}
}

// resource returns the collection and the id in a path such as /api/v2/users/u1.
func (x *call) resource() (name, id string) {
	path := strings.Trim(x.path, "/")
	path = strings.TrimPrefix(strings.TrimPrefix(path, "api/v2"), "/")
	name, id, _ = strings.Cut(path, "/")
	return name, id
}

func (x *call) userTask() model.TaskType {
	_, id := x.resource()
	_, sub, nested := strings.Cut(id, "/")
	switch {
	case nested && strings.HasPrefix(sub, "roles"), nested && strings.HasPrefix(sub, "permissions"):
		return model.TaskRoleUpdate
	case nested:
		return model.TaskUserUpdate
	case x.method == "POST":
		return model.TaskUserCreate
	case x.method == "DELETE":
		return model.TaskUserDelete
	case x.method != "PATCH":
		return ""
	}
	if blocked, ok := x.body.Get("blocked").Bool(); ok && blocked {
		return model.TaskUserDeactivate
	} else if ok {
		return model.TaskUserReactivate
	}
	if x.body.Get("password").Exists() {
		return model.TaskCredentialRotate
	}
	return model.TaskUserUpdate
}

func changeOf(resource string) string {
	switch resource {
	case "users":
		return "user"
	case "roles", "organizations", "client-grants", "user-grants", "grants":
		return "permission"
	case "log-streams", "logs", "event-streams":
		return "logging"
	case "attack-protection", "guardian", "tenants", "anomaly", "network-acls", "risk-assessments":
		return "policy"
	case "keys", "device-credentials", "refresh-tokens", "sessions", "tickets":
		return "credential"
	default:
		return "definition"
	}
}

// coverage says what a change of the log streams does to the evidence.
func (x *call) coverage(resource string, outcome model.Outcome) model.CoverageEffect {
	status := x.body.Get("status").Str()
	switch {
	case resource != "log-streams":
		return ""
	case outcome.Failed():
		return model.CoverageNone
	case x.method == "DELETE", status == "paused", status == "suspended":
		return model.CoverageReduces
	case x.method == "POST", status == "active":
		return model.CoverageRestores
	default:
		return model.CoverageNone
	}
}
