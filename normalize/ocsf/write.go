package ocsf

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// write sets what the event is about, its status and its payload.
func (e *event) write() {
	r := e.r
	r.ActionName = e.did.name
	if name := e.v.Get("activity_name").Text(); e.did.name == "other" && name != "" {
		r.ActionName = name
	}
	r.TaskType, r.Operation = e.did.task, e.did.op
	if r.Kind == normalize.KindAction {
		r.ActionID = r.NativeID
		r.TaskType = cmp.Or(r.TaskType, model.TaskOther)
	}
	e.subject()
	e.object()
	e.outcome()
	switch r.Kind {
	case normalize.KindAudit:
		e.audit()
	case normalize.KindAction:
		if r.EndedTime == 0 && r.State == model.Terminal {
			r.EndedTime = r.EventTime
		}
	}
	r.Changes = e.c.Changes()
	r.Payload = e.payload()
}

// subject sets the person that the event is about.
func (e *event) subject() {
	if e.user.Kind() != jsonx.Object {
		e.c.Keep(e.user)
		return
	}
	e.r.SubjectID, e.r.SubjectName, e.r.SubjectEmail = e.user.Get("uid").Text(), e.user.Get("name").Text(), address(e.user)
	e.keepPerson("user", e.user)
	e.compare(e.user, &e.userResult)
}

// object sets the thing that was changed. What an event has beside it is kept.
func (e *event) object() {
	r := e.r
	switch e.class.uid {
	case accountChange, userManagement:
		r.ObjectType, r.ObjectID, r.ObjectName = "user", r.SubjectID, r.SubjectName
	case userAccess:
		if e.role.Exists() {
			e.thing("role", "iam_role", &e.role)
		} else if e.privileges.Len() == 1 {
			r.ObjectType, r.ObjectName = "privilege", e.privileges.First().Text()
		}
	case groupManagement:
		e.thing("group", "group", &e.group)
	case entityManagement:
		e.compare(e.entity, &e.entityResult)
		e.thing(strings.ToLower(e.entity.Get("type").Text()), "entity", &e.entity)
	case appLifecycle:
		e.thing("application", "app", &e.app)
		r.TargetApp, r.TargetAppID = r.ObjectName, r.ObjectID
	case apiActivity:
		e.call()
	case scheduledJob:
		e.scheduled()
	}
	if e.class.uid != apiActivity {
		e.c.Keep(e.api)
	}
	for _, v := range [...]jsonx.Value{e.userResult, e.entity, e.entityResult, e.group, e.role, e.app, e.job, e.resources, e.privileges} {
		e.c.Keep(v)
	}
}

// thing sets the object from one with type, name and uid, and takes it off the
// list of what is to be kept.
func (e *event) thing(kind, parent string, v *jsonx.Value) {
	if v.Kind() != jsonx.Object {
		return
	}
	e.r.ObjectType, e.r.ObjectID, e.r.ObjectName = kind, v.Get("uid").Text(), v.Get("name").Text()
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case key == "uid", key == "name", key == "type" && strings.EqualFold(m.Text(), kind):
		default:
			e.c.KeepIn(parent, m)
		}
	}
	*v = jsonx.Value{}
}

// compare remembers the members that differ between an object and what it
// became, and takes the latter off the list of what is to be kept. Where the
// event has the later state alone, all of it is new.
func (e *event) compare(before jsonx.Value, after *jsonx.Value) {
	for m := after.First(); m.Exists(); m = m.Next() {
		if from := before.Get(m.Key()); string(from.Raw()) != string(m.Raw()) {
			e.c.Change(m.Key(), from, m)
		}
	}
	if after.Kind() == jsonx.Object {
		*after = jsonx.Value{}
	}
}

// call reads the API call of class 6003.
func (e *event) call() {
	r := e.r
	if e.api.Kind() != jsonx.Object {
		e.c.Keep(e.api)
		return
	}
	if op := e.api.Get("operation").Text(); op != "" {
		r.ActionName = op
	}
	r.TargetApp = e.api.At("service", "name").Text()
	request, response := e.api.Get("request"), e.api.Get("response")
	r.ProviderRef = request.Get("uid").Text()
	r.ResponseCode = response.Get("code").Text()
	for m := e.api.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "operation", "request", "response":
		case "service":
			for s := m.First(); s.Exists(); s = s.Next() {
				if s.Key() != "name" {
					e.c.KeepIn("api.service", s)
				}
			}
		default:
			e.c.KeepIn("api", m)
		}
	}
	if e.resources.Len() > 0 {
		first := e.resources.First()
		r.ObjectType, r.ObjectID, r.ObjectName = strings.ToLower(first.Get("type").Text()), first.Get("uid").Text(), first.Get("name").Text()
	}
}

// scheduled reads the job of class 1006. When it starts, the event is the run.
func (e *event) scheduled() {
	r := e.r
	name, uid := e.job.Get("name").Text(), e.job.Get("uid").Text()
	e.thing("job", "job", &e.job)
	if r.Kind != normalize.KindRun {
		return
	}
	r.WorkflowName, r.WorkflowID = name, uid
	r.TriggerKind = model.TriggerSchedule
	r.StartedTime = cmp.Or(r.StartedTime, r.EventTime)
	if r.RunID = r.NativeID; r.RunID == "" {
		r.RunID = e.c.Concat(name, "/", r.EventTimeNative)
		r.NativeID = r.RunID
	}
}

