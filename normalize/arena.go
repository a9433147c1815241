package normalize

import "unsafe"

// arena hands out strings from chunks that are reused after reset. A chunk is
// never moved while strings point into it.
type arena struct {
	buf  []byte
	full [][]byte
}

const arenaChunk = 64 << 10

func (a *arena) reset() {
	a.full = a.full[:0]
	a.buf = a.buf[:0]
}

// mark returns where the next string starts, with room enough that usual
// strings need no new chunk.
func (a *arena) mark() int {
	if cap(a.buf)-len(a.buf) < arenaChunk/4 {
		a.full = append(a.full, a.buf)
		a.buf = make([]byte, 0, arenaChunk)
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
