// Package googleworkspace reads the activities of the Google Workspace Reports
// API, of all applications: the pages of activities.list ({"items":[…]}) and
// single activities.
//
// Each event of an activity becomes a record. Google tells what has happened
// and has no outcome: an event is an audit record, and where it changes an
// account, a membership or an access it confirms what others only report. The
// events of Directory Sync name their run and become actions. The package does
// not poll; the reference is
// https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list
package googleworkspace

import (
	"slices"
	"strconv"
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format is google.workspace.
var Format = normalize.Format{
	Name:     "google.workspace",
	Version:  1,
	Title:    "Google Workspace activities (Admin SDK Reports API)",
	Ref:      "https://developers.google.com/workspace/admin/reports/reference/rest/v1/activities/list",
	Emits:    []normalize.Kind{normalize.KindAction, normalize.KindAudit},
	About:    about,
	Elements: elements,
	Map:      mapActivity,
}

// elements peels the page of the API, which has no items where there is nothing.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	normalize.DefaultElements(root, func(v jsonx.Value) {
		if items := v.Get("items"); items.Kind() == jsonx.Array {
			normalize.DefaultElements(items, yield)
		} else if v.Get("kind").Str() != "admin#reports#activities" {
			yield(v)
		}
	})
}

// activity is what all events of one activity share.
type activity struct {
	v, id, actor         jsonx.Value
	app, time, qualifier string
	single               bool // one event that was taken out of its activity
}

func mapActivity(c *normalize.Context, v jsonx.Value) error {
	a := activity{v: v, id: v.Get("id"), actor: v.Get("actor")}
	switch {
	case v.Kind() != jsonx.Object:
		return normalize.WrongType(v, "an activity, which is an object")
	case !a.id.Exists() || a.id.IsNull():
		return normalize.Missing(v, "id")
	case a.id.Kind() != jsonx.Object:
		return normalize.WrongType(a.id, "an object with time, uniqueQualifier and applicationName")
	}
	var err error
	if a.time, err = c.Required(a.id, "time"); err != nil {
		return err
	}
	if a.qualifier, err = c.Required(a.id, "uniqueQualifier"); err != nil {
		return err
	}
	if a.app, err = c.Required(a.id, "applicationName"); err != nil {
		return err
	}
	switch events := v.Get("events"); events.Kind() {
	case jsonx.Object: // as carriers take activities apart
		a.single = true
		return a.mapEvent(c, events, 0)
	case jsonx.Array:
		index := 0
		for event := events.First(); event.Exists(); event = event.Next() {
			if err := a.mapEvent(c, event, index); err != nil {
				return err
			}
			index++
		}
		return nil
	case jsonx.Missing, jsonx.Null:
		return normalize.Missing(v, "events")
	default:
		return normalize.WrongType(events, "an array of events")
	}
}

func (a *activity) mapEvent(c *normalize.Context, v jsonx.Value, index int) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "an event, which is an object")
	}
	name, err := c.Required(v, "name")
	if err != nil {
		return err
	}
	rule := ruleOf(a.app, name)
	r := c.New(rule.kind())
	if err := c.EventTime(r, a.id.Get("time")); err != nil {
		return err
	}
	r.EventType, r.ActionName, r.NativeType = name, name, a.app
	// Time and qualifier are those of the activity. What stands in no list has
	// no place in it, and is told apart by its content.
	if !a.single {
		r.NativeID = c.Concat(a.app, "/", a.time, "/", a.qualifier, "/", strconv.Itoa(index))
	} else {
		c.KeepIn("id", a.id.Get("uniqueQualifier"))
	}
	r.CorrelationID = c.Concat(a.app, "/", a.qualifier)
	r.TaskType, r.Operation = rule.task, rule.operation
	a.setActor(c, r)
	var p parameters
	p.read(c, v.Get("parameters"))
	p.set(c, r, name)
	r.State, r.Outcome = model.Terminal, model.Success
	if r.Kind == normalize.KindAction {
		p.setSync(r)
	} else {
		p.setAudit(r, rule)
	}
	if rule.self && r.SubjectEmail == "" && r.SubjectID == "" {
		r.SubjectID, r.SubjectName, r.SubjectEmail = r.ActorID, r.ActorName, r.ActorEmail
	}
	if index < maxKept {
		a.keep(c)
	}
	keepRest(c, v, "event", "name", "parameters")
	r.Unmapped = c.Kept()
	return nil
}

// setActor sets who acted: a person by address, or an application by its key.
func (a *activity) setActor(c *normalize.Context, r *normalize.Record) {
	r.ActorID, r.ActorEmail = a.actor.Get("profileId").Text(), a.actor.Get("email").Text()
	r.ActorName = r.ActorEmail
	switch key := a.actor.Get("key").Text(); {
	case key != "" && r.ActorEmail == "":
		r.ActorType, r.ActorName = model.ActorApp, key
	case key != "":
		c.KeepIn("actor", a.actor.Get("key"))
		r.ActorType = model.ActorUser
	case r.ActorEmail != "":
		r.ActorType = model.ActorUser
	}
	if strings.EqualFold(r.ActorName, "SYSTEM") {
		r.ActorType = model.ActorSystem
	}
}

// maxKept is how many events of an activity carry what they share: an activity
// of thousands would multiply it.
const maxKept = 16

// keep keeps what no field holds of the activity.
func (a *activity) keep(c *normalize.Context) {
	keepRest(c, a.v, "", "id", "actor", "events", "kind")
	keepRest(c, a.id, "id", "time", "uniqueQualifier", "applicationName")
	if a.actor.Kind() == jsonx.Object {
		keepRest(c, a.actor, "actor", "email", "profileId", "key", "callerType")
		if kind := a.actor.Get("callerType"); kind.Text() != "USER" {
			c.KeepIn("actor", kind)
		}
	} else {
		c.Keep(a.actor)
	}
}

func keepRest(c *normalize.Context, v jsonx.Value, parent string, known ...string) {
	for m := v.First(); m.Exists(); m = m.Next() {
		if !slices.Contains(known, m.Key()) {
			c.KeepIn(parent, m)
		}
	}
}
