// Package ocsf reads events of the Open Cybersecurity Schema Framework, which
// data lakes and SIEMs pass on whatever wrote them: the classes about accounts,
// access, groups, managed entities, applications, API calls and scheduled jobs.
//
// A change of an account, an access or a membership becomes an action, with the
// user as its subject; all else an audit record. Only the start of a scheduled
// job becomes a run, and that run never ends here: the schema has no activity
// for the end of a job, nor a status for a partial success. Other classes are
// refused as of unknown type.
//
// Reference: https://schema.ocsf.io/
package ocsf

import (
	"strconv"
	"strings"
	"time"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format reads events.
var Format = normalize.Format{
	Name:    "ocsf.events",
	Version: 1,
	Title:   "OCSF events of the classes 1006, 3001, 3004 to 3007, 6002 and 6003",
	Ref:     "https://schema.ocsf.io/",
	Emits:   []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAudit},
	About:   about,
	Map:     mapEvent,
}

// event is the event at hand.
type event struct {
	c     *normalize.Context
	v     jsonx.Value
	r     *normalize.Record
	class *class

	did activity

	status, code, detail, message string
	statusID                      jsonx.Value

	user, userResult, entity, entityResult, group, role, app, api, job jsonx.Value
	resources, privileges, raw                                         jsonx.Value
	original                                                           string // metadata.original_event_uid
}

func mapEvent(c *normalize.Context, v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	e := event{c: c, v: v}
	uid, err := e.classify()
	if err != nil {
		return err
	}
	e.r = c.New(e.kind())
	e.r.EventType = c.Concat(e.class.name, ".", e.did.name)
	e.r.NativeType = strconv.FormatInt(uid, 10)
	if err := e.times(); err != nil {
		return err
	}
	if err := e.members(); err != nil {
		return err
	}
	e.write()
	e.r.Unmapped = c.Kept()
	return nil
}

// classify finds class and activity, and returns the type_uid that they make.
func (e *event) classify() (int64, error) {
	v := e.v.Get("class_uid")
	uid, ok := v.Int()
	typeUID, typed := e.v.Get("type_uid").Int()
	switch {
	case ok:
	case v.Exists() && !v.IsNull():
		return 0, normalize.WrongType(v, "a number")
	case typed:
		uid = typeUID / 100
	default:
		return 0, normalize.Missing(e.v, "class_uid")
	}
	if e.class = classOf(uid); e.class == nil {
		at := v
		if !ok {
			at = e.v.Get("type_uid")
		}
		return 0, normalize.Invalid(at, normalize.UnknownType, "class %d is not read here; known: 1006, 3001, 3004, 3005, 3006, 3007, 6002, 6003", uid)
	}
	id, ok := e.v.Get("activity_id").Int()
	if !ok && typed {
		id = typeUID % 100
	}
	e.did = e.class.activity(id)
	if typed && typeUID != uid*100+id { // the two contradict each other
		e.c.Keep(e.v.Get("type_uid"))
	}
	return uid*100 + id, nil
}

// kind is that of the class, but for a job that starts.
func (e *event) kind() normalize.Kind {
	if e.class.uid == scheduledJob && e.did.name == "start" {
		return normalize.KindRun
	}
	return e.class.kind
}

func (e *event) times() (err error) {
	r := e.r
	at := e.v.Get("time")
	if r.EventTime, err = e.c.EpochTime(at, time.Millisecond); err != nil {
		return err
	}
	r.EventTimeNative = at.Text()
	if r.EventTime == 0 { // the datetime profile
		if at = e.v.Get("time_dt"); !at.Exists() {
			return normalize.Missing(e.v, "time")
		}
		if err = e.c.EventTime(r, at); err != nil {
			return err
		}
		if r.EventTime == 0 {
			return normalize.Missing(e.v, "time")
		}
	}
	if r.StartedTime, err = e.c.EpochTime(e.v.Get("start_time"), time.Millisecond); err != nil {
		return err
	}
	r.EndedTime, err = e.c.EpochTime(e.v.Get("end_time"), time.Millisecond)
	return err
}

// members reads the members of the event and keeps those without a field.
//
//nolint:gocyclo // one case for each member
func (e *event) members() (err error) {
	for m := e.v.First(); m.Exists() && err == nil; m = m.Next() {
		switch key := m.Key(); key {
		case "class_uid", "class_name", "category_uid", "category_name", "type_uid", "time", "start_time", "end_time":
		case "activity_id", "activity_name", "type_name":
			if e.did.task == "" && e.did.op == "" {
				e.c.Keep(m)
			}
		case "time_dt", "start_time_dt", "end_time_dt":
			if !e.v.Get(strings.TrimSuffix(key, "_dt")).Exists() && key != "time_dt" {
				e.c.Keep(m)
			}
		case "status_id":
			e.statusID = m
		case "status":
			e.status = m.Text()
		case "status_code":
			e.code = m.Text()
		case "status_detail":
			e.detail = m.Text()
		case "message":
			e.message = m.Text()
		case "comment":
			e.r.Reason = m.Text()
		case "metadata":
			err = e.metadata(m)
		case "actor":
			e.actor(m)
		case "trace":
			e.trace(m)
		case "unmapped":
			e.unmapped(m)
		default:
			if slot := e.slot(key); slot != nil {
				*slot = m
			} else {
				e.c.Keep(m)
			}
		}
	}
	return err
}

