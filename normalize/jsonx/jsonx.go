// Package jsonx parses the JSON of event sources into a tape that is used
// again for the next event, so that a parse allocates nothing.
//
// It is strict where two parsers could disagree about the same bytes: the
// grammar is RFC 8259 to the letter, strings must be UTF-8, no object may name
// a member twice, and depth and sizes are limited. One leniency is that of
// encoding/json: an escaped surrogate without its partner, as in "\ud800",
// reads as U+FFFD.
//
// Text without escapes is not copied. Every string and byte slice a [Value]
// hands out is valid while the source bytes stay unchanged and until the next
// [Doc.Parse] or [Doc.Reset]; clone what has to live longer.
//
// It does not fill structs, write JSON other than its canonical form, or turn
// numbers into floats.
package jsonx

import (
	"bytes"
	"cmp"
	"errors"
	"hash/maphash"
	"io"
	"unsafe"
)

// Limits bound what one value may cost. A field that is zero has its default.
type Limits struct {
	Depth        int // containers inside one another, 64
	Keys         int // members of one object, 1,000
	Items        int // items of one array, 10,000
	StringBytes  int // bytes of one decoded string or key, 256 KiB
	NumberDigits int // digits of one number, exponent included, 40
}

// Default returns the limits that hold where none are given.
func Default() Limits {
	return Limits{Depth: 64, Keys: 1000, Items: 10000, StringBytes: 256 << 10, NumberDigits: 40}
}

func (l Limits) orDefault() Limits {
	def := Default()
	return Limits{
		Depth:        cmp.Or(l.Depth, def.Depth),
		Keys:         cmp.Or(l.Keys, def.Keys),
		Items:        cmp.Or(l.Items, def.Items),
		StringBytes:  cmp.Or(l.StringBytes, def.StringBytes),
		NumberDigits: cmp.Or(l.NumberDigits, def.NumberDigits),
	}
}

// Doc holds parsed values and the buffers they live in. The zero Doc is ready
// for use. It must not be used by two goroutines at once while one of them
// parses; its values may be read by many.
type Doc struct {
	Limits Limits

	tape    []node
	stack   []frame
	decoded []string // strings and keys that had escapes, in arena
	arena   []byte   // the chunk being filled; full ones live in decoded alone
	seen    []uint32 // scratch of repeatsAny
	seed    maphash.Seed
}

// node is one value. The values of a container follow it on the tape, closed
// by a node of kind Missing whose off is their number; so is a root.
type node struct {
	off, end  uint32 // source bytes with quotes and brackets
	key, klen uint32 // member name: offset and length in source, or index in decoded and escapedKey
	next      uint32 // tape index after this value and all in it
	meta      uint32 // kind; for a string with escapes also its index in decoded + 1
}

const (
	escapedKey = 1<<32 - 1
	kindBits   = 3
	maxSource  = 1 << 30 // so that offsets and references fit
	maxKept    = 4 << 20 // bytes of one buffer that outlive Reset
)

// frame is an open container.
type frame struct {
	at     uint32 // its node
	count  int32  // members or items so far
	hashes uint64 // one bit per key hash
	object bool
}

// Reset forgets all values and keeps the buffers, unless a huge text has blown
// them up.
func (d *Doc) Reset() {
	clear(d.decoded) // lets go of full chunks
	d.tape, d.decoded, d.arena = reuse(d.tape), reuse(d.decoded), reuse(d.arena)
}

func reuse[T any](buffer []T) []T {
	var element T
	if cap(buffer)*int(unsafe.Sizeof(element)) > maxKept {
		return nil
	}
	return buffer[:0]
}

// Parse resets d and parses src, which holds one value and may have white
// space around it. The error is an [*Error].
func (d *Doc) Parse(src []byte) (Value, error) {
	d.Reset()
	v, end, err := d.ParseNext(src, 0)
	if errors.Is(err, io.EOF) {
		return Value{}, fail(Empty, end, "want a value, got nothing")
	}
	if err != nil {
		return Value{}, err
	}
	if end = skipSpace(src, end); end < len(src) {
		return Value{}, fail(Trailing, end, "want nothing after the value")
	}
	return v, nil
}

// ParseNext parses the next value of a stream of values, starting at src[at].
// Values may touch each other or have white space between them. It returns the
// offset after the value, or io.EOF if nothing but white space is left. After
// an [*Error], end is where the refused value begins. Values of earlier calls
// stay valid, also if their src was another one.
//
// A number that the end of src cuts is taken for a whole one: nothing tells
// them apart.
func (d *Doc) ParseNext(src []byte, at int) (v Value, end int, err error) {
	if len(src) > maxSource {
		return Value{}, at, over(StringTooLong, at, maxSource, "bytes of text")
	}
	start := skipSpace(src, at)
	if start == len(src) {
		return Value{}, start, io.EOF
	}
	if bytes.HasPrefix(src[start:], []byte("\ufeff")) {
		return Value{}, start, fail(Malformed, start, "byte order mark; send UTF-8 without one")
	}
	root, decoded := len(d.tape), len(d.decoded)
	end, bad := d.parse(src, start)
	if bad != nil {
		d.tape, d.decoded = d.tape[:root], d.decoded[:decoded]
		return Value{}, start, bad
	}
	return Value{d: d, src: &src[0], i: uint32(root)}, end, nil
}
