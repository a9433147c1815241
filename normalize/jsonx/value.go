package jsonx

import (
	"strconv"
	"strings"
	"unsafe"
)

// Kind is the type of a value.
type Kind uint8

// The kinds. Missing is the kind of the zero Value and of what was looked for
// in vain.
const (
	Missing Kind = iota
	Null
	Bool
	Number
	String
	Object
	Array
)

// String returns the kind in lower case, "object".
func (k Kind) String() string {
	names := [...]string{"missing", "null", "bool", "number", "string", "object", "array"}
	if int(k) < len(names) {
		return names[k]
	}
	return "kind " + strconv.Itoa(int(k))
}

// Value is a value of a [Doc], or Missing. All methods can be called on all
// kinds, so that a look-up needs one check at its end. It must not be used once
// its Doc was reset or has parsed again: it would read memory of others.
type Value struct {
	d   *Doc
	src *byte // start of the source
	i   uint32
}

// Kind returns the kind.
func (v Value) Kind() Kind {
	if v.d == nil {
		return Missing
	}
	return v.d.tape[v.i].kind()
}

func (n *node) kind() Kind { return Kind(n.meta & (1<<kindBits - 1)) }

// Exists reports whether v is not Missing.
func (v Value) Exists() bool { return v.d != nil }

// IsNull reports whether v is a null that is there.
func (v Value) IsNull() bool { return v.Kind() == Null }

// Str returns the decoded text of a String, and "" for all else.
func (v Value) Str() string {
	if v.Kind() != String {
		return ""
	}
	n := &v.d.tape[v.i]
	if ref := n.meta >> kindBits; ref != 0 {
		return v.d.decoded[ref-1]
	}
	return v.text(n.off+1, n.end-n.off-2)
}

// Text returns the text of a String, a Number or a Bool, for members whose
// type drifts, and "" for all else.
func (v Value) Text() string {
	switch v.Kind() {
	case String:
		return v.Str()
	case Number, Bool:
		n := &v.d.tape[v.i]
		return v.text(n.off, n.end-n.off)
	}
	return ""
}

func (v Value) text(off, length uint32) string {
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(v.src), off)), length)
}

// Int returns the value of a Number without fraction that fits, such as 12 or
// 1.2e1, or of a String that holds nothing but one.
func (v Value) Int() (int64, bool) {
	text := v.Str()
	if v.Kind() == Number {
		text = v.Text()
	}
	return integer(text)
}

// Bool returns the value of a Bool, or of a String that holds "true" or
// "false" in any case.
func (v Value) Bool() (val, ok bool) {
	switch text := v.Text(); {
	case v.Kind() == Number:
		return false, false
	case strings.EqualFold(text, "true"):
		return true, true
	case strings.EqualFold(text, "false"):
		return false, true
	}
	return false, false
}

// Raw returns the source bytes of the value, nil if Missing.
func (v Value) Raw() []byte {
	if v.d == nil {
		return nil
	}
	n := &v.d.tape[v.i]
	return unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(v.src), n.off)), n.end-n.off)
}

// Offset returns the byte of the source at which the value starts.
func (v Value) Offset() int {
	if v.d == nil {
		return 0
	}
	return int(v.d.tape[v.i].off)
}

// Len returns the number of members of an Object or items of an Array.
func (v Value) Len() int {
	if k := v.Kind(); k != Object && k != Array {
		return 0
	}
	return int(v.d.tape[v.d.tape[v.i].next-1].off)
}

// Get returns the member of an Object with that key.
func (v Value) Get(key string) Value {
	if v.Kind() != Object {
		return Value{}
	}
	for m := v.First(); m.Exists(); m = m.Next() {
		if m.Key() == key {
			return m
		}
	}
	return Value{}
}

// At follows the keys down: v.At("a", "b") is v.Get("a").Get("b").
func (v Value) At(keys ...string) Value {
	for _, key := range keys {
		v = v.Get(key)
	}
	return v
}

// First returns the first member or item of a container:
//
//	for m := v.First(); m.Exists(); m = m.Next() {
func (v Value) First() Value {
	if v.Kind() < Object {
		return Value{}
	}
	return v.orMissing(v.i + 1)
}

// Next returns the member or item after v.
func (v Value) Next() Value {
	if v.d == nil {
		return Value{}
	}
	return v.orMissing(v.d.tape[v.i].next)
}

func (v Value) orMissing(i uint32) Value {
	if v.d.tape[i].meta == 0 {
		return Value{}
	}
	v.i = i
	return v
}

// Key returns the decoded key of a member, "" for all else.
func (v Value) Key() string {
	if v.d == nil {
		return ""
	}
	n := &v.d.tape[v.i]
	if n.klen == escapedKey {
		return v.d.decoded[n.key]
	}
	return v.text(n.key, n.klen)
}

// Path returns the JSON path of the value, such as $.target[0].id. It searches
// the tape: for error texts only.
func (v Value) Path() string {
	if v.d == nil {
		return ""
	}
	root := uint32(0)
	for v.d.tape[root].next <= v.i {
		root = v.d.tape[root].next + 1
	}
	path := []byte{'$'}
	for at := (Value{v.d, v.src, root}); at.i != v.i; {
		array, n := at.Kind() == Array, 0
		at.i++
		for at.d.tape[at.i].next <= v.i {
			at.i = at.d.tape[at.i].next
			n++
		}
		switch key := at.Key(); {
		case array:
			path = append(strconv.AppendInt(append(path, '['), int64(n), 10), ']')
		case isName(key):
			path = append(append(path, '.'), key...)
		default:
			path = append(appendString(append(path, '['), key), ']')
		}
	}
	return string(path)
}

func isName(key string) bool {
	for i := range len(key) {
		c := key[i]
		if c != '_' && c|0x20-'a' > 'z'-'a' && (i == 0 || c-'0' > 9) {
			return false
		}
	}
	return key != ""
}
