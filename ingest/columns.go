package ingest

import (
	"encoding/binary"
	"unsafe"

	"github.com/ClickHouse/ch-go/proto"

	"github.com/runledger/runledger/normalize"
)

// column holds the values of one column of landing in the form they travel in.
// It needs a sixteenth of the memory of the client's own string column, and an
// empty text, by far the most frequent value, is one byte.
type column struct {
	name string
	typ  proto.ColumnType
	buf  []byte
	rows int
}

// Type, Rows, EncodeColumn and WriteColumn make it a proto.ColInput.

func (c *column) Type() proto.ColumnType       { return c.typ }
func (c *column) Rows() int                    { return c.rows }
func (c *column) EncodeColumn(b *proto.Buffer) { b.Buf = append(b.Buf, c.buf...) }
func (c *column) WriteColumn(w *proto.Writer)  { w.ChainWrite(c.buf) }

func (c *column) reset() { c.buf, c.rows = c.buf[:0], 0 }

func (c *column) fixed(v []byte)  { c.buf = append(c.buf, v...); c.rows++ }
func (c *column) uint8(v uint8)   { c.buf = append(c.buf, v); c.rows++ }
func (c *column) uint16(v uint16) { c.buf = binary.LittleEndian.AppendUint16(c.buf, v); c.rows++ }
func (c *column) uint32(v uint32) { c.buf = binary.LittleEndian.AppendUint32(c.buf, v); c.rows++ }
func (c *column) uint64(v uint64) { c.buf = binary.LittleEndian.AppendUint64(c.buf, v); c.rows++ }

// text appends s with its length before it.
func (c *column) text(s string) {
	if len(s) < 0x80 {
		c.buf = append(c.buf, byte(len(s)))
	} else {
		c.buf = binary.AppendUvarint(c.buf, uint64(len(s)))
	}
	c.buf = append(c.buf, s...)
	c.rows++
}

// id appends a UUID, which travels as two little-endian halves.
func (c *column) id(v normalize.ID) {
	c.buf = binary.LittleEndian.AppendUint64(c.buf, binary.BigEndian.Uint64(v[:8]))
	c.buf = binary.LittleEndian.AppendUint64(c.buf, binary.BigEndian.Uint64(v[8:]))
	c.rows++
}

// uint128 appends hi<<64 + lo.
func (c *column) uint128(hi, lo uint64) {
	c.buf = binary.LittleEndian.AppendUint64(c.buf, lo)
	c.buf = binary.LittleEndian.AppendUint64(c.buf, hi)
	c.rows++
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
	col := &column{name: name, typ: typ}
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

func (c *columns) rows() int { return c.kind.rows }

// size is the bytes the block would travel in without compression.
func (c *columns) size() int {
	n := 0
	for _, col := range c.all {
		n += len(col.buf)
	}
	return n
}

func (c *columns) reset() {
	for _, col := range c.all {
		col.reset()
	}
}

// row appends r as a row of the given kind. raw is nil unless the bytes are to
// be kept; l is nil unless the row closes the INSERT.
func (c *columns) row(kind uint8, r *normalize.Record, o *origin, raw []byte, l *ledgerRow) {
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
