package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"github.com/runledger/runledger/normalize"
)

// ledgerRow closes an INSERT: what the range held, so that anybody can count
// again.
type ledgerRow struct {
	last                             int64
	messages, records, rejects, gaps uint32
	hashHigh, hashLow                uint64
	layout                           uint16
	epoch                            uint32
}

// addHash adds the first 16 bytes of h to the sum, modulo 2^128: the same in
// any order, and another when one record is another.
func (l *ledgerRow) addHash(h *normalize.Hash) {
	var carry uint64
	l.hashLow, carry = bits.Add64(l.hashLow, binary.BigEndian.Uint64(h[8:16]), 0)
	l.hashHigh, _ = bits.Add64(l.hashHigh, binary.BigEndian.Uint64(h[:8]), carry)
}

// position is how far the ledger has come in one partition.
type position struct {
	known bool  // it holds a range of this partition and epoch
	last  int64 // the highest offset in it
}

// position asks the ledger about one partition.
func (i *inserter) position(ctx context.Context, topic string, epoch uint32, partition int) (position, error) {
	var ranges proto.ColUInt64
	var last proto.ColInt64
	err := i.ask(ctx, `
SELECT count() AS ranges, max(last_offset) AS last
FROM ledger
WHERE src_topic = {topic:String} AND epoch = {epoch:UInt32} AND src_partition = {partition:Int32}`,
		map[string]any{"topic": topic, "epoch": epoch, "partition": partition},
		proto.Results{{Name: "ranges", Data: &ranges}, {Name: "last", Data: &last}})
	if err != nil {
		return position{}, fmt.Errorf("read the ledger of %s/%d: %w", topic, partition, err)
	}
	return position{known: ranges.Row(0) > 0, last: last.Row(0)}, nil
}

// insertsSince counts the ranges that were inserted after t, of any topic.
func (i *inserter) insertsSince(ctx context.Context, t time.Time) (uint64, error) {
	var inserts proto.ColUInt64
	err := i.ask(ctx, `
SELECT count() AS inserts
FROM ledger
WHERE processed_time >= fromUnixTimestamp64Second({since:Int64}, 'UTC')`,
		map[string]any{"since": t.Unix()}, proto.Results{{Name: "inserts", Data: &inserts}})
	if err != nil {
		return 0, fmt.Errorf("count the ranges since %s: %w", t.UTC().Format(time.RFC3339), err)
	}
	return inserts.Row(0), nil
}
