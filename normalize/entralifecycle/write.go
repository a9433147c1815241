package entralifecycle

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

func writeRun(c *normalize.Context, v jsonx.Value, w where) error {
	x := read(c, v)
	if x.id == "" {
		return normalize.Missing(v, "id")
	}
	w.run, w.execution = x.id, x.execution
	if x.version == "" {
		x.version = x.users.First().Get("workflowVersion").Text()
	}
	r := c.New(normalize.KindRun)
	x.set(c, r, w, "run")
	if err := x.setTimes(c, r); err != nil {
		return err
	}
	x.setOrigin(c, r)
	r.Truncated = x.cut || x.users.Exists() && x.totalUsers.n > int64(x.users.Len())
	x.setRunStatus(c, r)
	r.Unmapped = c.Kept()
	for u := x.users.First(); u.Exists(); u = u.Next() {
		if u.Kind() != jsonx.Object {
			return normalize.WrongType(u, "a userProcessingResult, which is an object")
		}
		if err := writeUser(c, u, w); err != nil {
			return err
		}
	}
	return writeTasks(c, x.tasks, w)
}

func writeUser(c *normalize.Context, v jsonx.Value, w where) error {
	x := read(c, v)
	if x.id == "" {
		return normalize.Missing(v, "id")
	}
	w.user, w.version = x.id, x.version
	if x.execution != "" {
		w.execution = x.execution
	}
	r := c.New(normalize.KindSubject)
	x.set(c, r, w, "userProcessingResult")
	if err := x.setTimes(c, r); err != nil {
		return err
	}
	x.setOrigin(c, r)
	x.setSubject(c, r)
	r.Truncated = x.cut || x.tasks.Exists() && x.totalTasks.n > int64(x.tasks.Len())
	x.setUserStatus(c, r)
	r.Unmapped = c.Kept()
	return writeTasks(c, x.tasks, w)
}

func writeTasks(c *normalize.Context, tasks jsonx.Value, w where) error {
	for t := tasks.First(); t.Exists(); t = t.Next() {
		if t.Kind() != jsonx.Object {
			return normalize.WrongType(t, "a taskProcessingResult, which is an object")
		}
		if err := writeTask(c, t, w); err != nil {
			return err
		}
	}
	return nil
}

func writeTask(c *normalize.Context, v jsonx.Value, w where) error {
	x := read(c, v)
	if x.id == "" {
		return normalize.Missing(v, "id")
	}
	r := c.New(normalize.KindAction)
	x.set(c, r, w, "taskProcessingResult")
	if err := x.setTimes(c, r); err != nil {
		return err
	}
	x.setSubject(c, r)
	r.ActionID = x.id
	x.setTask(c, r)
	x.setTaskStatus(c, r)
	c.KeepText("userProcessingResult", "id", w.user)
	r.Unmapped = c.Kept()
	return nil
}

// set fills in what all records have.
func (x *result) set(c *normalize.Context, r *normalize.Record, w where, name string) {
	if x.typ != "" {
		name = x.typ
	}
	r.NativeID, r.NativeType, r.StatusNative = x.id, name, x.status
	r.EventType = c.Concat(namespace, name)
	r.RunID, r.WorkflowID, r.WorkflowVersion = w.run, w.workflow, w.version
	if x.version != "" {
		r.WorkflowVersion = x.version
	}
	r.TriggerNative, r.TriggerKind = w.execution, triggerOf(w.execution)
}

func triggerOf(execution string) model.TriggerKind {
	switch execution {
	case "scheduled":
		return model.TriggerSchedule
	case "onDemand", "activatedWithScope", "activatedOnScope", "preview":
		return model.TriggerManual
	case "extensibilityOnDemand":
		return model.TriggerAPI
	default:
		return model.TriggerUnknown
	}
}

// setOrigin names the run that this one processed again.
func (x *result) setOrigin(c *normalize.Context, r *normalize.Record) {
	first := x.reprocessed.First()
	switch first.Get("id").Text() {
	case "", r.RunID:
		if first.Exists() {
			c.Keep(x.reprocessed)
		}
		return
	}
	r.OriginRunID, r.TriggerKind = first.Get("id").Text(), model.TriggerResubmit
	if x.reprocessed.Len() > 1 || first.Len() > 1 {
		c.Keep(x.reprocessed)
	}
}

func (x *result) setSubject(c *normalize.Context, r *normalize.Record) {
	var mail string
	for m := x.subject.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "id":
			text(c, &r.SubjectID, "subject", m)
		case "displayName":
			text(c, &r.SubjectName, "subject", m)
		case "userPrincipalName":
			text(c, &r.SubjectEmail, "subject", m)
		case "mail":
			mail = m.Text()
			c.KeepIn("subject", m)
		case "@odata.type", "@odata.context":
		default:
			c.KeepIn("subject", m)
		}
	}
	if r.SubjectEmail == "" {
		r.SubjectEmail = mail
	}
}

func (x *result) setTask(c *normalize.Context, r *normalize.Record) {
	var definition string
	for m := x.task.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "displayName":
			text(c, &r.ActionName, "task", m)
		case "executionSequence":
			r.Sequence, _ = m.Int()
			if r.Sequence == 0 {
				c.KeepIn("task", m)
			}
		case "taskDefinitionId":
			definition = m.Text()
			c.KeepIn("task", m)
		case "category":
			if text(c, &r.Lifecycle, "task", m); strings.IndexByte(r.Lifecycle, ',') >= 0 {
				r.Lifecycle = "" // where the task may be used, not what this run was
				c.KeepIn("task", m)
			}
		case "arguments":
			r.Payload = payload(c, m)
		case "@odata.type", "@odata.context":
		default:
			c.KeepIn("task", m)
		}
	}
	r.TaskType = taskOf(definition)
}

// payload writes the arguments under their names, so that those which are
// secret are masked.
func payload(c *normalize.Context, arguments jsonx.Value) string {
	if arguments.Kind() != jsonx.Array {
		c.KeepIn("task", arguments)
		return ""
	}
	if arguments.Len() == 0 {
		return ""
	}
	return c.Write(func(dst []byte) []byte {
		dst = append(dst, `{"parameters":[`...)
		for a := arguments.First(); a.Exists(); a = a.Next() {
			if dst[len(dst)-1] != '[' {
				dst = append(dst, ',')
			}
			name, value := a.Get("name").Str(), a.Get("value")
			if name == "" || !value.Exists() || a.Len() > 2 {
				dst = c.AppendMasked(dst, name, a)
				continue
			}
			dst = normalize.AppendString(append(dst, `{"name":`...), name)
			dst = c.AppendInner(append(dst, `,"value":`...), name, value)
			dst = append(dst, '}')
		}
		return append(dst, "]}"...)
	})
}
