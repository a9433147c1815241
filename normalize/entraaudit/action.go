package entraaudit

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// writeAction appends what the provisioning service did as an action.
func (e *entry) writeAction(c *normalize.Context, audit normalize.Record) {
	r := c.New(normalize.KindAction)
	r.NativeID, r.NativeType, r.EventType = audit.NativeID, audit.NativeType, audit.EventType
	r.CorrelationID, r.StatusNative, r.StatusReason = audit.CorrelationID, audit.StatusNative, audit.StatusReason
	r.EventTime, r.EventTimeNative, r.TimeQuality = audit.EventTime, audit.EventTimeNative, audit.TimeQuality
	r.RecordedTime, r.UpdatedTime = audit.RecordedTime, audit.EventTime
	r.State, r.Outcome, r.TriggerKind = audit.State, audit.Outcome, audit.TriggerKind
	if r.State == model.Terminal {
		r.EndedTime = audit.EventTime
	}
	r.ActorType, r.ActorID, r.ActorName, r.ActorEmail = audit.ActorType, audit.ActorID, audit.ActorName, audit.ActorEmail
	r.SubjectID, r.SubjectName, r.SubjectEmail = audit.SubjectID, audit.SubjectName, audit.SubjectEmail
	r.TargetApp, r.TargetAppID = audit.TargetApp, audit.TargetAppID
	r.ObjectType, r.ObjectID, r.ObjectName = audit.ObjectType, audit.ObjectID, audit.ObjectName
	r.ActionID, r.ActionName = audit.NativeID, audit.EventType
	r.TaskType, r.Operation, r.Direction = e.task(audit.EventType)
	r.ErrorClass, r.ErrorCategory, r.ClassSource = audit.ErrorClass, audit.ErrorCategory, audit.ClassSource
	r.ErrorCode, r.ErrorMessage = audit.ErrorCode, audit.ErrorMessage
	if r.Outcome.Failed() {
		r.FailureStage = model.StageAction
		if r.Direction == model.Outbound {
			r.FailureStage = model.StageDownstream
		}
		if code := e.detail("ErrorCode"); r.ErrorCode == "" {
			r.ErrorCode = code
		}
	}
}

// task reads the event of the provisioning service, such as EntryExportAdd, and
// else its activity: Export or Import.
func (e *entry) task(activity string) (model.TaskType, model.Operation, model.Direction) {
	event := e.detail("EventName")
	direction := model.UnknownDirection
	switch {
	case strings.HasPrefix(event, "EntryExport") || activity == "Export":
		direction = model.Outbound
	case strings.HasPrefix(event, "EntryImport") || activity == "Import":
		return model.TaskUserSync, model.OpRead, model.Inbound
	default:
		return model.TaskOther, model.OpOther, direction
	}
	switch {
	case strings.HasSuffix(event, "Add"):
		return model.TaskUserCreate, model.OpCreate, direction
	case strings.HasSuffix(event, "Update"):
		return model.TaskUserUpdate, model.OpUpdate, direction
	case strings.HasSuffix(event, "Delete"):
		return model.TaskUserDelete, model.OpDelete, direction
	default:
		return model.TaskOther, model.OpOther, direction
	}
}
