package push

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// AppType is what an application says was done in it: the target's own word,
// against which the claims of those who ordered it are held.
//
// Its data:
//
//	app*                 name of the application
//	tenant_ref           the instance of it
//	operation*           create, update, deactivate, reactivate, delete, grant, revoke, reset, login
//	object*              {type*, id*, name, alt_ids[]}
//	result*              applied, no_op, rejected, failed
//	code, message        of a failure; an HTTP status is understood
//	request_correlation  id that the one who ordered it knows too
//	actor                {type, id, name, email} or a string
//	occurred_at          RFC 3339; the time of the event where it is absent
const AppType = "rl.app.push.v1"

func mapApp(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "an operation, which is an object")
	}
	r := c.New(normalize.KindAction)
	e.Record(r)
	r.EventType, r.NativeID, r.ActionID = AppType, e.ID, e.ID
	if err := appOperation(c, r, data); err != nil {
		return err
	}
	if err := appResult(c, r, data); err != nil {
		return err
	}
	if err := actor(r, data.Get("actor")); err != nil {
		return err
	}
	if err := occurred(c, r, e); err != nil {
		return err
	}
	r.EndedTime = r.EventTime
	if id := data.Get("request_correlation").Text(); id != "" {
		c.KeepText("cloudevents", "correlationid", r.CorrelationID)
		r.CorrelationID = id
	}
	keepApp(c, e)
	r.Unmapped = c.Kept()
	return nil
}

func appOperation(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	if r.TargetApp, err = c.Required(data, "app"); err != nil {
		return err
	}
	r.TargetAppID = data.Get("tenant_ref").Text()
	if r.ActionName, err = c.Required(data, "operation"); err != nil {
		return err
	}
	object := data.Get("object")
	switch {
	case !object.Exists() || object.IsNull():
		return normalize.Missing(data, "object")
	case object.Kind() != jsonx.Object:
		return normalize.WrongType(object, "an object with type and id")
	}
	if r.ObjectType, err = c.Required(object, "type"); err != nil {
		return err
	}
	if r.ObjectID, err = c.Required(object, "id"); err != nil {
		return err
	}
	r.ObjectName = object.Get("name").Text()
	r.TaskType, r.Operation = appTask(r.ActionName, r.ObjectType)
	if person(r.ObjectType) {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ObjectID, r.ObjectName, address(object)
	}
	return nil
}

// appTask says what an operation does to an object of that kind.
func appTask(operation, object string) (model.TaskType, model.Operation) {
	user, kind := person(object), strings.ToLower(object)
	switch operation {
	case "create":
		return only(user, model.TaskUserCreate), model.OpCreate
	case "update":
		return only(user, model.TaskUserUpdate), model.OpUpdate
	case "deactivate":
		return only(user, model.TaskUserDeactivate), model.OpDisable
	case "reactivate":
		return only(user, model.TaskUserReactivate), model.OpUpdate
	case "delete":
		return only(user, model.TaskUserDelete), model.OpDelete
	case "reset":
		return model.TaskCredentialRotate, model.OpUpdate
	case "login":
		return model.TaskSessionLogin, model.OpOther
	case "grant":
		return entitlement(kind, model.TaskGroupAdd, model.TaskLicenseAssign), model.OpCreate
	case "revoke":
		if kind == "session" || kind == "token" {
			return model.TaskSessionRevoke, model.OpDelete
		}
		return entitlement(kind, model.TaskGroupRemove, model.TaskLicenseRevoke), model.OpDelete
	default:
		return model.TaskOther, model.OpOther
	}
}

func only(user bool, task model.TaskType) model.TaskType {
	if user {
		return task
	}
	return model.TaskOther
}

func entitlement(kind string, group, license model.TaskType) model.TaskType {
	switch kind {
	case "group", "team", "channel":
		return group
	case "license":
		return license
	case "role", "permission", "entitlement":
		return model.TaskRoleUpdate
	default:
		return model.TaskOther
	}
}

func person(objectType string) bool {
	return strings.EqualFold(objectType, "user") || strings.EqualFold(objectType, "account")
}

// address returns the first id of an object that is a mail address.
func address(object jsonx.Value) string {
	if id := object.Get("id").Text(); strings.Contains(id, "@") {
		return id
	}
	for v := object.Get("alt_ids").First(); v.Exists(); v = v.Next() {
		if strings.Contains(v.Text(), "@") {
			return v.Text()
		}
	}
	return ""
}

// appResult sets state, outcome and error from the result. That the target
// itself says "applied" confirms the change.
func appResult(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	if r.StatusNative, err = c.Required(data, "result"); err != nil {
		return err
	}
	r.ResponseCode = data.Get("code").Text()
	switch r.StatusNative {
	case "applied":
		r.State, r.Outcome, r.Effect = model.Terminal, model.Success, model.Confirmed
		return nil
	case "no_op":
		r.State, r.Outcome, r.Effect = model.Terminal, model.Success, model.NoOp
		return nil
	case "rejected", "failed":
		r.State, r.Outcome = model.Terminal, model.Failure
	default:
		r.State = model.UnknownState
		return nil
	}
	r.FailureStage = model.StageDownstream
	r.ErrorCode, r.ErrorMessage = r.ResponseCode, data.Get("message").Text()
	r.ClassifyMessage()
	if status, ok := data.Get("code").Int(); ok && status >= 400 && status <= 599 {
		r.ClassifyHTTP(int(status))
	}
	return nil
}

func keepApp(c *normalize.Context, e *cloudevents.Event) {
	for m := e.Data.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "app", "tenant_ref", "operation", "object", "result", "code", "request_correlation", "actor", "occurred_at":
		case "message":
			if e.Data.Get("result").Str() != "rejected" && e.Data.Get("result").Str() != "failed" {
				c.Keep(m)
			}
		default:
			c.Keep(m)
		}
	}
	for m := e.Data.Get("object").First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "type", "id", "name":
		default:
			c.KeepIn("object", m)
		}
	}
	keepActor(c, e.Data.Get("actor"))
	e.Keep(c)
}
