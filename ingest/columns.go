package ingest

import (
	"encoding/binary"
	"slices"
	"unsafe"

	"github.com/ClickHouse/ch-go/proto"

	"github.com/runledger/runledger/normalize"
)

// column holds the values of one column of landing in the form they travel in.
// An empty text, by far the most frequent value, is one byte there, and only a
// count until another value follows.
type column struct {
	name  string
	typ   proto.ColumnType
	rows  *int // of the block
	buf   []byte
	empty int // empty texts behind buf
}

// Type, Rows, EncodeColumn and WriteColumn make it a proto.ColInput.

func (c *column) Type() proto.ColumnType { return c.typ }
func (c *column) Rows() int              { return *c.rows }

func (c *column) EncodeColumn(b *proto.Buffer) {
	c.flush()
	b.Buf = append(b.Buf, c.buf...)
}

func (c *column) WriteColumn(w *proto.Writer) {
	c.flush()
	w.ChainWrite(c.buf)
}

func (c *column) flush() {
	n := len(c.buf)
	c.buf = slices.Grow(c.buf, c.empty)[:n+c.empty]
	clear(c.buf[n:])
	c.empty = 0
}

func (c *column) reset() { c.buf, c.empty = c.buf[:0], 0 }

func (c *column) fixed(v []byte)  { c.buf = append(c.buf, v...) }
func (c *column) uint8(v uint8)   { c.buf = append(c.buf, v) }
func (c *column) uint16(v uint16) { c.buf = binary.LittleEndian.AppendUint16(c.buf, v) }
func (c *column) uint32(v uint32) { c.buf = binary.LittleEndian.AppendUint32(c.buf, v) }
func (c *column) uint64(v uint64) { c.buf = binary.LittleEndian.AppendUint64(c.buf, v) }

// text appends s with its length before it.
func (c *column) text(s string) {
	if s == "" {
		c.empty++
		return
	}
	if c.empty > 0 {
		c.flush()
	}
	c.buf = binary.AppendUvarint(c.buf, uint64(len(s)))
	c.buf = append(c.buf, s...)
}

// id appends a UUID, which travels as two little-endian halves.
func (c *column) id(v normalize.ID) {
	c.uint64(binary.BigEndian.Uint64(v[:8]))
	c.uint64(binary.BigEndian.Uint64(v[8:]))
}

// uint128 appends hi<<64 + lo.
func (c *column) uint128(hi, lo uint64) {
	c.uint64(lo)
	c.uint64(hi)
}

// columns is one block of landing: the fields of a record, and what the
// collector adds.
type columns struct {
	kind   *column
	fields []*column // in the order of normalize.Fields

	topic, partition, offset *column
	class, raw               *column

	last, messages, records, rejects, gaps, hashSum, layout, epoch *column

	all   []*column
	input proto.Input
	rows  int
}

func newColumns() *columns {
	c := new(columns)
	c.kind = c.add("kind", "UInt8")
	for _, f := range normalize.Fields() {
		c.fields = append(c.fields, c.add(f.Name, columnType(f.Type)))
	}
	c.topic = c.add("src_topic", "String")
	c.partition = c.add("src_partition", "Int32")
	c.offset = c.add("src_offset", "Int64")
	c.class = c.add("retention_class", "String")
	c.raw = c.add("raw", "String")
	c.last = c.add("range_last", "Int64")
	c.messages = c.add("range_messages", "UInt32")
	c.records = c.add("range_records", "UInt32")
	c.rejects = c.add("range_rejects", "UInt32")
	c.gaps = c.add("range_gaps", "UInt32")
	c.hashSum = c.add("range_hash_sum", "UInt128")
	c.layout = c.add("range_layout", "UInt16")
	c.epoch = c.add("range_epoch", "UInt32")
	return c
}

func (c *columns) add(name string, typ proto.ColumnType) *column {
	col := &column{name: name, typ: typ, rows: &c.rows}
	c.all = append(c.all, col)
	c.input = append(c.input, proto.InputColumn{Name: name, Data: col})
	return col
}

func columnType(t normalize.FieldType) proto.ColumnType {
	switch t {
	case normalize.Int:
		return "Int64"
	case normalize.Flag:
		return "Bool"
	case normalize.Time:
		return "DateTime64(6, 'UTC')"
	case normalize.UUID:
		return "UUID"
	case normalize.Digest:
		return "FixedString(32)"
	default:
		return "String"
	}
}

// size is the bytes the block would travel in without compression.
func (c *columns) size() int {
	n := 0
	for _, col := range c.all {
		n += len(col.buf) + col.empty
	}
	return n
}

func (c *columns) reset() {
	c.rows = 0
	for _, col := range c.all {
		col.reset()
	}
}

// row appends r as a row of the given kind. raw is nil unless the bytes are to
// be kept; l is nil unless the row closes the INSERT.
func (c *columns) row(kind uint8, r *normalize.Record, o *origin, raw []byte, l *ledgerRow) {
	c.rows++
	c.kind.uint8(kind)
	fields := normalize.Fields()
	for i, col := range c.fields {
		f := &fields[i]
		switch f.Type {
		case normalize.Text:
			col.text(f.Text(r))
		case normalize.Int, normalize.Time:
			col.uint64(uint64(f.Int(r)))
		case normalize.Flag:
			col.uint8(flag(f.Flag(r)))
		case normalize.UUID:
			col.id(f.ID(r))
		case normalize.Digest:
			col.fixed(f.Hash(r)[:])
		}
	}
	c.topic.text(o.topic)
	c.partition.uint32(uint32(o.partition))
	c.offset.uint64(uint64(o.offset))
	c.class.text(o.class)
	c.raw.text(unsafe.String(unsafe.SliceData(raw), len(raw)))
	if l == nil {
		l = new(ledgerRow)
	}
	c.ledger(l)
}

func (c *columns) ledger(l *ledgerRow) {
	c.last.uint64(uint64(l.last))
	c.messages.uint32(l.messages)
	c.records.uint32(l.records)
	c.rejects.uint32(l.rejects)
	c.gaps.uint32(l.gaps)
	c.hashSum.uint128(l.hashHigh, l.hashLow)
	c.layout.uint16(l.layout)
	c.epoch.uint32(l.epoch)
}

func flag(v bool) uint8 {
	if v {
		return 1
	}
	return 0
}

// origin is where a row comes from, and how long it is to be kept.
type origin struct {
	topic     string
	partition int
	offset    int64
	class     string
}
