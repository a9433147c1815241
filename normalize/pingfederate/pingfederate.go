// Package pingfederate reads the audit log of PingFederate's outbound
// provisioner, provisioner-audit.log: one line of text for each operation at a
// target, its fields set apart by bars in the order that the product ships.
//
// A line becomes one action of the run that is its provisioning cycle; nothing
// says when a cycle starts or ends, so there is no record of the run itself.
// Lines have no id: the same line twice is the same action. The package does not
// read other patterns, which administrators can set in log4j2.xml; the reference is
// https://docs.pingidentity.com/pingfederate/latest/administrators_reference_guide/pf_outbound_provis_audit_loggin.html
package pingfederate

import (
	"fmt"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
)

// Format is pingfederate.provisioner.
var Format = normalize.Format{
	Name:    "pingfederate.provisioner",
	Version: 1,
	Title:   "PingFederate outbound provisioning audit log (provisioner-audit.log, lines of text)",
	Ref:     "https://docs.pingidentity.com/pingfederate/latest/administrators_reference_guide/pf_outbound_provis_audit_loggin.html",
	Emits:   []normalize.Kind{normalize.KindAction},
	About:   about,
	MapLine: mapLine,
}

// The fields of a line. The last may hold bars of its own.
const (
	fieldTime = iota
	fieldCycle
	fieldChannel
	fieldEvent
	fieldSource
	fieldTarget
	fieldSuccess
	fieldCause
	fieldCount
)

var names = [fieldCount]string{"time", "cycle_id", "channel_id", "event_type", "source_id", "target_id", "is_success", "non_success_cause"}

type fields struct {
	text  [fieldCount]string
	start [fieldCount]int // bytes from the start of the line
}

// split cuts line at its first seven bars. A line with fewer was torn: the
// last bar stands there also where nothing follows it.
func split(line string) (f fields, err error) {
	at := 0
	for i := range fieldCount {
		rest := line[at:]
		end := strings.IndexByte(rest, '|')
		switch {
		case i == fieldCause:
			end = len(rest)
		case end < 0:
			reason := normalize.Truncated
			if i == 0 {
				reason = normalize.Malformed // no bar in it: another log, or the rest of a stack trace
			}
			return f, &normalize.Error{
				Reason: reason, Path: names[i+1], Offset: len(line),
				Detail: fmt.Sprintf("want %d fields with | between them (%s), got %d", fieldCount, strings.Join(names[:], " | "), i+1),
			}
		}
		f.text[i], f.start[i] = strings.TrimSpace(rest[:end]), at
		at += end + 1
	}
	return f, nil
}

func (f *fields) fail(i int, reason normalize.Reason, detail string) error {
	return &normalize.Error{Reason: reason, Path: names[i], Offset: f.start[i], Detail: detail}
}

func mapLine(c *normalize.Context, line string) error {
	f, err := split(line)
	if err != nil {
		return err
	}
	for _, i := range [...]int{fieldTime, fieldEvent, fieldSuccess} {
		if f.text[i] == "" {
			return f.fail(i, normalize.MissingField, fmt.Sprintf("%q is required and empty", names[i]))
		}
	}
	at, quality, err := c.TextTime(f.text[fieldTime])
	if err != nil {
		return f.fail(fieldTime, normalize.BadTime, err.Error())
	}
	r := c.New(normalize.KindAction)
	r.EventTime, r.TimeQuality, r.EventTimeNative = at, quality, f.text[fieldTime]
	r.EndedTime = at
	r.NativeType, r.EventType, r.ActionName = "provisioner_audit", f.text[fieldEvent], f.text[fieldEvent]
	r.RunID, r.CorrelationID = f.text[fieldCycle], f.text[fieldCycle]
	r.WorkflowID = f.text[fieldChannel]
	r.ObjectID = f.text[fieldTarget]
	r.Direction, r.TriggerKind = model.Outbound, model.TriggerSchedule
	r.ActorType = model.ActorSystem
	word := strings.ToUpper(f.text[fieldEvent])
	r.TaskType, r.Operation = task(word)
	if strings.Contains(word, "GROUP") {
		r.ObjectType = "group"
		c.KeepText("", names[fieldSource], f.text[fieldSource])
	} else {
		r.SubjectID = f.text[fieldSource]
	}
	setOutcome(r, f.text[fieldSuccess], f.text[fieldCause])
	r.Unmapped = c.Kept()
	return nil
}

// task reads an event type in capitals. The log does not tell users from groups
// unless the word does.
func task(word string) (model.TaskType, model.Operation) {
	group := strings.Contains(word, "GROUP")
	for _, v := range verbs {
		if !strings.Contains(word, v.word) {
			continue
		}
		if group {
			return model.TaskOther, v.task.Operation()
		}
		return v.task, v.task.Operation()
	}
	return model.TaskOther, model.OpOther
}

// verbs are tried in order: DEACTIVATE comes before the ACTIVATE in it.
var verbs = [...]struct {
	word string
	task model.TaskType
}{
	{"CREATE", model.TaskUserCreate},
	{"UPDATE", model.TaskUserUpdate},
	{"DELETE", model.TaskUserDelete},
	{"REMOVE", model.TaskUserDelete},
	{"DISABLE", model.TaskUserDeactivate},
	{"DEACTIVATE", model.TaskUserDeactivate},
	{"ENABLE", model.TaskUserReactivate},
	{"ACTIVATE", model.TaskUserReactivate},
}

// setOutcome reads is_success. A cause beside a success is kept as the reason
// of the status and contradicts nothing.
func setOutcome(r *normalize.Record, success, cause string) {
	r.StatusNative, r.StatusReason = success, cause
	switch {
	case strings.EqualFold(success, "true"):
		r.State, r.Outcome = model.Terminal, model.Success
		if r.TaskType != model.TaskOther {
			r.Effect = model.Changed
		}
	case strings.EqualFold(success, "false"):
		r.State, r.Outcome = model.Terminal, model.Failure
		r.ErrorMessage, r.FailureStage = cause, model.StageDownstream
		r.ClassifyMessage()
	default:
		r.State, r.EndedTime = model.UnknownState, 0
	}
}
