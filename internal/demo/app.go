package demo

import (
	"fmt"
	"time"
)

// cloudEvent wraps data as CloudEvents 1.0 does in structured mode.
func cloudEvent(kind, id, source, subject string, at time.Time, data obj) []byte {
	return obj{
		"specversion", "1.0", "type", kind, "source", source, "id", id, "subject", subject,
		"time", at, "datacontenttype", "application/json", "data", data,
	}.bytes()
}

func zluriURI(t *tenant) string { return "/zluri/" + t.name }

// planApp lets an application confirm what was done in it.
func (s *slot) planApp() {
	app, who, at := pick(s, s.t.apps), s.person(), s.within()
	operation := pick(s, []string{"create", "update", "update", "deactivate", "grant", "revoke", "login"})
	object := obj{"type", "user", "id", who.scimID, "name", who.name, "alt_ids", []string{who.email}}
	if operation == "grant" || operation == "revoke" {
		object = obj{"type", "license", "id", "seat-" + who.scimID, "alt_ids", []string{who.email}}
	}
	result, code, message := "applied", "", ""
	switch f := s.lasting(app, at); {
	case f != nil && s.chance(0.3):
		result, code, message = "rejected", fmt.Sprint(f.code), f.says(app)
	case s.chance(0.05):
		result = "no_op"
	}
	s.confirm(at, app, operation, object, result, code, message)
}

func (s *slot) confirm(at time.Time, app, operation string, object obj, result, code, message string) {
	s.add(appFeed, at, cloudEvent("rl.app.push.v1", s.uuid(), "/apps/"+s.t.name, "", at, obj{
		"app", app, "operation", operation, "object", object, "result", result, "code", code, "message", message,
		"actor",
		obj{"type", "app", "id", "provisioning"},
		"occurred_at", at,
	}))
}

// acknowledge says that somebody saw a failure.
func (s *slot) acknowledge(f failure, at time.Time) {
	s.annotate(f, at, obj{"annotation", "acknowledge"})
}

// diagnose says that somebody found its cause.
func (s *slot) diagnose(f failure, at time.Time) {
	s.annotate(f, at, obj{"annotation", "diagnosis", "cause", fmt.Sprintf(f.fault.cause, f.app)})
}

func (s *slot) annotate(f failure, at time.Time, data obj) {
	if f.runID == "" {
		return // there is nothing to point at
	}
	uri := ""
	if f.source == sources[zluriFeed] {
		uri = zluriURI(s.t)
	}
	data = append(data, "run_id", f.runID, "source", f.source, "source_uri", uri,
		"actor", obj{"type", "user", "email", s.operator()}, "occurred_at", at)
	s.add(appFeed, at, cloudEvent("rl.annotation.v1", s.uuid(), "/runbook/"+s.t.name, f.runID, at, data))
}
