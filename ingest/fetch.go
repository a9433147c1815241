package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	fetchapi "github.com/segmentio/kafka-go/protocol/fetch"
)

const (
	fetchBytes    = 1 << 20
	maxFetchBytes = 64 << 20 // for a record batch that is larger
	// fetchGrace is how much longer than asked a broker may take to answer.
	fetchGrace = 10 * time.Second
)

// errOutOfRange: the broker no longer has, or never had, the offset.
var errOutOfRange = errors.New("offset out of range")

// record is what stands at one offset: a message, or nothing we want (the mark
// of a transaction, a message of an aborted one).
type record struct {
	offset  int64
	millis  int64
	message *protocol.Record // nil: nothing
}

// reader reads one partition in the order of its offsets, only what is
// committed. It is used by one goroutine.
type reader struct {
	transport kafka.RoundTripper
	addr      net.Addr
	topic     string
	partition int

	at       int64 // the next offset wanted
	end      int64 // where the readable log ended at the last fetch
	asked    int64 // what the last fetch was for; -1: it failed
	maxBytes int32

	batches []protocol.RecordReader // fetched and not read yet
	aborted []fetchapi.ResponseTransaction
	losers  map[int64]bool // producers whose transaction was aborted
	current *record
	buffer  record
	headers []header
}

// seek goes on reading at offset.
func (r *reader) seek(offset int64) {
	r.at, r.asked = offset, -1
	r.batches, r.aborted, r.current = nil, nil, nil
}

// peek returns the record at the lowest offset >= r.at among those fetched, or
// nil when there is none and it is time to fetch.
func (r *reader) peek() (*record, error) {
	for r.current == nil && len(r.batches) > 0 {
		if err := r.step(); err != nil {
			return nil, fmt.Errorf("read %s/%d after offset %d: %w", r.topic, r.partition, r.at-1, err)
		}
		if r.current != nil && r.current.offset < r.at { // a batch starts earlier than asked
			r.drop()
		}
	}
	return r.current, nil
}

// advance leaves the current record behind.
func (r *reader) advance() {
	r.at = r.current.offset + 1
	r.drop()
}

func (r *reader) drop() {
	if m := r.current.message; m != nil {
		if m.Key != nil {
			_ = m.Key.Close() // gives its page back
		}
		if m.Value != nil {
			_ = m.Value.Close()
		}
	}
	r.current = nil
}

// step makes the next record of the first batch current, or drops the batch.
func (r *reader) step() error {
	switch b := r.batches[0].(type) {
	case *protocol.ControlBatch:
		c, err := b.ReadControlRecord()
		if err != nil {
			return r.endOfBatch(err)
		}
		delete(r.losers, b.ProducerID) // committed or aborted: the transaction is over
		r.buffer = record{offset: c.Offset, millis: c.Time.UnixMilli()}
	case *protocol.RecordBatch:
		m, err := b.ReadRecord()
		if err != nil {
			return r.endOfBatch(err)
		}
		r.buffer = record{offset: m.Offset, millis: millis(m.Time), message: m}
		if b.Attributes.Transactional() && r.lost(b) {
			r.current = &r.buffer
			r.drop()
			r.buffer.message = nil
		}
	default:
		m, err := b.ReadRecord()
		if err != nil {
			return r.endOfBatch(err)
		}
		r.buffer = record{offset: m.Offset, millis: millis(m.Time), message: m}
	}
	r.current = &r.buffer
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return -1
	}
	return t.UnixMilli()
}

// lost reports whether b belongs to a transaction that was aborted.
func (r *reader) lost(b *protocol.RecordBatch) bool {
	for i := 0; i < len(r.aborted); i++ {
		if r.aborted[i].FirstOffset <= b.BaseOffset {
			r.losers[r.aborted[i].ProducerID] = true
			r.aborted = append(r.aborted[:i], r.aborted[i+1:]...)
			i--
		}
	}
	return r.losers[b.ProducerID]
}

func (r *reader) endOfBatch(err error) error {
	r.batches = r.batches[1:]
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// fetch asks the broker for what is at r.at, and returns when it has minBytes
// or wait is over. It must not be called while peek returns something.
func (r *reader) fetch(ctx context.Context, minBytes int32, wait time.Duration) error {
	if err := r.size(); err != nil {
		return err
	}
	r.asked = -1
	ctx, cancel := context.WithTimeout(ctx, wait+fetchGrace)
	defer cancel()
	response, err := r.transport.RoundTrip(ctx, r.addr, &fetchapi.Request{
		ReplicaID: -1, MaxWaitTime: int32(wait.Milliseconds()), MinBytes: minBytes, MaxBytes: r.maxBytes,
		IsolationLevel: int8(kafka.ReadCommitted), SessionID: -1, SessionEpoch: -1,
		Topics: []fetchapi.RequestTopic{{Topic: r.topic, Partitions: []fetchapi.RequestPartition{{
			Partition: int32(r.partition), CurrentLeaderEpoch: -1, FetchOffset: r.at, LogStartOffset: -1, PartitionMaxBytes: r.maxBytes,
		}}}},
	})
	if err != nil {
		return fmt.Errorf("fetch %s/%d at offset %d: %w", r.topic, r.partition, r.at, err)
	}
	topics := response.(*fetchapi.Response).Topics
	if len(topics) != 1 || len(topics[0].Partitions) != 1 {
		return fmt.Errorf("fetch %s/%d at offset %d: the answer is about another partition", r.topic, r.partition, r.at)
	}
	p := topics[0].Partitions[0]
	switch code := kafka.Error(p.ErrorCode); {
	case code == kafka.OffsetOutOfRange:
		return fmt.Errorf("fetch %s/%d at offset %d: %w", r.topic, r.partition, r.at, errOutOfRange)
	case code != 0:
		return fmt.Errorf("fetch %s/%d at offset %d: %w", r.topic, r.partition, r.at, code)
	}
	r.accept(p)
	r.asked = r.at
	return nil
}

// size chooses how much to ask for. The second time at one offset, though the
// log goes on behind it, the batch was too large for the last fetch.
func (r *reader) size() error {
	switch {
	case r.asked != r.at || r.end <= r.at:
		r.maxBytes = fetchBytes
	case r.maxBytes < maxFetchBytes:
		r.maxBytes *= 4
	default:
		r.asked = -1
		return fmt.Errorf("fetch %s/%d at offset %d: the log ends at %d, but %d bytes from there hold no message", r.topic, r.partition, r.at, r.end, maxFetchBytes)
	}
	return nil
}

func (r *reader) accept(p fetchapi.ResponsePartition) {
	r.end = p.HighWatermark
	if p.LastStableOffset >= 0 && p.LastStableOffset < r.end {
		r.end = p.LastStableOffset
	}
	r.aborted, r.losers = p.AbortedTransactions, map[int64]bool{}
	switch records := p.RecordSet.Records.(type) {
	case nil:
		r.batches = nil
	case *protocol.RecordStream:
		r.batches = records.Records
	default:
		r.batches = []protocol.RecordReader{records}
	}
}
