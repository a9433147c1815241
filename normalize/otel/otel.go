// Package otel reads traces of OpenTelemetry in the JSON encoding of OTLP: what
// a collector exports to Kafka, to a file or over HTTP.
//
// Of the spans it takes those that the conventions for CI/CD and for generative
// AI describe. The span of a pipeline run becomes a run, that of a task an
// action, and one with gen_ai attributes an AI step, under the old names of
// attributes as well as the new ones. Any other span becomes an action of type
// other if it, or its resource, has a cicd or gen_ai attribute; the rest is
// refused as of unknown type, for it belongs to a store of traces: filter it out
// in the collector. Events of a span become its step log, but prompts and
// answers in them go to the payload.
//
// It does not read metrics or logs, or OTLP in protobuf.
//
// Reference: https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/ and
// https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
package otel

import (
	"strings"
	"time"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// Format reads spans.
var Format = normalize.Format{
	Name:     "otel.traces",
	Version:  1,
	Title:    "OpenTelemetry traces (OTLP JSON): CI/CD pipeline spans and GenAI spans",
	Ref:      "https://opentelemetry.io/docs/specs/semconv/cicd/cicd-spans/",
	Emits:    []normalize.Kind{normalize.KindRun, normalize.KindAction, normalize.KindAIStep},
	About:    about,
	Elements: elements,
	Map:      mapSpan,
}

// elements yields the spans of a request, or of each request of an array. What
// stands where a list should be is yielded instead, to be refused.
func elements(root jsonx.Value, yield func(jsonx.Value)) {
	if root.Kind() != jsonx.Array {
		request(root, yield)
		return
	}
	for v := root.First(); v.Exists(); v = v.Next() {
		request(v, yield)
	}
}

func request(v jsonx.Value, yield func(jsonx.Value)) {
	resources := v.Get("resourceSpans")
	if resources.Kind() != jsonx.Array {
		yield(v)
		return
	}
	for r := resources.First(); r.Exists(); r = r.Next() {
		scopes := scopesOf(r)
		if scopes.Kind() != jsonx.Array {
			yield(r)
			continue
		}
		for s := scopes.First(); s.Exists(); s = s.Next() {
			spans := s.Get("spans")
			if spans.Kind() != jsonx.Array {
				yield(s)
				continue
			}
			for span := spans.First(); span.Exists(); span = span.Next() {
				yield(span)
			}
		}
	}
}

// scopesOf returns the list of scopes, under its name of today or of 2021.
func scopesOf(resource jsonx.Value) jsonx.Value {
	if scopes := resource.Get("scopeSpans"); scopes.Exists() {
		return scopes
	}
	return resource.Get("instrumentationLibrarySpans")
}

// around returns the resource and the scope that span stands below.
func around(root, span jsonx.Value) (resource, scope jsonx.Value) {
	if root.Kind() == jsonx.Array {
		root = holder(root, span)
	}
	group := holder(root.Get("resourceSpans"), span)
	s := holder(scopesOf(group), span)
	if scope = s.Get("scope"); !scope.Exists() {
		scope = s.Get("instrumentationLibrary")
	}
	return group.Get("resource"), scope
}

// holder returns the item of list that v stands in.
func holder(list, v jsonx.Value) jsonx.Value {
	for m := list.First(); m.Exists(); m = m.Next() {
		if v.Offset() < m.Offset()+len(m.Raw()) {
			return m
		}
	}
	return jsonx.Value{}
}

func mapSpan(c *normalize.Context, v jsonx.Value) error {
	if err := checkShape(v); err != nil {
		return err
	}
	s := span{c: c, v: v}
	if err := s.read(); err != nil {
		return err
	}
	kind, ok := s.kind()
	if !ok {
		return normalize.Invalid(v, normalize.UnknownType,
			"the span has neither cicd nor gen_ai attributes, nor has its resource: send pipelines and AI steps only, with a filter in the collector")
	}
	s.write(kind)
	return nil
}

// checkShape says what is wrong with an element that is no span.
func checkShape(v jsonx.Value) error {
	if v.Kind() != jsonx.Object {
		return normalize.WrongType(v, "a span, which is an object")
	}
	for _, signal := range [...]string{"resourceMetrics", "resourceLogs"} {
		if v.Get(signal).Exists() {
			return normalize.Invalid(v, normalize.UnknownType, "%s: want traces, which come as resourceSpans", signal)
		}
	}
	for _, list := range [...]struct{ key, outer string }{{"resourceSpans", ""}, {"scopeSpans", "resourceSpans"}, {"spans", "scopeSpans"}} {
		m := v.Get(list.key)
		switch {
		case !m.Exists():
		case m.Kind() != jsonx.Array:
			return normalize.WrongType(m, "an array")
		default:
			return normalize.Invalid(m, normalize.BadValue, "%s stand in an item of %s, which is absent here", list.key, list.outer)
		}
	}
	if !v.Get("spanId").Exists() {
		if v.Get("resource").Exists() {
			return normalize.Missing(v, "scopeSpans")
		}
		if v.Get("scope").Exists() {
			return normalize.Missing(v, "spans")
		}
	}
	return nil
}

// span is the span at hand.
type span struct {
	c *normalize.Context
	v jsonx.Value // as it came

	plain, resource, scope jsonx.Value // with attributes as members

	trace, id, parent string
	started, ended    normalize.Micros
	happened          jsonx.Value // the later of the two

	runID                   string // of the pipeline
	taskID                  string
	state, result, pipeline string

	code    int // of the status: 0 unset, 1 ok, 2 error
	message string
}

func (s *span) read() (err error) {
	if s.trace, err = s.identifier("traceId", 16); err != nil {
		return err
	}
	if s.id, err = s.identifier("spanId", 8); err != nil {
		return err
	}
	if p := s.v.Get("parentSpanId").Str(); p != "" {
		if s.parent, err = s.identifier("parentSpanId", 8); err != nil {
			return err
		}
	}
	start, end := s.v.Get("startTimeUnixNano"), s.v.Get("endTimeUnixNano")
	if s.started, err = s.c.EpochTime(start, time.Nanosecond); err != nil {
		return err
	}
	if s.started == 0 {
		return normalize.Missing(s.v, "startTimeUnixNano")
	}
	if s.ended, err = s.c.EpochTime(end, time.Nanosecond); err != nil {
		return err
	}
	if s.happened = start; s.ended != 0 {
		s.happened = end
	}
	s.status()
	return s.flatten()
}

// status reads the status of the span, of which the code is a number or a name.
func (s *span) status() {
	v := s.v.Get("status")
	s.message = v.Get("message").Text()
	switch code := v.Get("code").Text(); {
	case code == "1" || strings.HasSuffix(code, "OK"):
		s.code = 1
	case code == "2" || strings.HasSuffix(code, "ERROR"):
		s.code = 2
	}
}

// kind says what the span is.
func (s *span) kind() (normalize.Kind, bool) {
	attributes := s.plain.Get("attributes")
	var ai, task, run, any bool
	for m := attributes.First(); m.Exists(); m = m.Next() {
		key := m.Key()
		switch {
		case strings.HasPrefix(key, "gen_ai."):
			ai = true
		case strings.HasPrefix(key, "cicd.pipeline.task."):
			task = true
		case key == "cicd.pipeline.result", key == "cicd.pipeline.run.state", key == "cicd.pipeline.action.name":
			run = true
		case key == "cicd.pipeline.run.id" && s.parent == "" && strings.HasSuffix(spanKind(s.v), "SERVER"):
			run = true // others that have it are but a part of the run
		}
		any = any || strings.HasPrefix(key, "cicd.")
	}
	switch {
	case ai:
		return normalize.KindAIStep, true
	case run && !task:
		return normalize.KindRun, true
	case task, any:
		return normalize.KindAction, true
	}
	for m := s.resource.Get("attributes").First(); m.Exists(); m = m.Next() {
		if strings.HasPrefix(m.Key(), "cicd.pipeline.") || strings.HasPrefix(m.Key(), "gen_ai.") {
			return normalize.KindAction, true
		}
	}
	return 0, false
}

// spanKind returns the kind by name; protobuf also allows its number.
func spanKind(v jsonx.Value) string {
	kind := v.Get("kind").Text()
	names := [...]string{"UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"}
	if len(kind) == 1 && kind[0] >= '0' && int(kind[0]-'0') < len(names) {
		return names[kind[0]-'0']
	}
	return strings.TrimPrefix(kind, "SPAN_KIND_")
}
