// Package entraprovisioning reads the provisioning log of Microsoft Entra: the
// provisioningObjectSummary of Microsoft Graph, the record of the category
// ProvisioningLogs that Azure Monitor streams to event hubs and storage, and the
// row of the table AADProvisioningLogs.
//
// A summary tells what one cycle of a job did with one object; it becomes an
// action of the run that the cycle is. The three shapes give the same record
// identity, so that what is streamed and polled is one action. The package does
// not make up runs, and cannot see what the service never took in: a bulk upload
// that is answered with 202 leaves no trace here until it is processed.
//
// Reference: https://learn.microsoft.com/graph/api/resources/provisioningobjectsummary
package entraprovisioning

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is entra.provisioning.
var Format = normalize.Format{
	Name:    "entra.provisioning",
	Version: 1,
	Title:   "Microsoft Entra provisioning summaries (Graph) and ProvisioningLogs (Azure Monitor)",
	Ref:     "https://learn.microsoft.com/graph/api/resources/provisioningobjectsummary",
	Emits:   []normalize.Kind{normalize.KindAction},
	About:   about,
	Map:     mapSummary,
}

const category = "ProvisioningLogs"

// summary is an element in words that do not depend on its shape.
type summary struct {
	body jsonx.Value // the object that the members of Graph stand in

	id, job, cycle, change, correlation string
	category, operation, action         string
	at, recorded, duration              jsonx.Value

	result string // of Azure Monitor, over all: resultType
	outer  string // beside the status: an integer
	status string
	fault  fault

	app, initiator, source, target, subject, object party
	steps, properties                               jsonx.Value
}

// fault is an errorInformation.
type fault struct{ code, reason, category string }

func mapSummary(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a provisioning summary, which is an object")
	}
	s := summary{body: v}
	s.read(c, "", v)
	switch {
	case s.category != "" && !strings.EqualFold(s.category, category):
		return normalize.Invalid(v, normalize.UnknownType, "want the category %s, got %q", category, s.category)
	case s.id == "":
		return normalize.Missing(s.body, "id")
	}
	r := c.New(normalize.KindAction)
	if err := s.setTimes(c, r); err != nil {
		return err
	}
	s.setIdentity(c, r)
	s.setParties(c, r)
	s.setTask(c, r)
	e := s.readSteps(c)
	s.setStatus(c, r, &e)
	r.StepLog = e.log
	s.readChanges(c)
	r.Changes = c.Changes()
	r.Unmapped = c.Kept()
	return nil
}

// setTimes takes the moment of the activity as its end: a summary is written
// once it is over.
func (s *summary) setTimes(c *normalize.Context, r *normalize.Record) (err error) {
	at := s.at
	if !told(at) {
		at = s.recorded
	}
	if !told(at) {
		return normalize.Missing(s.body, "activityDateTime")
	}
	if err := c.EventTime(r, at); err != nil {
		return err
	}
	if r.RecordedTime, _, err = c.Time(s.recorded); err != nil {
		return err
	}
	r.EndedTime, r.UpdatedTime = r.EventTime, r.EventTime
	const day = 24 * 3600 * 1000
	if ms, ok := s.duration.Int(); ok && ms > 0 && ms < day {
		r.StartedTime = r.EndedTime - normalize.Micros(ms*1000)
	}
	return nil
}

func told(v jsonx.Value) bool {
	return v.Exists() && !v.IsNull() && (v.Kind() != jsonx.String || v.Str() != "")
}

// setIdentity composes the native id: two events about different things were
// seen under one id. A second event about the same thing is a revision.
func (s *summary) setIdentity(c *normalize.Context, r *normalize.Record) {
	r.NativeID = s.id
	if s.action != "" || s.subject.id != "" {
		r.NativeID = c.Concat(s.id, "/", actionOf(s.action), "/", s.subject.id)
	}
	r.NativeType, r.EventType = "provisioningObjectSummary", s.operation
	if r.EventType == "" {
		r.EventType = "provisioningObjectSummary"
	}
	r.ActionID, r.CorrelationID = s.id, s.change
	switch {
	case s.correlation == "":
	case r.CorrelationID == "":
		r.CorrelationID = s.correlation
	case s.correlation != r.CorrelationID:
		c.KeepText("", "correlationId", s.correlation)
	}
	r.WorkflowID, r.WorkflowName = s.job, s.app.name
	r.RunID = s.cycle
	if r.RunID == "" && s.job != "" {
		r.RunID = c.Concat(s.job, "/", r.EventTime.Time().Format("2006-01-02T15")) // the hour stands for the cycle
	}
}

func (s *summary) setParties(c *normalize.Context, r *normalize.Record) {
	r.TargetApp, r.TargetAppID = s.target.name, s.target.id
	r.SubjectID, r.SubjectName, r.SubjectEmail = s.subject.id, s.subject.label(), s.subject.email()
	r.ObjectType, r.ObjectID, r.ObjectName = s.object.kind, s.object.id, s.object.label()
	if r.ObjectType == "" {
		r.ObjectType = s.subject.kind
	}
	r.ActorID, r.ActorName, r.TriggerNative = s.initiator.id, s.initiator.name, s.initiator.kind
	switch strings.ToLower(s.initiator.kind) {
	case "user", "0":
		r.ActorType, r.TriggerKind = model.ActorUser, model.TriggerManual
	case "application", "app", "1":
		r.ActorType, r.TriggerKind = model.ActorApp, model.TriggerAPI
	case "system", "2":
		r.ActorType, r.TriggerKind = model.ActorSystem, model.TriggerSchedule
	default:
		r.TriggerKind = model.TriggerUnknown
	}
	switch {
	case s.target.isDirectory():
		r.Direction = model.Inbound
	case s.source.isDirectory():
		r.Direction = model.Outbound
	default:
		r.Direction = model.UnknownDirection
	}
	c.KeepText("sourceSystem", "displayName", s.source.name)
	c.KeepText("sourceSystem", "id", s.source.id)
	c.KeepText("servicePrincipal", "id", s.app.id)
	if s.subject.kind != r.ObjectType {
		c.KeepText("sourceIdentity", "identityType", s.subject.kind)
	}
}

func (s *summary) setTask(c *normalize.Context, r *normalize.Record) {
	action := actionOf(s.action)
	r.ActionName = s.action
	if r.ActionName == "" || action != strings.ToLower(s.action) {
		r.ActionName = action // an integer says nothing to people
		c.KeepText("", "provisioningAction", s.action)
	}
	r.TaskType, r.Operation = taskOf(action, r.ObjectType)
}

// actionOf returns provisioningAction in lower case, by its name or by its
// number in the enumeration.
func actionOf(native string) string {
	numbers := [...]string{"other", "create", "delete", "disable", "update", "stageddelete"}
	if len(native) == 1 && int(native[0]-'0') < len(numbers) {
		return numbers[native[0]-'0']
	}
	return strings.ToLower(native)
}

// taskOf says what an action does to an object of that type.
func taskOf(action, object string) (model.TaskType, model.Operation) {
	task, operation := model.TaskOther, model.OpOther
	switch action {
	case "create":
		task, operation = model.TaskUserCreate, model.OpCreate
	case "update":
		task, operation = model.TaskUserUpdate, model.OpUpdate
	case "delete", "stageddelete":
		task, operation = model.TaskUserDelete, model.OpDelete
	case "disable":
		task, operation = model.TaskUserDeactivate, model.OpDisable
	}
	if object != "" && !strings.EqualFold(object, "user") && !strings.EqualFold(object, "worker") {
		task = model.TaskOther
	}
	return task, operation
}
