package ingest

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"strings"

	"github.com/stretchr/testify/require"
)

// checkStored compares the tables with the log of sends: each acknowledged
// message stands in them once, as it was sent.
func (r *rig) checkStored(log *acknowledged) {
	r.Helper()
	rows, err := r.db.Query(r.Context(), `
SELECT src_partition, src_offset, native_id, '' AS raw FROM actions
UNION ALL
SELECT src_partition, src_offset, '', raw FROM dead_letters`)
	require.NoError(r, err)
	defer rows.Close()
	stored := map[place]int{}
	for rows.Next() {
		var at place
		var id, raw string
		require.NoError(r, rows.Scan(&at.partition, &at.offset, &id, &raw))
		stored[at]++
		want, ok := log.sent[at]
		switch {
		case !ok: // sent, written and not acknowledged: it may be there, once
		case id == "" && sha256.Sum256([]byte(raw)) != want.hash:
			r.Errorf("partition %d offset %d: the dead letter is not what was sent", at.partition, at.offset)
		case id != "" && id != want.id:
			r.Errorf("partition %d offset %d: %s is stored, %s was sent", at.partition, at.offset, id, want.id)
		}
	}
	require.NoError(r, rows.Err())
	lost, doubled := 0, 0
	for at := range log.sent {
		if stored[at] == 0 {
			lost++
		}
	}
	for _, n := range stored {
		if n > 1 {
			doubled++
		}
	}
	require.Zero(r, lost, "messages lost of %d", len(log.sent))
	require.Zero(r, doubled, "messages stored more than once of %d", len(stored))
	require.Zero(r, r.count("SELECT (SELECT count() FROM runs) + (SELECT count() FROM subjects) + (SELECT count() FROM audits)"))
	r.Logf("%d messages acknowledged, %d stored: 0 lost, 0 doubled", len(log.sent), len(stored))
}

// checkLedger recounts every range of the ledger from the tables.
func (r *rig) checkLedger() {
	r.Helper()
	rows, err := r.db.Query(r.Context(), `
SELECT src_partition, first_offset, last_offset, messages, records, rejects, gaps, hash_sum
FROM ledger ORDER BY src_partition, first_offset`)
	require.NoError(r, err)
	defer rows.Close()
	records, sums, rejects := r.recount()
	next := map[int32]int64{}
	var problems []string
	ranges := 0
	for ; rows.Next(); ranges++ {
		var partition int32
		var first, last int64
		var messages, wantRecords, wantRejects, gaps uint32
		var sum big.Int
		require.NoError(r, rows.Scan(&partition, &first, &last, &messages, &wantRecords, &wantRejects, &gaps, &sum))
		var got [2]uint32
		total := new(big.Int)
		for o := first; o <= last; o++ {
			at := place{partition, o}
			got[0] += records[at]
			got[1] += rejects[at]
			if s := sums[at]; s != nil {
				total.Add(total, s)
			}
		}
		total.Mod(total, new(big.Int).Lsh(big.NewInt(1), 128))
		switch {
		case first != next[partition]:
			problems = append(problems, fmt.Sprintf("partition %d: a range starts at %d, the one before ended at %d", partition, first, next[partition]-1))
		case last-first+1 != int64(messages+gaps):
			problems = append(problems, fmt.Sprintf("partition %d: %d to %d is not %d messages and %d gaps", partition, first, last, messages, gaps))
		case got != [2]uint32{wantRecords, wantRejects}:
			problems = append(problems, fmt.Sprintf("partition %d: %d to %d holds %v, the ledger says %d and %d", partition, first, last, got, wantRecords, wantRejects))
		case total.Cmp(&sum) != 0:
			problems = append(problems, fmt.Sprintf("partition %d: %d to %d has the sum %x, the ledger says %x", partition, first, last, total, &sum))
		}
		next[partition] = last + 1
	}
	require.NoError(r, rows.Err())
	require.Empty(r, strings.Join(problems, "\n"))
	require.Positive(r, ranges)
	r.Logf("%d ranges of the ledger recounted", ranges)
}

// recount returns the records and rejects at each place, and the sum of the
// hashes of its records.
func (r *rig) recount() (records map[place]uint32, sums map[place]*big.Int, rejects map[place]uint32) {
	records, sums, rejects = map[place]uint32{}, map[place]*big.Int{}, map[place]uint32{}
	rows, err := r.db.Query(r.Context(), `
SELECT src_partition, src_offset, content_hash, 1 FROM actions
UNION ALL
SELECT src_partition, src_offset, toFixedString('', 32), 0 FROM dead_letters`)
	require.NoError(r, err)
	defer rows.Close()
	for rows.Next() {
		var at place
		var hash string
		var isRecord uint8
		require.NoError(r, rows.Scan(&at.partition, &at.offset, &hash, &isRecord))
		if isRecord == 0 {
			rejects[at]++
			continue
		}
		records[at]++
		if sums[at] == nil {
			sums[at] = new(big.Int)
		}
		sums[at].Add(sums[at], new(big.Int).SetBytes([]byte(hash)[:16]))
	}
	require.NoError(r, rows.Err())
	return records, sums, rejects
}

// checkDerived compares the tables that views fill with a recount of those
// they are made of.
func (r *rig) checkDerived() {
	r.Helper()
	for what, statement := range map[string]string{
		"payloads": `
SELECT count() FROM (
    SELECT event_id, count() AS n FROM payloads GROUP BY event_id
) AS p FULL JOIN (
    SELECT event_id, count() AS n FROM actions GROUP BY event_id
) AS a USING (event_id)
WHERE p.n != a.n`,
		"freshness": `
SELECT count() FROM (
    SELECT tenant_id, source, max(last_event_time) AS e, max(last_received_time) AS r FROM freshness GROUP BY tenant_id, source
) AS f FULL JOIN (
    SELECT tenant_id, source, max(event_time) AS e, max(received_time) AS r FROM actions GROUP BY tenant_id, source
) AS a USING (tenant_id, source)
WHERE f.e != a.e OR f.r != a.r`,
	} {
		if n := r.count(statement); n > 0 {
			r.Errorf("%s differ from a recount at %d places; the rows are %s", what, n, r.lines(`
SELECT concat(toString((SELECT count() FROM payloads)), ' payloads of ', toString((SELECT uniqExact(event_id) FROM payloads)), ' events, ',
    toString((SELECT count() FROM actions)), ' actions of ', toString((SELECT uniqExact(event_id) FROM actions)), ' events')`))
		}
	}
	require.Positive(r, r.count("SELECT count() FROM payloads"))
	require.Positive(r, r.count("SELECT count() FROM freshness"))
}
