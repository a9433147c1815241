package cloudevents

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// attribute is one context attribute, as text.
type attribute struct {
	name, text string
	v          jsonx.Value // in structured mode
	header     string      // in binary mode
}

// fail returns an error that points to the attribute.
func (a *attribute) fail(reason normalize.Reason, format string, args ...any) error {
	if a.v.Exists() {
		return normalize.Invalid(a.v, reason, format, args...)
	}
	return &normalize.Error{Reason: reason, Path: a.header, Detail: fmt.Sprintf(format, args...)}
}

type attributes struct {
	at      jsonx.Value // where they are missed
	headers bool        // binary mode
	list    []attribute
}

func (as *attributes) addMember(m jsonx.Value) error {
	a := attribute{name: m.Key(), v: m}
	if a.name == "data" || a.name == "data_base64" || m.IsNull() {
		return nil
	}
	if m.Kind() == jsonx.Object || m.Kind() == jsonx.Array {
		return normalize.WrongType(m, "a string, a number or a bool in a context attribute; the payload goes into data")
	}
	a.text = m.Text()
	return as.add(a)
}

func (as *attributes) addHeader(h normalize.Header) error {
	name, ok := attributeOf(h.Key)
	switch {
	case ok:
	case strings.EqualFold(h.Key, "content-type"):
		name = "datacontenttype"
	default:
		return nil
	}
	a := attribute{name: name, text: string(h.Value), header: h.Key}
	if h.Key[2] == '-' && strings.Contains(a.text, "%") {
		text, err := url.PathUnescape(a.text)
		if err != nil {
			return a.fail(normalize.BadEncoding, "want percent-encoded text: %s", err)
		}
		a.text = text
	}
	if !utf8.ValidString(a.text) {
		return a.fail(normalize.BadEncoding, "want UTF-8, got %q", a.text)
	}
	return as.add(a)
}

func (as *attributes) add(a attribute) error {
	if !validName(a.name) {
		return a.fail(normalize.BadValue, "attribute %q: names are lower-case letters and digits", a.name)
	}
	as.list = append(as.list, a)
	return nil
}

func validName(name string) bool {
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return name != ""
}

// fill takes over the attributes and checks those that have rules.
func (e *Event) fill(c *normalize.Context, as *attributes) error {
	for i := range as.list {
		if err := e.take(c, &as.list[i]); err != nil {
			return err
		}
	}
	for _, required := range [...]struct{ name, text string }{{"id", e.ID}, {"source", e.Source}, {"specversion", as.text("specversion")}, {"type", e.Type}} {
		if required.text == "" {
			return as.missing(required.name)
		}
	}
	return nil
}

func (as *attributes) missing(name string) error {
	if !as.headers {
		return normalize.Missing(as.at, name)
	}
	return &normalize.Error{
		Reason: normalize.MissingField, Path: "ce_" + name, Offset: as.at.Offset(),
		Detail: fmt.Sprintf("header ce_%s (ce-%s over HTTP) is required and absent", name, name),
	}
}

func (as *attributes) text(name string) string {
	for _, a := range as.list {
		if a.name == name {
			return a.text
		}
	}
	return ""
}

func (e *Event) take(c *normalize.Context, a *attribute) (err error) {
	switch a.name {
	case "specversion":
		if a.text != "1.0" {
			return a.fail(normalize.BadValue, "want CloudEvents 1.0, got %q", a.text)
		}
	case "id":
		e.ID, err = a.required()
	case "source":
		e.Source, err = a.required()
	case "type":
		e.Type, err = a.required()
		e.kind = *a
	case "datacontenttype":
		return a.json()
	case "time":
		e.Time, err = a.time(c)
		e.TimeText = a.text
	case "recordedtime":
		e.RecordedTime, err = a.time(c)
	case "correlationid":
		e.CorrelationID = a.text
	case "causationid":
		e.CausationID = a.text
	case "traceparent":
		e.TraceID, e.SpanID = traceparent(a.text)
	default:
		e.rest = append(e.rest, *a)
	}
	return err
}

func (a *attribute) required() (string, error) {
	if a.v.Exists() && a.v.Kind() != jsonx.String {
		return "", normalize.WrongType(a.v, "a string")
	}
	if a.text == "" {
		return "", a.fail(normalize.MissingField, "%q is required and empty", a.name)
	}
	return a.text, nil
}

func (a *attribute) json() error {
	media, _, _ := strings.Cut(a.text, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	if media == "" || media == "text/json" || strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json") {
		return nil
	}
	return a.fail(normalize.BadValue, "want data of application/json, got %q", a.text)
}

func (a *attribute) time(c *normalize.Context) (normalize.Micros, error) {
	if a.v.Exists() {
		return Time(c, a.v)
	}
	t, err := c.ParseZoned(a.text)
	if err != nil {
		return 0, a.fail(normalize.BadTime, "%s", err)
	}
	return t, nil
}

// traceparent takes apart the W3C header, "00-<trace id>-<span id>-01". What is
// none says nothing.
func traceparent(s string) (trace, span string) {
	if len(s) < 55 || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return "", ""
	}
	return s[3:35], s[36:52]
}
