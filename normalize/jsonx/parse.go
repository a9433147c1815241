package jsonx

import (
	"hash/maphash"
	"unsafe"
)

// parse appends the value at src[i] to the tape and returns the offset after
// it. Containers are kept on a stack, not on goroutine frames.
func (d *Doc) parse(src []byte, i int) (int, *Error) {
	lim := d.Limits.orDefault()
	d.stack = d.stack[:0]
	var f frame // the innermost container, if depth > 0
	depth := 0
	var key, klen uint32
	for {
		if i = skipSpace(src, i); i == len(src) {
			return i, want("a value", src, i)
		}
		if depth > 0 {
			f.count++
			if f.object {
				if int(f.count) > lim.Keys {
					return i, over(TooManyKeys, i, lim.Keys, "keys")
				}
				at := i
				if src[i] != '"' {
					return i, want("a key in quotes", src, i)
				}
				end, ref, bad := d.str(src, i+1, lim.StringBytes)
				if bad != nil {
					return i, bad
				}
				key, klen = uint32(i+1), uint32(end-i-2)
				if ref != 0 {
					key, klen = ref-1, escapedKey
				}
				if d.repeats(src, &f, key, klen) {
					return i, repeated(at, d.key(src, key, klen))
				}
				if i = skipSpace(src, end); i == len(src) || src[i] != ':' {
					return i, want("':' after key", src, i)
				}
				if i = skipSpace(src, i+1); i == len(src) {
					return i, want("a value", src, i)
				}
			} else if int(f.count) > lim.Items {
				return i, over(TooManyItems, i, lim.Items, "items")
			}
		}
		n := node{off: uint32(i), key: key, klen: klen, next: uint32(len(d.tape) + 1)}
		key, klen = 0, 0
		var bad *Error
		switch c := src[i]; c {
		case '"':
			var ref uint32
			i, ref, bad = d.str(src, i+1, lim.StringBytes)
			n.meta = uint32(String) | ref<<kindBits
		case '{', '[':
			if depth == lim.Depth {
				return i, over(TooDeep, i, lim.Depth, "levels")
			}
			n.meta = uint32(Object)
			if c == '[' {
				n.meta = uint32(Array)
			}
			at := uint32(len(d.tape))
			d.tape = append(d.tape, n)
			if i = skipSpace(src, i+1); i < len(src) && src[i] == c+2 {
				i++
				d.tape = append(d.tape, node{next: at + 1})
				d.tape[at].end, d.tape[at].next = uint32(i), at+2
				goto after
			}
			d.stack = append(d.stack, f)
			f = frame{at: at, object: c == '{'}
			depth++
			continue
		case 't':
			n.meta = uint32(Bool)
			i, bad = literal(src, i, "true")
		case 'f':
			n.meta = uint32(Bool)
			i, bad = literal(src, i, "false")
		case 'n':
			n.meta = uint32(Null)
			i, bad = literal(src, i, "null")
		default:
			n.meta = uint32(Number)
			i, bad = number(src, i, lim.NumberDigits)
		}
		if bad != nil {
			return i, bad
		}
		n.end = uint32(i)
		d.tape = append(d.tape, n)
	after:
		for {
			if depth == 0 {
				d.tape = append(d.tape, node{off: 1, next: uint32(len(d.tape))})
				return i, nil
			}
			i = skipSpace(src, i)
			if i < len(src) && src[i] == ',' {
				i++
				break
			}
			if bad := d.close(src, i, &f); bad != nil {
				return i, bad
			}
			i++
			depth--
			f, d.stack = d.stack[depth], d.stack[:depth]
		}
	}
}

// close ends the container of f with src[i].
func (d *Doc) close(src []byte, i int, f *frame) *Error {
	if f.object {
		if i == len(src) || src[i] != '}' {
			return want("',' or '}'", src, i)
		}
		if f.count > fewKeys {
			if bad := d.repeatsAny(src, f); bad != nil {
				return bad
			}
		}
	} else if i == len(src) || src[i] != ']' {
		return want("',' or ']'", src, i)
	}
	at := uint32(len(d.tape))
	d.tape = append(d.tape, node{off: uint32(f.count), next: at})
	d.tape[f.at].end, d.tape[f.at].next = uint32(i+1), at+1
	return nil
}

// fewKeys is how many keys of an object are compared one by one. Later ones
// go through a hash table once the object is complete.
const fewKeys = 32

// repeats reports whether the object of f has the key already, as far as its
// first keys go. It looks only if the key shares a six-bit hash with one.
func (d *Doc) repeats(src []byte, f *frame, key, klen uint32) bool {
	if f.count > fewKeys {
		return false
	}
	name := d.key(src, key, klen)
	h := uint(len(name))
	if h > 0 {
		h += uint(name[0]) + uint(name[h-1])<<3 + uint(name[h/2])<<1
	}
	bit := uint64(1) << (h & 63)
	if f.hashes&bit == 0 {
		f.hashes |= bit
		return false
	}
	for i := f.at + 1; int(i) < len(d.tape); i = d.tape[i].next {
		if d.key(src, d.tape[i].key, d.tape[i].klen) == name {
			return true
		}
	}
	return false
}

// repeatsAny looks for a key that comes twice in the complete object of f, in
// a time that grows with the number of keys alone: the hash is seeded.
func (d *Doc) repeatsAny(src []byte, f *frame) *Error {
	if d.seed == (maphash.Seed{}) {
		d.seed = maphash.MakeSeed()
	}
	size := 64
	for size < 2*int(f.count) {
		size *= 2
	}
	if cap(d.seen) < size {
		d.seen = make([]uint32, size)
	}
	seen := d.seen[:size]
	clear(seen)
	for i := f.at + 1; int(i) < len(d.tape); i = d.tape[i].next {
		name := d.key(src, d.tape[i].key, d.tape[i].klen)
		slot := maphash.String(d.seed, name) & uint64(size-1)
		for seen[slot] != 0 {
			other := d.tape[seen[slot]]
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

func (d *Doc) key(src []byte, key, klen uint32) string {
	if klen == escapedKey {
		return d.decoded[key]
	}
	if klen == 0 {
		return ""
	}
	return unsafe.String(&src[key], klen)
}
