package idaas

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/alibaba"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// MapEntry appends the action of the entry that e.Data describes, and before it
// a synthetic run if the entry belongs to no task:
//
//	entry_id*            id of the entry
//	task_id              id of its task, absent for a single change
//	time*                RFC 3339
//	direction*           inbound, outbound
//	trigger_module*      identity provider, application, account
//	trigger_module_name  such as the name of the application
//	trigger_method*      manual, automatic
//	synced_object*       {type*, id*, name}
//	sync_type*           create, update, delete, enable, disable, add, remove, same
//	status*              Successful, Failed
//	failure_reason       free text
func MapEntry(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "an entry, which is an object")
	}
	id, err := c.Required(data, "entry_id")
	if err != nil {
		return err
	}
	single := data.Get("task_id").Text() == ""
	if single {
		if err := mapSingle(c, e, id); err != nil {
			return err
		}
	}
	r := record(c, e, normalize.KindAction, EntryType)
	r.NativeID, r.NativeType, r.ActionID = id, "entry", id
	if r.RunID = data.Get("task_id").Text(); single {
		r.RunID = singleRun(c, id)
	}
	if err := setEntry(c, r, e); err != nil {
		return err
	}
	if err := setObject(c, r, data); err != nil {
		return err
	}
	r.Effect = effect(r)
	keepRest(c, e)
	r.Unmapped = c.Kept()
	return nil
}

func singleRun(c *normalize.Context, entry string) string { return c.Concat("entry/", entry) }

// mapSingle appends the run that an entry without a task stands for.
func mapSingle(c *normalize.Context, e *cloudevents.Event, id string) error {
	r := record(c, e, normalize.KindRun, EntryType)
	r.RunID = singleRun(c, id)
	r.NativeID, r.NativeType, r.Synthetic = r.RunID, "entry", true
	if err := setEntry(c, r, e); err != nil {
		return err
	}
	r.Counts = c.Counts([]model.Child{{State: r.State, Outcome: r.Outcome}})
	return nil
}

// setEntry sets what an entry and its synthetic run both say.
func setEntry(c *normalize.Context, r *normalize.Record, e *cloudevents.Event) (err error) {
	if err := setOrigin(c, r, e.Data); err != nil {
		return err
	}
	if e.Data.Get("task_id").Text() == "" && alibaba.Word(r.TriggerNative) == "automatic" {
		r.TriggerKind = model.TriggerEvent // a single change starts by itself when the data change
	}
	if r.StatusNative, err = c.Required(e.Data, "status"); err != nil {
		return err
	}
	r.State, r.Outcome = statusOf(r.StatusNative)
	at, text, err := required(c, e.Data, "time")
	if err != nil {
		return err
	}
	r.EventTime, r.EventTimeNative, r.UpdatedTime = at, text, max(at, e.Time)
	if r.State == model.Terminal {
		r.EndedTime = at
	}
	reason := e.Data.Get("failure_reason").Text()
	if !r.Outcome.FailedStrict() {
		r.StatusReason = reason
		return nil
	}
	r.ErrorMessage, r.FailureStage = reason, model.StageAction
	if r.Direction == model.Outbound {
		r.FailureStage = model.StageDownstream
	}
	r.ClassifyMessage()
	return nil
}

func setObject(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	synced, err := object(data, "synced_object")
	if err != nil {
		return err
	}
	if !synced.Exists() {
		return normalize.Missing(data, "synced_object")
	}
	if r.ObjectType, err = c.Required(synced, "type"); err != nil {
		return err
	}
	if r.ObjectID, err = c.Required(synced, "id"); err != nil {
		return err
	}
	r.ObjectName = synced.Get("name").Text()
	for m := synced.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "type", "id", "name":
		default:
			c.KeepIn("synced_object", m)
		}
	}
	if r.ActionName, err = c.Required(data, "sync_type"); err != nil {
		return err
	}
	r.TaskType, r.Operation = task(r.ObjectType, r.ActionName)
	if account(r.ObjectType) {
		r.SubjectID, r.SubjectName = r.ObjectID, r.ObjectName
		if strings.Contains(r.ObjectName, "@") {
			r.SubjectEmail = r.ObjectName
		}
	}
	return nil
}

func account(kind string) bool {
	kind = alibaba.Word(kind)
	return kind == "account" || kind == "user"
}

// task says what a synchronisation does to an object of that kind.
func task(kind, sync string) (model.TaskType, model.Operation) {
	kind, sync = alibaba.Word(kind), alibaba.Word(sync)
	user, member := account(kind), kind == "membership" || kind == "group member"
	switch sync {
	case "create", "add", "import", "push":
		return pick(user, model.TaskUserCreate, member, model.TaskGroupAdd), model.OpCreate
	case "update":
		return pick(user, model.TaskUserUpdate, member, model.TaskOther), model.OpUpdate
	case "delete", "remove":
		return pick(user, model.TaskUserDelete, member, model.TaskGroupRemove), model.OpDelete
	case "disable":
		return pick(user, model.TaskUserDeactivate, member, model.TaskOther), model.OpDisable
	case "enable":
		return pick(user, model.TaskUserReactivate, member, model.TaskOther), model.OpUpdate
	case "same":
		return pick(user, model.TaskUserSync, member, model.TaskOther), model.OpRead
	case "sync":
		return pick(user, model.TaskUserSync, member, model.TaskOther), model.OpOther
	default:
		return model.TaskOther, model.OpOther
	}
}

func pick(user bool, ofUser model.TaskType, member bool, ofMember model.TaskType) model.TaskType {
	switch {
	case user:
		return ofUser
	case member:
		return ofMember
	default:
		return model.TaskOther
	}
}

func effect(r *normalize.Record) model.Effect {
	switch {
	case r.Outcome != model.Success || r.Operation == model.OpOther:
		return ""
	case r.Operation == model.OpRead:
		return model.NoOp
	default:
		return model.Changed
	}
}
