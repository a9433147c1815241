// Package idaas reads the provisioning logs of Alibaba Cloud IDaaS: tasks, and
// the entries that a task is made of.
//
// The vendor shows them to people only, so the payloads are a contract of this
// product: the types rl.alibaba.provisioning_task.v1 and
// rl.alibaba.provisioning_entry.v1, as CloudEvents or as their bare data. A task
// becomes a run, an entry an action. An entry without a task, which is how a
// single change is recorded, gets a synthetic run of its own; queries leave
// that out where they count runs. The jobs of the OpenAPI are package eiam.
package idaas

import (
	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/alibaba"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// TaskType and EntryType are the CloudEvents types.
const (
	TaskType  = "rl.alibaba.provisioning_task.v1"
	EntryType = "rl.alibaba.provisioning_entry.v1"
)

const name = "alibaba.provisioning"

// Format is alibaba.provisioning.
var Format = normalize.Format{
	Name:     name,
	Version:  1,
	Title:    "Alibaba Cloud IDaaS provisioning logs (" + TaskType + " and " + EntryType + ", as CloudEvents or bare)",
	Ref:      "https://help.aliyun.com/en/idaas/eiam/user-guide/provisioning-logs",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction},
	About:    about,
	Elements: cloudevents.Elements,
	Map:      mapElement,
}

func mapElement(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a task or an entry, which is an object")
	}
	if !cloudevents.Wrapped(c, v) {
		if v.Get("entry_id").Exists() {
			return MapEntry(c, &cloudevents.Event{Data: v})
		}
		return MapTask(c, &cloudevents.Event{Data: v})
	}
	e, err := cloudevents.Read(c, v)
	switch {
	case err != nil:
		return err
	case e.Type == TaskType:
		return MapTask(c, &e)
	case e.Type == EntryType:
		return MapEntry(c, &e)
	default:
		return e.UnknownType(EntryType, TaskType)
	}
}

// record appends a record with what tasks and entries both say. Its source is
// that of Format whatever brought it here, so that it keeps its identity.
func record(c *normalize.Context, e *cloudevents.Event, kind normalize.Kind, eventType string) *normalize.Record {
	r := c.New(kind)
	e.Record(r)
	r.Source, r.EventType = name, eventType
	return r
}

// setOrigin says what started it, and in which workflow: all that one module
// does in one direction.
func setOrigin(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	direction, err := c.Required(data, "direction")
	if err != nil {
		return err
	}
	if r.TriggerModule, err = c.Required(data, "trigger_module"); err != nil {
		return err
	}
	if r.TriggerNative, err = c.Required(data, "trigger_method"); err != nil {
		return err
	}
	r.TriggerModuleName = data.Get("trigger_module_name").Text()
	r.Direction = alibaba.Direction(direction)
	r.TriggerKind = alibaba.Trigger(r.TriggerNative, r.TriggerModule, r.Direction)
	r.WorkflowID = c.Concat(direction, "/", r.TriggerModule, "/", r.TriggerModuleName)
	r.WorkflowName = c.Concat(direction, " ", r.TriggerModule)
	if r.TriggerModuleName != "" {
		r.WorkflowName = c.Concat(r.WorkflowName, " ", r.TriggerModuleName)
	}
	if alibaba.Word(r.TriggerModule) == "application" {
		r.TargetApp = r.TriggerModuleName
	}
	return nil
}

func statusOf(native string) (model.State, model.Outcome) {
	switch alibaba.Word(native) {
	case "initial state":
		return model.Queued, model.NoOutcome
	case "running":
		return model.Running, model.NoOutcome
	case "successful":
		return model.Terminal, model.Success
	case "partially succeeded":
		return model.Terminal, model.Partial
	case "failed":
		return model.Terminal, model.Failure
	default:
		return model.UnknownState, model.NoOutcome
	}
}

func required(c *normalize.Context, data jsonx.Value, key string) (normalize.Micros, string, error) {
	v := data.Get(key)
	at, err := cloudevents.Time(c, v)
	if err == nil && at == 0 {
		err = normalize.Missing(data, key)
	}
	return at, v.Str(), err
}

// object returns the member key of v, Missing where it is absent or null.
func object(v jsonx.Value, key string) (jsonx.Value, error) {
	m := v.Get(key)
	switch {
	case m.Kind() == jsonx.Object:
		return m, nil
	case !m.Exists() || m.IsNull():
		return jsonx.Value{}, nil
	default:
		return jsonx.Value{}, normalize.WrongType(m, "an object")
	}
}

// keepRest keeps what no field holds: members that are not of the contract,
// and those of it that are not the text they should be.
func keepRest(c *normalize.Context, e *cloudevents.Event) {
	for m := e.Data.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "failed", "synced_object":
		case "task_id", "entry_id", "direction", "trigger_module", "trigger_module_name", "trigger_method", "retriggered_from",
			"time", "start_time", "end_time", "status", "status_description", "sync_type", "failure_reason":
			if m.Kind() == jsonx.Object || m.Kind() == jsonx.Array {
				c.Keep(m)
			}
		default:
			c.Keep(m)
		}
	}
	c.KeepText("cloudevents", "id", e.ID)
	e.Keep(c)
}