// audit says what was changed, and what that does to the evidence itself.
func (e *event) audit() {
	r := e.r
	r.ChangeKind, r.CoverageEffect = "definition", model.CoverageNone
	switch {
	case r.Operation == model.OpRead:
		r.ChangeKind = "read"
	case e.class.uid == apiActivity:
		r.ChangeKind = "api"
	case e.class.uid != entityManagement:
	case strings.Contains(r.ObjectType, "policy"):
		r.ChangeKind = "policy"
	case strings.Contains(r.ObjectType, "log"), strings.Contains(r.ObjectType, "audit"), strings.Contains(r.ObjectType, "trail"):
		r.ChangeKind, r.CoverageEffect = "logging", coverage(e.did.name)
	}
	if r.Outcome != model.Success {
		r.CoverageEffect = model.CoverageNone
	}
}

// coverage is the effect of an activity on something that writes a log.
func coverage(activity string) model.CoverageEffect {
	switch activity {
	case "delete":
		return model.CoverageDestroys
	case "disable", "deactivate", "suspend", "unenroll":
		return model.CoverageReduces
	case "create", "enable", "activate", "resume", "enroll":
		return model.CoverageRestores
	default:
		return model.CoverageNone
	}
}

// payload holds the call, and the event as its own source wrote it.
func (e *event) payload() string {
	var request, response, raw string
	if e.class.uid == apiActivity {
		request, response = e.c.JSON(e.api.Get("request")), e.c.JSON(e.api.Get("response"))
	}
	if e.raw.Exists() && !e.raw.IsNull() {
		raw = e.c.Write(func(dst []byte) []byte { return e.c.AppendInner(dst, "raw_data", e.raw) })
	}
	return e.c.Members("raw_data", raw, "request", request, "response", response)
}

// outcome sets state, outcome and error. The schema has an id for the status,
// and a caption that may say more, or something else.
func (e *event) outcome() {
	r := e.r
	id, ok := e.statusID.Int()
	r.StatusNative = e.status
	if r.StatusNative == "" {
		r.StatusNative = e.statusID.Text()
	}
	r.State, r.Outcome = byID(id, ok || e.statusID.Exists() && !e.statusID.IsNull())
	word := byWord(e.status)
	switch {
	case !e.statusID.Exists() || e.statusID.IsNull():
		r.State, r.Outcome = model.Terminal, word
	case ok && id == 1 && word == model.Failure, ok && id == 2 && word == model.Success:
		r.OutcomeDerived = word
		r.StatusReason = "status_id is " + strconv.FormatInt(id, 10) + ", status is " + e.status
	case ok && id == 1 && e.apiError() != "":
		r.OutcomeDerived = model.Failure
		r.StatusReason = "the response of the call says " + e.apiError()
	}
	if r.Kind == normalize.KindRun && r.Outcome != model.Failure {
		r.State, r.Outcome = model.Started, model.NoOutcome // it has begun, no more than that
	}
	r.ResponseCode = cmp.Or(r.ResponseCode, e.code)
	if r.Outcome == model.Failure {
		e.fault()
		return
	}
	if r.StatusReason == "" {
		r.StatusReason = e.detail
	} else {
		e.c.KeepText("", "status_detail", e.detail)
	}
	e.c.KeepText("", "message", e.message)
	if r.ResponseCode != e.code {
		e.c.KeepText("", "status_code", e.code)
	}
}

func byID(id int64, known bool) (model.State, model.Outcome) {
	switch {
	case !known, id == 0, id == 99:
		return model.Terminal, model.UnknownOutcome
	case id == 1:
		return model.Terminal, model.Success
	case id == 2:
		return model.Terminal, model.Failure
	default: // of a later version of the schema
		return model.UnknownState, model.NoOutcome
	}
}

func byWord(word string) model.Outcome {
	switch {
	case strings.EqualFold(word, "success"):
		return model.Success
	case strings.EqualFold(word, "failure"):
		return model.Failure
	default:
		return model.UnknownOutcome
	}
}

// apiError is what the response of a call says went wrong.
func (e *event) apiError() string {
	response := e.api.Get("response")
	if code, ok := response.Get("code").Int(); ok && code >= 400 {
		return response.Get("code").Text()
	}
	return response.Get("error").Text()
}

func (e *event) fault() {
	r, response := e.r, e.api.Get("response")
	r.FailureStage = model.StageAction
	if r.Kind == normalize.KindRun {
		r.FailureStage = model.StageTrigger
	}
	r.ErrorCode = cmp.Or(e.code, response.Get("error").Text(), response.Get("code").Text())
	r.ErrorMessage = cmp.Or(e.detail, response.Get("error_message").Text(), e.message)
	if r.ErrorMessage != e.message {
		e.c.KeepText("", "message", e.message)
	}
	r.ClassifyMessage()
	for _, code := range [...]string{e.code, response.Get("code").Text()} {
		if status, err := strconv.Atoi(code); err == nil && status >= 400 && status <= 599 {
			r.ClassifyHTTP(status)
			return
		}
	}
}
