// Package normalize turns vendor payloads into the records of the unified model.
//
// It is pure: no network, clock, log or metric. The same Raw gives the same
// records, byte for byte, whenever and wherever it is replayed; exactly-once
// ingestion rests on that. It does not decide where records are stored
// (package ingest) and does not talk to vendors.
package normalize

import (
	"github.com/runledger/runledger/normalize/jsonx"
)

// Header is one header of the message that carried a payload.
type Header struct {
	Key   string
	Value []byte
}

// Raw is one message as it arrived.
type Raw struct {
	Tenant       string   // whose records these are; never read from the payload
	SourceURI    string   // instance of the source, where the transport knows it
	Value        []byte   // the payload; records alias it until the next Reset
	Headers      []Header // transport headers (CloudEvents binary mode)
	ReceivedTime Micros   // when the broker got it: the only clock there is
}

// Format understands the payloads of one source.
//
// A payload is first taken apart by Elements (envelopes, arrays), or into its
// lines; each element is then mapped to records, or rejected, on its own.
type Format struct {
	Name    string // what users type: "okta.system_log"
	Version int64  // of the mapping; stored with each record
	Title   string // one line for people
	Ref     string // address of the vendor's reference
	Emits   []Kind // the kinds of record it can make
	About   About  // what it can tell and what not

	// Elements yields the elements of a payload. Nil means DefaultElements.
	Elements func(root jsonx.Value, yield func(jsonx.Value))
	// Map appends the records of one element with c.New, or returns an *Error.
	Map func(c *Context, v jsonx.Value) error
	// MapLine stands instead of Elements and Map where payloads are text: every
	// line that is not blank is an element. Offsets of its errors count from the
	// start of the line, and their Path is the name of a field.
	MapLine func(c *Context, line string) error
}

// Batch collects what came out of messages. Its strings alias the messages and
// the Normalizer, and are valid until the Normalizer's next Reset.
type Batch struct {
	Records []Record
	Rejects []Reject
}

// Clear empties b and keeps its memory.
func (b *Batch) Clear() {
	clear(b.Records)
	clear(b.Rejects)
	b.Records, b.Rejects = b.Records[:0], b.Rejects[:0]
}

// Normalizer owns the buffers that normalising needs. The zero value is ready;
// it must not be used by two goroutines at once.
type Normalizer struct {
	doc  jsonx.Doc
	ctx  Context
	hash hasher
	raw  RawMasker

	yield    func(jsonx.Value) // n.element, bound once
	elements int               // yielded of the document at hand
	wraps    int               // envelopes around the element at hand
}

// Reset forgets all strings handed out so far.
func (n *Normalizer) Reset() { n.doc.Reset(); n.ctx.arena.reset() }

// Append appends to b the records and rejects of raw. Nothing is dropped
// silently: every element ends in at least one record or in one reject, and a
// rejected element leaves no record behind.
func (n *Normalizer) Append(b *Batch, f *Format, raw Raw) {
	c := &n.ctx
	c.start(b, f, raw)
	if f.MapLine != nil {
		n.lines(raw.Value)
		return
	}
	var root jsonx.Value
	at, docs := 0, 0
	for {
		v, end, err := n.doc.ParseNext(raw.Value, at)
		if err != nil {
			if docs == 0 || !endOfStream(err) {
				n.reject(b, raw.Value[at:], at, syntaxError(err))
			}
			return
		}
		root, at, docs = v, end, docs+1
		n.document(b, f, root)
	}
}

func (n *Normalizer) document(b *Batch, f *Format, root jsonx.Value) {
	if n.yield == nil {
		n.yield = n.element
	}
	elements := f.Elements
	if elements == nil {
		elements = DefaultElements
	}
	n.elements, n.ctx.Root = 0, root
	elements(root, n.yield)
	if n.elements == 0 {
		n.reject(b, root.Raw(), root.Offset(), &Error{Reason: Empty, Path: root.Path(), Detail: "the payload holds no element"})
	}
}

func (n *Normalizer) element(v jsonx.Value) {
	n.elements++
	c, before := &n.ctx, len(n.ctx.batch.Records)
	c.element()
	err := c.format.Map(c, v)
	if err == nil && len(c.batch.Records) == before {
		err = &Error{Reason: Empty, Path: v.Path(), Detail: "the element makes no record"}
	}
	if err != nil && n.unwrap(v, before, err) {
		return
	}
	n.settle(before, err, v.Raw(), v.Offset())
}

// settle finishes the records that the element raw has added to the first
// before, or takes them back and rejects it.
func (n *Normalizer) settle(before int, err error, raw []byte, offset int) {
	b := n.ctx.batch
	if err == nil {
		err = n.finishAll(b.Records[before:], raw)
	}
	if err != nil {
		clear(b.Records[before:])
		b.Records = b.Records[:before]
		n.reject(b, raw, offset, err)
	}
}

func (n *Normalizer) reject(b *Batch, raw []byte, offset int, err error) {
	e := asError(err)
	if e.Offset == 0 {
		e.Offset = offset
	}
	e.Detail = n.ctx.redact.clean("", e.Detail, scanProse)
	b.Rejects = append(b.Rejects, Reject{Error: *e, Element: raw})
}

// DefaultElements peels the envelopes that occur everywhere: an array of
// elements, {"records":[…]}, {"value":[…]}, or one bare element.
func DefaultElements(root jsonx.Value, yield func(jsonx.Value)) {
	list := root
	if root.Kind() == jsonx.Object {
		list = envelope(root)
		if !list.Exists() {
			yield(root)
			return
		}
	}
	if list.Kind() != jsonx.Array {
		yield(list)
		return
	}
	for v := list.First(); v.Exists(); v = v.Next() {
		yield(v)
	}
}

// envelope returns the array inside {"records":[…]} or {"value":[…]}.
func envelope(root jsonx.Value) jsonx.Value {
	for _, key := range [...]string{"records", "value"} {
		if list := root.Get(key); list.Kind() == jsonx.Array {
			return list
		}
	}
	return jsonx.Value{}
}
