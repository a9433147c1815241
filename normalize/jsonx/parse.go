package jsonx

import "slices"

// parse appends the value at src[i] to the tape and returns the offset after
// it. Open containers are on a stack of their own, so depth costs no recursion.
//
//nolint:gocyclo // one state machine, kept whole for speed
func (d *Doc) parse(src []byte, i int) (int, *Error) {
	lim := d.Limits.orDefault()
	d.stack = d.stack[:0]
	var f frame // the innermost container, if depth > 0
	var bad *Error
	for depth := 0; ; {
		i = skipSpace(src, i)
		var key, klen uint32
		if depth > 0 {
			if f.count++; !f.object {
				if int(f.count) > lim.Items {
					return i, over(TooManyItems, i, lim.Items, "items")
				}
			} else {
				if i == len(src) || src[i] != '"' {
					return i, want("a key in quotes", src, i)
				}
				if int(f.count) > lim.Keys {
					return i, over(TooManyKeys, i, lim.Keys, "keys")
				}
				at, ref, bit := i, uint32(0), ^uint64(0)
				if i = plain(src, i+1); i < len(src) && src[i] == '"' && i-at <= lim.StringBytes {
					bit = keyBit(src, at+1, i)
					i++
				} else if i, ref, bad = d.rest(src, at+1, i, lim.StringBytes); bad != nil {
					return i, bad
				}
				key, klen = uint32(at+1), uint32(i-at-2)
				if ref != 0 {
					key, klen = ref-1, escapedKey
				}
				if f.count <= fewKeys {
					if f.hashes&bit != 0 && d.repeats(src, f.at, key, klen) {
						return at, repeated(at, d.key(src, key, klen))
					}
					f.hashes |= bit
				}
				if i = skipSpace(src, i); i == len(src) || src[i] != ':' {
					return i, want("':' after key", src, i)
				}
				i = skipSpace(src, i+1)
			}
		}
		if i == len(src) {
			return i, want("a value", src, i)
		}
		at := len(d.tape)
		n := d.push()
		n.off, n.key, n.klen, n.next = uint32(i), key, klen, uint32(at+1)
		open := false
		switch c := src[i]; c {
		case '"':
			n.meta = uint32(String)
			from := i + 1
			if i = plain(src, from); i < len(src) && src[i] == '"' && i-from <= lim.StringBytes {
				i++
			} else {
				var ref uint32
				i, ref, bad = d.rest(src, from, i, lim.StringBytes)
				n.meta |= ref << kindBits
			}
		case '{', '[':
			if depth == lim.Depth {
				return i, over(TooDeep, i, lim.Depth, "levels")
			}
			n.meta = uint32(Object)
			if c == '[' {
				n.meta = uint32(Array)
			}
			d.stack = append(d.stack, f)
			f = frame{at: uint32(at), object: c == '{'}
			depth++
			i = skipSpace(src, i+1)
			open = i == len(src) || src[i] != c+2 // '}' and ']' are 2 after their partners
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
		if open {
			continue
		}
		if bad != nil {
			return i, bad
		}
		n.end = uint32(i)
		for {
			if depth == 0 {
				at := uint32(len(d.tape))
				mark := d.push()
				mark.off, mark.end, mark.key, mark.klen, mark.next, mark.meta = 1, 0, 0, 0, at, 0
				return i, nil
			}
			i = skipSpace(src, i)
			if i < len(src) && src[i] == ',' {
				i++
				break
			}
			if f.object {
				if i == len(src) || src[i] != '}' {
					return i, want("',' or '}'", src, i)
				}
				if f.count > fewKeys {
					if bad = d.repeatsAny(src, f.at, int(f.count)); bad != nil {
						return i, bad
					}
				}
			} else if i == len(src) || src[i] != ']' {
				return i, want("',' or ']'", src, i)
			}
			i++
			at := uint32(len(d.tape))
			mark := d.push()
			mark.off, mark.end, mark.key, mark.klen, mark.next, mark.meta = uint32(f.count), 0, 0, 0, at, 0
			n := &d.tape[f.at]
			n.end, n.next = uint32(i), at+1
			depth--
			f, d.stack = d.stack[depth], d.stack[:depth]
		}
	}
}

// push makes room for a node, which holds what an earlier one left.
func (d *Doc) push() *node {
	n := len(d.tape)
	if n == cap(d.tape) {
		d.tape = slices.Grow(d.tape, max(64, n))
	}
	d.tape = d.tape[:n+1]
	return &d.tape[n]
}
