package normalize

import (
	"strings"
	"unsafe"

	"github.com/runledger/runledger/normalize/jsonx"
)

// wrappers are the members under which carriers of events put what they carry:
// an object, an array, or either as text. In the order of trust.
var wrappers = [...]string{
	"records", "Records", "events", "value", "items", "logs", "logEvents", // lists of APIs and streams
	"data", "detail", "event", "payload", "body", // CloudEvents, EventBridge, Splunk HTTP, queues
	"result", "_raw", "original", "rawEvent", "message", "Message", "log", // Splunk export, ECS, SNS, container logs
}

// maxWraps bounds how many envelopes lie inside one another.
const maxWraps = 5

// unwrap looks for elements inside v, which the format has refused to read, and
// reports whether it made records of any. What the source itself wrote is read
// first, so an envelope costs nothing where there is none and never hides a
// member of an event that is called like one.
func (n *Normalizer) unwrap(v jsonx.Value, before int, err error) bool {
	b := n.ctx.batch
	if n.wraps == maxWraps || v.Kind() != jsonx.Object || !foreign(v, asError(err)) {
		return false
	}
	clear(b.Records[before:])
	b.Records = b.Records[:before]
	elements := n.ctx.format.Elements
	if elements == nil {
		elements = DefaultElements
	}
	root, rejects, count := n.ctx.Root, len(b.Rejects), n.elements
	n.wraps++
	defer func() { n.wraps--; n.ctx.Root = root }()
	for _, key := range wrappers {
		inner := n.carried(v.Get(key))
		if !inner.Exists() {
			continue
		}
		n.ctx.Root = inner
		elements(inner, n.yield)
		if len(b.Records) > before {
			return true
		}
		b.Rejects, n.elements = b.Rejects[:rejects], count
	}
	return false
}

// foreign reports whether e means that v is nothing the format knows. What is
// wrong with the attributes or the data of a CloudEvent is said by a format
// that reads CloudEvents, and what it refuses is not to be read as bare data.
func foreign(v jsonx.Value, e *Error) bool {
	if !v.Get("specversion").Exists() || e.Reason == BadType {
		return true
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(e.Path, v.Path()+"."), ".")
	switch name {
	case "specversion", "id", "source", "type", "time", "recordedtime", "datacontenttype", "data", "data_base64":
		return false
	default:
		return true
	}
}

// carried returns the object or array that v is, or holds as text.
func (n *Normalizer) carried(v jsonx.Value) jsonx.Value {
	switch v.Kind() {
	case jsonx.Object, jsonx.Array:
		return v
	case jsonx.String:
		text := strings.TrimSpace(v.Str())
		if text == "" || text[0] != '{' && text[0] != '[' {
			break
		}
		inner, end, err := n.doc.ParseNext(unsafe.Slice(unsafe.StringData(text), len(text)), 0)
		if err == nil && end == len(text) {
			return inner
		}
	}
	return jsonx.Value{}
}
