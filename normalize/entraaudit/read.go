package entraaudit

import (
	"strconv"
	"strings"

	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/jsonx"
)

// read takes the members of v in. Graph writes them in camel case, the table in
// Pascal case; Azure Monitor puts those of Graph under properties, where
// category is the one of the directory and above it that of the stream.
//
//nolint:gocyclo // one flat switch over the members
func (e *entry) read(c *normalize.Context, parent string, v jsonx.Value) {
	for m := v.First(); m.Exists(); m = m.Next() {
		switch m.Key() {
		case "properties":
			inner := normalize.Inner(m)
			if parent != "" || inner.Kind() != jsonx.Object {
				keep(c, parent, m, inner)
				continue
			}
			e.body, e.nested = inner, true
			e.stream, e.category = e.category, ""
			e.read(c, "properties", inner)
		case "id", "Id":
			text(c, &e.id, parent, m)
		case "time", "TimeGenerated":
			e.recorded = m
		case "activityDateTime", "ActivityDateTime":
			e.at = m
		case "activityDisplayName", "ActivityDisplayName":
			text(c, &e.activity, parent, m)
		case "operationName", "OperationName":
			text(c, &e.operation, parent, m)
		case "category", "Category":
			e.readCategory(c, parent, m)
		case "correlationId", "CorrelationId":
			e.readCorrelation(c, parent, m)
		case "loggedByService", "LoggedByService":
			text(c, &e.service, parent, m)
		case "operationType", "AADOperationType":
			text(c, &e.operationType, parent, m)
		case "result", "Result":
			text(c, &e.result, parent, m)
		case "resultType", "ResultType":
			text(c, &e.outer, parent, m)
		case "resultReason", "ResultReason":
			text(c, &e.reason, parent, m)
		case "initiatedBy", "InitiatedBy":
			e.initiator = container(c, parent, m, jsonx.Object)
		case "targetResources", "TargetResources":
			e.targets = container(c, parent, m, jsonx.Array)
		case "additionalDetails", "AdditionalDetails":
			e.details = container(c, parent, m, jsonx.Array)
		default:
			keep(c, parent, m, normalize.Inner(m))
		}
	}
}

// readCategory tells the category of the stream, which may come after the
// properties, from that of the directory.
func (e *entry) readCategory(c *normalize.Context, parent string, m jsonx.Value) {
	if parent == "" && e.nested {
		text(c, &e.stream, parent, m)
		return
	}
	text(c, &e.category, parent, m)
}

func (e *entry) readCorrelation(c *normalize.Context, parent string, m jsonx.Value) {
	before := e.correlation
	text(c, &e.correlation, parent, m)
	if before != "" && before != e.correlation {
		c.KeepText("", "correlationId", before)
	}
}

// keepDetails keeps the details under their names, so that those which are
// secret are masked.
func (e *entry) keepDetails(c *normalize.Context) {
	i := 0
	for d := e.details.First(); d.Exists(); d, i = d.Next(), i+1 {
		name, value := d.Get("key").Str(), d.Get("value")
		switch in := unquote(value); {
		case name == "":
			c.KeepAs("additionalDetails", strconv.Itoa(i), d)
		case d.Len() > 2:
			c.KeepAs("additionalDetails", name, d)
		case in.Exists():
			c.KeepAs("additionalDetails", name, in)
		case value.Exists() && !value.IsNull():
			withhold(c, "additionalDetails", name)
		}
	}
}

// detail returns the text of the detail called name.
func (e *entry) detail(name string) string {
	for d := e.details.First(); d.Exists(); d = d.Next() {
		if strings.EqualFold(d.Get("key").Str(), name) {
			return d.Get("value").Text()
		}
	}
	return ""
}

// unquote returns the JSON that stands in the text v: old and new values are
// JSON in strings, "\"\"" for an empty text. It is Missing where an object or a
// list is torn.
func unquote(v jsonx.Value) jsonx.Value {
	if v.IsNull() {
		return jsonx.Value{}
	}
	if s := v.Str(); strings.HasPrefix(s, `"`) {
		var doc jsonx.Doc
		if inner, err := doc.Parse([]byte(s)); err == nil {
			v = inner
		}
	}
	return normalize.Inner(v)
}

// text takes a scalar in; what has another type than it should is kept, and a
// null leaves dst as it was.
func text(c *normalize.Context, dst *string, parent string, m jsonx.Value) {
	if t := m.Text(); t != "" {
		*dst = t
		return
	}
	if k := m.Kind(); k == jsonx.Object || k == jsonx.Array {
		c.KeepIn(parent, m)
	}
}

func container(c *normalize.Context, parent string, m jsonx.Value, kind jsonx.Kind) jsonx.Value {
	v := normalize.Inner(m)
	if v.Kind() == kind {
		return v
	}
	keep(c, parent, m, v)
	return jsonx.Value{}
}

// keep keeps what stands in m, the JSON of a text without its quotes.
func keep(c *normalize.Context, parent string, m, inner jsonx.Value) {
	switch {
	case !inner.Exists():
		withhold(c, parent, m.Key())
	case inner.Kind() == jsonx.String && inner.Str() == "":
	case (inner.Kind() == jsonx.Object || inner.Kind() == jsonx.Array) && inner.Len() == 0:
	default:
		c.KeepAs(parent, m.Key(), inner)
	}
}

// withhold notes that a text was left out: JSON that is torn cannot be masked.
// A key may be data of the source, so the note is about what it stands in.
func withhold(c *normalize.Context, parent, key string) {
	about := parent
	if about == "" {
		about = key
	}
	c.Write(func(dst []byte) []byte { return c.AppendWithheld(dst, about) })
	c.KeepText(parent, key, normalize.Masked)
}
