package ingest

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize"
)

// layout is the version of the cut: which rows of a range go into which block.
// A block ends after the message that fills it, by rows or by bytes, so the cut
// follows from the messages alone. Raise it when anything below changes.
const (
	layout     = 2
	blockRows  = 16_384
	blockBytes = 2 << 20
)

// The kinds of row that are no records; normalize.Kind leaves their numbers out.
const (
	kindDeadLetter = 5
	kindLedger     = 6
)

// planOf is a digest of all that decides, beside the messages, which rows a
// range becomes: a range that was begun under one plan cannot be finished
// under another.
func planOf(formats map[string]*normalize.Format, c config.Collector, topic config.Topic) uint32 {
	h := xxhash.New()
	for _, name := range slices.Sorted(maps.Keys(formats)) {
		fmt.Fprintf(h, "%s %d\n", name, formats[name].Version)
	}
	for _, f := range normalize.Fields() {
		fmt.Fprintln(h, f.Name)
	}
	fmt.Fprintf(h, "redaction %d\n", normalize.RedactionPolicy)
	fmt.Fprintf(h, "%s\n%+v\n%+v\n", c.Raw, c.Retention, topic)
	return uint32(h.Sum64())
}

// batcher turns a span into blocks of rows. It owns the buffers for that and
// serves one span at a time.
type batcher struct {
	keepRaw bool

	columns    *columns
	normalizer normalize.Normalizer
	records    normalize.Batch
	gunzip     gunzip
	masker     normalize.RawMasker

	span   *span
	next   int // index of the next message
	origin origin
	ledger ledgerRow
	tally  tally
	closed bool
}

func newBatcher(keepRaw bool) *batcher {
	return &batcher{keepRaw: keepRaw, columns: newColumns()}
}

// start begins at the first message of s, again if need be.
func (b *batcher) start(s *span, topic string, partition int, epoch uint32) {
	b.span, b.next, b.closed = s, 0, false
	b.columns.reset()
	b.origin = origin{topic: topic, partition: partition}
	b.ledger = ledgerRow{last: s.last, messages: uint32(len(s.messages)), gaps: uint32(s.gaps()), layout: layout, epoch: epoch}
	b.tally.reset()
}

// block fills the columns with the next block, or returns io.EOF. The row of
// the ledger closes the last one.
func (b *batcher) block() error {
	b.columns.reset()
	if b.closed {
		return io.EOF
	}
	for b.next < len(b.span.messages) {
		if b.full() {
			return nil
		}
		b.message(&b.span.messages[b.next])
		b.next++
	}
	if b.full() {
		return nil
	}
	b.closed = true
	closing := normalize.Record{ReceivedTime: normalize.Micros(b.span.newest * 1000)}
	b.origin.offset, b.origin.class = b.span.first, ""
	b.columns.row(kindLedger, &closing, &b.origin, nil, &b.ledger)
	b.tally.bytes += b.columns.size()
	return nil
}

func (b *batcher) full() bool {
	return b.columns.rows >= blockRows || b.columns.size() >= blockBytes
}

// message appends the rows of m: its records, and a dead letter for each part
// that could not be read.
func (b *batcher) message(m *message) {
	b.origin.offset, b.origin.class = m.offset, m.route.class
	value, refusal := b.readable(m)
	if refusal != nil {
		b.deadLetter(m, normalize.Reject{Error: *refusal, Element: m.value}, 0)
		return
	}
	b.records.Clear()
	b.normalizer.Reset()
	b.normalize(m, value)
	for i := range b.records.Records {
		r := &b.records.Records[i]
		r.Index = int64(i)
		var raw []byte
		if b.keepRaw && i == 0 { // once for each message
			raw = b.masker.Mask(value)
		}
		b.columns.row(uint8(r.Kind), r, &b.origin, raw, nil)
		b.ledger.records++
		b.ledger.addHash(&r.ContentHash)
		b.tally.record(m.route.source, r.Kind)
	}
	for i := range b.records.Rejects {
		b.deadLetter(m, b.records.Rejects[i], i)
	}
}

// The span of times that a message is believed to have arrived in.
var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// readable returns the payload of m, or why it has none.
func (b *batcher) readable(m *message) ([]byte, *normalize.Error) {
	switch {
	case m.route.refusal != nil:
		return nil, m.route.refusal
	case len(m.value) == 0:
		return nil, &normalize.Error{Reason: normalize.Empty, Detail: "the message has no value"}
	case m.millis < earliest || m.millis > latest:
		return nil, &normalize.Error{
			Reason: normalize.BadTime,
			Detail: fmt.Sprintf("the message has the timestamp %d ms, which is none: the producer must set one", m.millis),
		}
	case isGzip(m.value):
		return b.gunzip.read(m.value)
	default:
		return m.value, nil
	}
}

// normalize appends what is in value to b.records. A format that panics loses
// the message to the dead letters, not the collector.
func (b *batcher) normalize(m *message, value []byte) {
	defer func() {
		if p := recover(); p != nil {
			b.normalizer = normalize.Normalizer{}
			b.records.Clear()
			b.records.Rejects = append(b.records.Rejects, normalize.Reject{Element: value, Error: normalize.Error{
				Reason: normalize.BadValue, Detail: fmt.Sprintf("the format panicked, which is a bug: %v", p),
			}})
		}
	}()
	b.normalizer.Append(&b.records, m.route.format, normalize.Raw{
		Tenant: m.route.tenant, SourceURI: m.route.uri, Value: value, Headers: m.headers,
		ReceivedTime: normalize.Micros(m.millis * 1000),
	})
}

func (b *batcher) deadLetter(m *message, reject normalize.Reject, index int) {
	element := b.masker.Mask(reject.Element)
	letter := normalize.Record{
		TenantID: m.route.tenant, Source: clip(m.route.source),
		ReceivedTime: normalize.Micros(min(max(m.millis, 0), latest) * 1000),
		ErrorCode:    string(reject.Error.Reason), NativeType: reject.Error.Path,
		Sequence: int64(reject.Error.Offset), ErrorMessage: reject.Error.Detail,
		RawHash: sha256.Sum256(element), RawSize: int64(len(reject.Element)), Index: int64(index),
	}
	if reject.Error.Reason == normalize.UnknownTenant {
		letter.TenantID = ""
	}
	b.columns.row(kindDeadLetter, &letter, &b.origin, element, nil)
	b.ledger.rejects++
	b.tally.reject(reject.Error.Reason)
}

// tally counts what a batch holds, to be published once it has arrived.
type tally struct {
	records map[recordLabels]int
	rejects map[normalize.Reason]int
	bytes   int
}

type recordLabels struct {
	source string
	kind   normalize.Kind
}

func (t *tally) reset() {
	if t.records == nil {
		t.records, t.rejects = map[recordLabels]int{}, map[normalize.Reason]int{}
	}
	clear(t.records)
	clear(t.rejects)
	t.bytes = 0
}

func (t *tally) record(source string, kind normalize.Kind) { t.records[recordLabels{source, kind}]++ }

func (t *tally) reject(reason normalize.Reason) { t.rejects[reason]++ }
