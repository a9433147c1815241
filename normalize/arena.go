package normalize

import "unsafe"

// arena hands out strings from chunks that are reused after reset. A chunk is
// never moved while strings point into it.
type arena struct {
	buf        []byte // the chunk being filled
	full, free [][]byte
}

const (
	arenaChunk = 64 << 10 // bytes
	arenaKept  = 256      // chunks that outlive reset
)

func (a *arena) reset() {
	for _, chunk := range append(a.full, a.buf) {
		if cap(chunk) == arenaChunk && len(a.free) < arenaKept {
			a.free = append(a.free, chunk[:0])
		}
	}
	clear(a.full)
	a.full, a.buf = a.full[:0], nil
}

// mark returns where the next string starts, with room enough that usual
// strings need no new chunk.
func (a *arena) mark() int {
	if cap(a.buf)-len(a.buf) < arenaChunk/4 {
		if cap(a.buf) > 0 {
			a.full = append(a.full, a.buf)
		}
		if last := len(a.free) - 1; last >= 0 {
			a.buf, a.free = a.free[last], a.free[:last]
		} else {
			a.buf = make([]byte, 0, arenaChunk)
		}
	}
	return len(a.buf)
}

// since returns what was appended to a.buf since mark returned start. Growing
// past the chunk moved buf to new memory; older strings keep the old memory.
func (a *arena) since(start int) string {
	b := a.buf[start:]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

func (a *arena) concat(parts []string) string {
	start := a.mark()
	for _, p := range parts {
		a.buf = append(a.buf, p...)
	}
	return a.since(start)
}