// slot returns where an object of the event is remembered until write, or nil.
func (e *event) slot(key string) *jsonx.Value {
	switch key {
	case "user":
		return &e.user
	case "user_result", "updated_user":
		return &e.userResult
	case "entity":
		return &e.entity
	case "entity_result":
		return &e.entityResult
	case "group":
		return &e.group
	case "iam_role":
		return &e.role
	case "app":
		return &e.app
	case "api":
		return &e.api
	case "job":
		return &e.job
	case "resources":
		return &e.resources
	case "privileges":
		return &e.privileges
	case "raw_data":
		return &e.raw
	default:
		return nil
	}
}

func (e *event) metadata(v jsonx.Value) (err error) {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an object")
	}
	for m := v.First(); m.Exists() && err == nil; m = m.Next() {
		switch m.Key() {
		case "uid":
			e.r.NativeID = m.Text()
		case "original_event_uid":
			e.original = m.Text()
		case "correlation_uid":
			e.r.CorrelationID = m.Text()
		case "logged_time":
			e.r.RecordedTime, err = e.c.EpochTime(m, time.Millisecond)
		case "original_time":
			if m.Text() != "" {
				e.c.KeepText("", "time", e.r.EventTimeNative)
				e.r.EventTimeNative = m.Text()
			}
		case "is_truncated":
			e.r.Truncated, _ = m.Bool()
		default:
			e.c.KeepIn("metadata", m)
		}
	}
	if e.r.NativeID == "" {
		e.r.NativeID = e.original
	} else if e.original != e.r.NativeID {
		e.c.KeepText("metadata", "original_event_uid", e.original)
	}
	return err
}

// trace is that of the trace profile.
func (e *event) trace(v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch span := m.Get("uid"); {
		case m.Key() == "uid" && isHex(m.Text(), 32):
			e.r.TraceID = m.Text()
		case m.Key() == "span" && m.Len() == 1 && isHex(span.Text(), 16):
			e.r.SpanID = span.Text()
		default:
			e.c.KeepIn("trace", m)
		}
	}
}

func isHex(s string, digits int) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == digits
}

// unmapped keeps what the producer of the event could not map; some send it as
// JSON in a text.
func (e *event) unmapped(v jsonx.Value) {
	inner := normalize.Inner(v)
	if inner.Kind() != jsonx.Object {
		e.c.Keep(v)
		return
	}
	for m := inner.First(); m.Exists(); m = m.Next() {
		e.c.KeepIn("unmapped", m)
	}
}

// actor sets who acted: a user, or else an application.
func (e *event) actor(v jsonx.Value) {
	user := v.Get("user")
	e.r.ActorID, e.r.ActorName, e.r.ActorEmail = user.Get("uid").Text(), user.Get("name").Text(), address(user)
	app := false
	if user.Kind() == jsonx.Object {
		e.r.ActorType = actorType(user)
	} else if e.r.ActorName = v.Get("app_name").Text(); e.r.ActorName != "" {
		e.r.ActorType, e.r.ActorID, app = model.ActorApp, v.Get("app_uid").Text(), true
	}
	e.keepPerson("actor.user", user)
	for m := v.First(); m.Exists(); m = m.Next() {
		switch key := m.Key(); {
		case key == "user" && m.Kind() == jsonx.Object:
		case app && (key == "app_name" || key == "app_uid"):
		default:
			e.c.KeepIn("actor", m)
		}
	}
}

func actorType(user jsonx.Value) model.ActorType {
	switch id, _ := user.Get("type_id").Int(); {
	case id == 3 || strings.EqualFold(user.Get("type").Text(), "system"):
		return model.ActorSystem
	case id == 4 || strings.EqualFold(user.Get("type").Text(), "service"):
		return model.ActorApp
	default:
		return model.ActorUser
	}
}

// keepPerson keeps the members of a user that no field holds.
func (e *event) keepPerson(parent string, user jsonx.Value) {
	for m := user.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "uid", "name", "email_addr":
		default:
			e.c.KeepIn(parent, m)
		}
	}
}

func address(user jsonx.Value) string {
	if mail := user.Get("email_addr").Text(); mail != "" {
		return mail
	}
	if name := user.Get("name").Text(); strings.Contains(name, "@") {
		return name
	}
	return ""
}
