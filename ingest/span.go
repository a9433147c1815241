package ingest

import (
	"encoding/binary"
	"sync"

	"github.com/cespare/xxhash/v2"

	"github.com/runledger/runledger/normalize"
)

// span is a range of offsets of one partition and the messages in it: what one
// INSERT holds.
type span struct {
	first, last int64 // last < first: nothing yet
	messages    []message
	size        int   // bytes of the messages
	newest      int64 // time of the last offset, in milliseconds
	hash        xxhash.Digest
	memory      arena
}

// message is one message of a span. Its value is the span's own.
type message struct {
	offset  int64
	millis  int64 // time of the message
	value   []byte
	headers []normalize.Header
	route   *route
}

// messageOverhead is what a message costs beside its value.
const messageOverhead = 96

func (s *span) reset(first int64) {
	clear(s.messages)
	s.first, s.last, s.messages, s.size, s.newest = first, first-1, s.messages[:0], 0, 0
	s.hash.Reset()
	s.memory.reset()
}

func (s *span) empty() bool { return s.last < s.first }

// gaps counts the offsets without a message: removed by compaction, taken by
// the marks of transactions, or aborted.
func (s *span) gaps() int64 { return s.last - s.first + 1 - int64(len(s.messages)) }

// add appends the message of the next offset.
func (s *span) add(m message) {
	s.skip(m.offset, m.millis)
	s.messages = append(s.messages, m)
	s.size += len(m.value) + messageOverhead
	var fixed [24]byte
	binary.LittleEndian.PutUint64(fixed[0:], uint64(m.offset))
	binary.LittleEndian.PutUint64(fixed[8:], uint64(m.millis))
	binary.LittleEndian.PutUint64(fixed[16:], uint64(len(m.value)))
	_, _ = s.hash.Write(fixed[:])
	_, _ = s.hash.Write(m.value)
}

// skip extends the span over an offset that holds no message.
func (s *span) skip(offset, millis int64) { s.last, s.newest = offset, millis }

// chunkPool lends the memory of spans to the partitions that hold messages, so
// that those which wait hold none.
type chunkPool struct {
	mu   sync.Mutex
	free [][]byte
}

const arenaChunk = 1 << 20

func (c *chunkPool) get() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.free); n > 0 {
		chunk := c.free[n-1]
		c.free = c.free[:n-1]
		return chunk
	}
	return make([]byte, arenaChunk)
}

func (c *chunkPool) put(chunks [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.free = append(c.free, chunks...)
}

// arena hands out memory that is all given back at once.
type arena struct {
	pool   *chunkPool
	chunks [][]byte // the last of them is being filled
	filled int      // bytes of it
}

func (a *arena) reset() {
	if len(a.chunks) > 0 {
		a.pool.put(a.chunks)
	}
	clear(a.chunks)
	a.chunks, a.filled = a.chunks[:0], 0
}

// alloc returns n bytes, not cleared.
func (a *arena) alloc(n int) []byte {
	if n > arenaChunk/4 {
		return make([]byte, n)
	}
	if len(a.chunks) == 0 || a.filled+n > arenaChunk {
		a.chunks = append(a.chunks, a.pool.get())
		a.filled = 0
	}
	b := a.chunks[len(a.chunks)-1][a.filled : a.filled+n : a.filled+n]
	a.filled += n
	return b
}
