package googleworkspace

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// parameters holds those parameters of an event that are mapped; the names are
// in capitals in some applications and not in others.
type parameters struct {
	user, group, product, setting, old, value jsonx.Value
	role, failure                             jsonx.Value
	run, job, level, dry, target              jsonx.Value
}

// read takes the parameters of an event in, and keeps those that are not mapped:
// by their names, or all of them as they are where names do not tell them apart.
func (p *parameters) read(c *normalize.Context, list jsonx.Value) {
	if list.Kind() != jsonx.Array {
		c.KeepAs("event", "parameters", list)
		return
	}
	named := areNamed(list)
	for m := list.First(); m.Exists(); m = m.Next() {
		name, v := m.Get("name").Text(), valueOf(m)
		if at := p.member(strings.ToLower(name)); at != nil && !at.Exists() && v.Text() != "" {
			*at = v
		} else if named {
			c.KeepAs("parameters", name, v)
		}
	}
	if !named {
		c.KeepAs("event", "parameters", list)
	}
}

// areNamed reports whether each item of a list has one value and a name that no
// other has. Long lists are not looked through.
func areNamed(list jsonx.Value) bool {
	if list.Len() > 64 {
		return false
	}
	for m := list.First(); m.Exists(); m = m.Next() {
		name := m.Get("name").Text()
		if name == "" || m.Len() != 2 {
			return false
		}
		for o := m.Next(); o.Exists(); o = o.Next() {
			if o.Get("name").Text() == name {
				return false
			}
		}
	}
	return true
}

// valueOf returns the value of a parameter, whichever member it is in.
func valueOf(m jsonx.Value) jsonx.Value {
	for v := m.First(); v.Exists(); v = v.Next() {
		if v.Key() != "name" {
			return v
		}
	}
	return jsonx.Value{}
}

func (p *parameters) member(name string) *jsonx.Value {
	switch name {
	case "user_email", "affected_email_address", "member_id", "email":
		return &p.user
	case "group_email", "group_id":
		return &p.group
	case "product_name", "application_name", "app_name":
		return &p.product
	case "setting_name", "field_name", "user_custom_field":
		return &p.setting
	case "old_value":
		return &p.old
	case "new_value":
		return &p.value
	case "role_name":
		return &p.role
	case "login_failure_type":
		return &p.failure
	case "sync_run":
		return &p.run
	case "sync_job":
		return &p.job
	case "log_level":
		return &p.level
	case "dry_run":
		return &p.dry
	case "target_object_id":
		return &p.target
	default:
		return nil
	}
}

// set fills in whom and what an event is about.
func (p *parameters) set(c *normalize.Context, r *normalize.Record, event string) {
	r.SubjectName = p.user.Text()
	if strings.IndexByte(r.SubjectName, '@') > 0 {
		r.SubjectEmail = r.SubjectName
	}
	r.TargetApp = p.product.Text()
	switch {
	case p.group.Exists():
		r.ObjectType, r.ObjectName = "group", p.group.Text()
		c.KeepAs("parameters", "role_name", p.role)
	case p.role.Exists():
		r.ObjectType, r.ObjectName = "role", p.role.Text()
	case p.user.Exists():
		r.ObjectType, r.ObjectName = "user", r.SubjectName
	}
	if r.ObjectID = p.target.Text(); r.ObjectID != "" && r.ObjectType == "" {
		r.ObjectType = "object"
	}
	path := p.setting.Text()
	if path == "" {
		path = event
	} else if !p.old.Exists() && !p.value.Exists() {
		c.KeepAs("parameters", "setting_name", p.setting)
	}
	c.Change(path, p.old, p.value)
	r.Changes = c.Changes()
}

// setAudit notes what was changed. What happened is confirmed by that it was
// written down, but for events whose name says that they were tried in vain.
func (p *parameters) setAudit(r *normalize.Record, rule rule) {
	r.ChangeKind = rule.change
	switch {
	case rule.fails:
		r.Outcome, r.FailureStage = model.Failure, model.StageAction
		r.ErrorCode, r.ErrorType = p.failure.Text(), r.EventType
		r.ErrorClass, r.ErrorCategory, r.ClassSource = model.Permanent, model.CategoryAuth, model.FromEventType
	case r.TaskType.Changes():
		r.Effect = model.Confirmed
	}
}

// setSync makes r a step of a run of Directory Sync, which does tell of errors
// by the level of its log. A dry run changes nothing.
func (p *parameters) setSync(r *normalize.Record) {
	r.RunID, r.WorkflowID, r.WorkflowName = p.run.Text(), p.job.Text(), p.job.Text()
	r.ActionID, r.Direction, r.EndedTime = r.NativeID, model.Inbound, r.EventTime
	r.StatusNative = p.level.Text()
	if r.ObjectType == "object" && strings.HasSuffix(r.EventType, "_USER") {
		r.ObjectType, r.SubjectID = "user", r.ObjectID
	}
	dry, _ := p.dry.Bool()
	switch r.StatusNative {
	case "ERROR", "FATAL":
		r.Outcome, r.FailureStage = model.Failure, model.StageAction
		r.ErrorCode, r.ErrorType = r.EventType, r.StatusNative
		r.ErrorClass, r.ErrorCategory = model.UnknownClass, model.CategoryUnknown
	default:
		if r.TaskType.Changes() {
			r.Effect = model.Confirmed
		}
	}
	if dry {
		r.Effect, r.StatusReason = model.NoOp, "dry run"
	}
}
