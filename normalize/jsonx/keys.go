package jsonx

import (
	"encoding/binary"
	"hash/maphash"
	"unsafe"
)

// fewKeys is how many keys of an object are compared as they come. Of an
// object with more, all go through a hash table once it is complete.
const fewKeys = 32

// keyBit hashes the key src[start:end] to one of 64 bits, or returns them all
// if it is too close to the end of src.
func keyBit(src []byte, start, end int) uint64 {
	if start+8 > len(src) {
		return ^uint64(0)
	}
	w, n := binary.LittleEndian.Uint64(src[start:]), end-start
	if n < 8 {
		w &= 1<<(8*n) - 1
	}
	return 1 << ((w + uint64(n)) * 0x9e3779b97f4a7c15 >> 58)
}

// repeats reports whether the object at tape[at], which is still open, has the
// key among those before its last member.
func (d *Doc) repeats(src []byte, at, key, klen uint32) bool {
	name := d.key(src, key, klen)
	for i := at + 1; int(i) < len(d.tape); i = d.tape[i].next {
		if n := &d.tape[i]; (n.klen == klen || n.klen == escapedKey || klen == escapedKey) && d.key(src, n.key, n.klen) == name {
			return true
		}
	}
	return false
}

// repeatsAny looks for a key that comes twice in the object at tape[at]. Its
// time grows with the number of keys alone, whatever they are: the hash is
// seeded.
func (d *Doc) repeatsAny(src []byte, at uint32, count int) *Error {
	if d.seed == (maphash.Seed{}) {
		d.seed = maphash.MakeSeed()
	}
	size := 64
	for size < 2*count {
		size *= 2
	}
	if cap(d.seen) < size {
		d.seen = make([]uint32, size)
	}
	seen := d.seen[:size]
	clear(seen)
	for i := at + 1; int(i) < len(d.tape); i = d.tape[i].next {
		name := d.key(src, d.tape[i].key, d.tape[i].klen)
		slot := maphash.String(d.seed, name) & uint64(size-1)
		for seen[slot] != 0 {
			other := &d.tape[seen[slot]]
			if d.key(src, other.key, other.klen) == name {
				return repeated(int(d.tape[i].off), name)
			}
			slot = (slot + 1) & uint64(size-1)
		}
		seen[slot] = i
	}
	return nil
}

func repeated(offset int, name string) *Error {
	const long = 64
	if len(name) > long {
		name = name[:long] + "…"
	}
	return fail(DuplicateKey, offset, string(appendString([]byte("second "), name)))
}

// key returns the member name that a node describes with key and klen.
func (d *Doc) key(src []byte, key, klen uint32) string {
	if klen == escapedKey {
		return d.decoded[key]
	}
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(src)), key)), klen)
}
