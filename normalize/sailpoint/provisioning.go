package sailpoint

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// provisioning is the input of the trigger Provisioning Completed.
type provisioning struct {
	c        *normalize.Context
	v        jsonx.Value
	tracking string
	children []model.Child
}

func mapProvisioning(c *normalize.Context, v jsonx.Value) error {
	p := provisioning{c: c, v: v}
	var err error
	if p.tracking, err = c.Required(v, "trackingNumber"); err != nil {
		return err
	}
	list := v.Get("accountRequests")
	if list.Kind() != jsonx.Array {
		return normalize.WrongType(list, "an array of account requests")
	}
	for request := list.First(); request.Exists(); request = request.Next() {
		if request.Kind() != jsonx.Object {
			return normalize.WrongType(request, "an account request, which is an object")
		}
		state, outcome, _ := requestStatus(request.Get("provisioningResult").Text())
		p.children = append(p.children, model.Child{State: state, Outcome: outcome})
	}
	p.addRun()
	i := 0
	for request := list.First(); request.Exists(); request = request.Next() {
		p.addAction(request, i)
		i++
	}
	return nil
}

// record appends a record that says what all records of the run say. The
// trigger says no time: that of its arrival stands in.
func (p *provisioning) record(kind normalize.Kind) *normalize.Record {
	r := p.c.New(kind)
	r.EventType, r.RunID, r.CorrelationID = "idn:post-provisioning", p.tracking, p.tracking
	r.Direction = model.Outbound
	recipient, requester := p.v.Get("recipient"), p.v.Get("requester")
	r.SubjectID, r.SubjectName = recipient.Get("id").Text(), recipient.Get("name").Text()
	r.ActorID, r.ActorName = requester.Get("id").Text(), requester.Get("name").Text()
	if r.ActorType = model.ActorSystem; r.ActorID != "" || r.ActorName != "" {
		r.ActorType = model.ActorUser
	}
	r.WorkflowName = p.v.Get("action").Text()
	r.TriggerNative, r.TriggerKind = r.WorkflowName, trigger(r.WorkflowName)
	return r
}

// trigger reads where a request came from.
func trigger(action string) model.TriggerKind {
	switch action {
	case "IdentityRefresh", "Identity Refresh":
		return model.TriggerRule
	case "AccessRequest", "Access Request", "CloudAutomated", "LifecycleStateChange":
		return model.TriggerEvent
	case "Certification":
		return model.TriggerPolicy
	default:
		return model.TriggerUnknown
	}
}

// addRun appends the run. The trigger fires when provisioning is complete and
// has no status: the requests are rolled up. Errors beside requests that all
// succeeded make it partial.
func (p *provisioning) addRun() {
	c := p.c
	r := p.record(normalize.KindRun)
	r.NativeID, r.NativeType = p.tracking, "provisioning"
	status := model.Rollup(p.children)
	if len(p.children) == 0 {
		status = model.Status{State: model.UnknownState}
	}
	r.State, r.Outcome, r.OutcomeDerived, r.Failing = status.State, status.Outcome, status.Outcome, status.Failing
	if r.State == model.Waiting {
		r.WaitReason = model.WaitUnknown
	}
	r.Counts = c.Counts(p.children)
	errors, warnings := p.v.Get("errors"), p.v.Get("warnings")
	r.ErrorMessage = firstOf(errors)
	if r.ErrorMessage != "" {
		r.FailureStage = model.StageAction
		r.ClassifyMessage()
		if r.Outcome == model.Success { // so say the requests
			r.Outcome = model.Partial
		}
	}
	if warning := firstOf(warnings); warning != "" && r.ErrorMessage == "" {
		r.StatusReason = warning
	}
	for m := p.v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "trackingNumber", "accountRequests":
		case "action":
			if m.Kind() >= jsonx.Object {
				c.Keep(m)
			}
		case "recipient", "requester":
			keepReference(c, m, m.Key())
		default: // also all errors and warnings, sources
			c.Keep(m)
		}
	}
	r.Unmapped = c.Kept()
}

func firstOf(list jsonx.Value) string {
	if list.Kind() == jsonx.Array {
		return list.First().Text()
	}
	return list.Text()
}

