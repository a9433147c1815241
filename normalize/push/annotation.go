package push

import (
	"strings"

	"github.com/runledger/runledger/model"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/cloudevents"
	"github.com/runledger/runledger/normalize/jsonx"
)

// AnnotationType is what somebody says about a run: that they saw it, why it
// failed, that it is archived. Detection and diagnosis times come from it.
//
// Its data:
//
//	annotation*   one of the annotations below
//	run_id*       the run, as its source calls it
//	source*       the format the run came by, such as zluri.run_log
//	source_uri    the instance it came from, where the run has one
//	action_id     the action, where it is about one
//	cause         required for a diagnosis; also an acknowledgement may have one
//	reason        free text; required for a note
//	actor         {type, id, name, email} or a string
//	occurred_at   RFC 3339; the time of the event where it is absent
const AnnotationType = "rl.annotation.v1"

// annotations are refused if unknown, other than a vendor's words: a misspelt
// acknowledgement would count as nobody having noticed.
var annotations = [...]string{
	"acknowledge", // somebody has seen the failure
	"alert",       // a machine has seen it
	"archive",
	"case", // the id of the case is in reason
	"diagnosis",
	"hold",
	"note",
	"release", // of a hold
	"report",  // a person who is affected has reported it
	"review",
	"unarchive",
}

func mapAnnotation(c *normalize.Context, e *cloudevents.Event) error {
	data := e.Data
	if data.Kind() != jsonx.Object {
		return normalize.WrongType(data, "an annotation, which is an object")
	}
	r := c.New(normalize.KindAudit)
	e.Record(r)
	r.EventType, r.NativeID = AnnotationType, e.ID
	r.ChangeKind, r.CoverageEffect = "annotation", model.CoverageNone
	if err := annotation(c, r, data); err != nil {
		return err
	}
	if err := target(c, r, data); err != nil {
		return err
	}
	if err := actor(r, data.Get("actor")); err != nil {
		return err
	}
	if err := occurred(c, r, e); err != nil {
		return err
	}
	keepAnnotation(c, e)
	r.Unmapped = c.Kept()
	return nil
}

func annotation(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	if r.Annotation, err = c.Required(data, "annotation"); err != nil {
		return err
	}
	known := false
	for _, a := range annotations {
		known = known || a == r.Annotation
	}
	if !known {
		return normalize.Invalid(data.Get("annotation"), normalize.BadValue, "want one of %s, got %q", strings.Join(annotations[:], ", "), r.Annotation)
	}
	r.Cause, r.Reason = data.Get("cause").Text(), data.Get("reason").Text()
	switch {
	case r.Annotation == "diagnosis" && r.Cause == "":
		return normalize.Missing(data, "cause")
	case r.Annotation == "note" && r.Reason == "":
		return normalize.Missing(data, "reason")
	}
	return nil
}

// target points r to the run, which usually is of another source than r is.
func target(c *normalize.Context, r *normalize.Record, data jsonx.Value) (err error) {
	if r.RunID, err = c.Required(data, "run_id"); err != nil {
		return err
	}
	source, err := c.Required(data, "source")
	if err != nil {
		return err
	}
	r.ActionID = data.Get("action_id").Text()
	r.RunKey = normalize.RunKeyOf(r.TenantID, source, data.Get("source_uri").Text(), r.RunID)
	return nil
}

// keepAnnotation keeps, with what is unknown, the source of the run, for which
// a record has no field beside its own source.
func keepAnnotation(c *normalize.Context, e *cloudevents.Event) {
	for m := e.Data.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "annotation", "run_id", "action_id", "cause", "reason", "actor", "occurred_at":
		default:
			c.Keep(m)
		}
	}
	keepActor(c, e.Data.Get("actor"))
	e.Keep(c)
}