// keepReference keeps what a reference says besides id and name.
func keepReference(c *normalize.Context, v jsonx.Value, name string) {
	keep(c, v, name, "id", "name", "type")
	if kind := v.Get("type").Text(); kind != "IDENTITY" && kind != "SOURCE" {
		c.KeepIn(name, v.Get("type"))
	}
}

// addAction appends the action of one account request. Requests have no ids: the
// place in the list tells those of one account apart.
func (p *provisioning) addAction(v jsonx.Value, index int) {
	c := p.c
	r := p.record(normalize.KindAction)
	source, account := v.Get("source"), v.Get("accountId").Text()
	r.NativeID = c.Concat(p.tracking, "/", strconv.Itoa(index))
	r.NativeType, r.Sequence = "accountRequest", int64(index+1)
	r.ActionID = r.NativeID
	r.TargetAppID, r.TargetApp = source.Get("id").Text(), source.Get("name").Text()
	r.ActionName = v.Get("accountOperation").Text()
	r.ObjectType, r.ObjectID = "account", account
	r.StatusNative = v.Get("provisioningResult").Text()
	r.State, r.Outcome, r.Effect = requestStatus(r.StatusNative)
	r.ManualTaskID = v.Get("ticketId").Text()
	if r.State == model.Waiting {
		if r.WaitReason = model.WaitUnknown; r.ManualTaskID != "" {
			r.WaitReason = model.WaitManualTask
		}
	}
	r.TaskType = requestTask(r.ActionName, p.setChanges(r, v.Get("attributeRequests")))
	if r.Outcome.Failed() {
		r.FailureStage = model.StageDownstream
		r.ErrorMessage = p.errorOf(r.TargetApp)
		r.ClassifyMessage()
	}
	keepReference(c, source, "source")
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "source", "attributeRequests":
		case "accountId", "accountOperation", "provisioningResult", "ticketId":
			if m.Kind() >= jsonx.Object {
				c.Keep(m)
			}
		default:
			c.Keep(m)
		}
	}
	r.Unmapped = c.Kept()
}

// errorOf returns the error of the run that names the target, if it is among
// the first of a long list, or its only one.
func (p *provisioning) errorOf(target string) string {
	list := p.v.Get("errors")
	m := list.First()
	for i := 0; i < 64 && m.Exists() && target != ""; i++ {
		if strings.Contains(m.Text(), target) {
			return m.Text()
		}
		m = m.Next()
	}
	if list.Len() == 1 {
		return firstOf(list)
	}
	return ""
}

// edits counts the attribute requests of an account by what they do.
type edits struct{ adds, removes, others int }

// setChanges writes the attribute requests as changes. The list is kept if an
// item of it is something else.
func (p *provisioning) setChanges(r *normalize.Record, list jsonx.Value) (n edits) {
	whole := list.Kind() == jsonx.Array
	if !whole {
		p.c.KeepAs("", "attributeRequests", list)
		return n
	}
	r.Changes = p.c.Write(func(dst []byte) []byte {
		dst = append(dst, '[')
		for v := list.First(); v.Exists(); v = v.Next() {
			name, op := v.Get("attributeName").Text(), strings.ToLower(v.Get("operation").Text())
			if name == "" || v.Len() != 3 && v.Len() != 2 {
				whole = false
				continue
			}
			if len(dst) > 0 && dst[len(dst)-1] == '}' {
				dst = append(dst, ',')
			}
			dst = normalize.AppendString(append(dst, `{"op":`...), op)
			dst = normalize.AppendString(append(dst, `,"path":`...), name)
			side := `,"to":`
			switch op {
			case "add":
				n.adds++
			case "remove":
				n.removes++
				side = `,"from":`
			default:
				n.others++
			}
			if value := v.Get("attributeValue"); value.Exists() {
				dst = p.c.AppendMasked(append(dst, side...), name, value)
			}
			dst = append(dst, '}')
		}
		return append(dst, ']')
	})
	if r.Changes == "[]" {
		r.Changes = ""
	}
	if !whole {
		p.c.KeepAs("", "attributeRequests", list)
	}
	return n
}
