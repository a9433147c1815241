package normalize

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/runledger/runledger/model"
)

// ID is a UUID of version 8 (RFC 9562): the first bits of a SHA-256 over what
// it identifies, so that the same thing has the same ID wherever it is made.
type ID [16]byte

// String returns the usual form with hyphens.
func (id ID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], id[0:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:36], id[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// Hash is a SHA-256.
type Hash [32]byte

// String returns h in hexadecimal.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// RunKeyOf returns the key of the run that a source calls runID.
func RunKeyOf(tenant, source, sourceURI, runID string) ID {
	var h hasher
	return h.id("run_key", tenant, source, sourceURI, runID)
}

// contentVersion starts the bytes that ContentHash covers. Change it when the
// encoding or the meaning of a field changes.
const contentVersion = 1

type hasher struct{ buf []byte }

// id hashes parts, each with its length, so that no two lists collide.
func (h *hasher) id(parts ...string) ID {
	h.buf = h.buf[:0]
	for _, p := range parts {
		h.buf = binary.AppendUvarint(h.buf, uint64(len(p)))
		h.buf = append(h.buf, p...)
	}
	return uuid8(sha256.Sum256(h.buf))
}

func uuid8(sum [32]byte) ID {
	id := ID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// content hashes what r says, field by field, leaving out how it came to us:
// also the event time if it is but that of the arrival, or a redelivery of a
// record without a time would be another record.
func (h *hasher) content(r *Record) Hash {
	if at := r.EventTime; r.TimeQuality == FromReceived {
		r.EventTime = 0
		defer func() { r.EventTime = at }()
	}
	h.buf = append(h.buf[:0], contentVersion, byte(r.Kind))
	for i := range fields {
		f := &fields[i]
		if f.Provenance {
			continue
		}
		switch f.Type {
		case Text:
			if s := f.Text(r); s != "" {
				h.buf = append(h.buf, byte(i))
				h.buf = binary.AppendUvarint(h.buf, uint64(len(s)))
				h.buf = append(h.buf, s...)
			}
		case Int, Time:
			if n := f.Int(r); n != 0 {
				h.buf = append(h.buf, byte(i))
				h.buf = binary.BigEndian.AppendUint64(h.buf, uint64(n))
			}
		case Flag:
			if f.Flag(r) {
				h.buf = append(h.buf, byte(i))
			}
		}
	}
	return sha256.Sum256(h.buf)
}

// finishAll finishes the records of one element, which is raw.
func (n *Normalizer) finishAll(records []Record, raw []byte) error {
	hash := Hash(sha256.Sum256(raw))
	for i := range records {
		r := &records[i]
		r.Index, r.RawSize, r.RawHash = int64(i), int64(len(raw)), hash
		if err := n.finish(r); err != nil {
			return err
		}
	}
	if n.ctx.redact.found { // the hash of a short secret would tell it
		hash = Hash(sha256.Sum256(n.raw.Mask(raw)))
		for i := range records {
			records[i].RawHash = hash
		}
	}
	return nil
}

// finish checks r and fills in what follows from its other fields.
func (n *Normalizer) finish(r *Record) error {
	if r.EventTime == 0 {
		r.EventTime, r.TimeQuality = r.ReceivedTime, FromReceived
	}
	n.ctx.redact.record(r, &n.ctx.arena)
	if r.State == "" && r.Outcome != model.NoOutcome {
		return fmt.Errorf("record %d: outcome %q without a state", r.Index, r.Outcome)
	}
	if r.Operation == "" && r.TaskType != "" {
		r.Operation = r.TaskType.Operation()
	}
	if r.Fingerprint == "" && (r.ErrorCode != "" || r.ErrorMessage != "") {
		r.Fingerprint = n.fingerprint(r)
	}
	r.ContentHash = n.hash.content(r)
	if r.RunID != "" && r.RunKey == (ID{}) {
		r.RunKey = n.hash.id("run_key", r.TenantID, r.Source, r.SourceURI, r.RunID)
	}
	r.EntityID = n.entityID(r)
	r.EventID = n.hash.id("event", string(r.EntityID[:]), string(r.ContentHash[:]))
	return nil
}

// entityID follows the identity rule: tenant, source, kind, native id, attempt.
// The kind matters: vendors use one number for a run and for a job. Without a
// native id the thing is its content and its position.
func (n *Normalizer) entityID(r *Record) ID {
	var attempt, index [8]byte
	binary.BigEndian.PutUint64(attempt[:], uint64(r.Attempt))
	if r.NativeID == "" {
		binary.BigEndian.PutUint64(index[:], uint64(r.Index))
		return n.hash.id("content", r.TenantID, r.Source, r.SourceURI, r.Kind.String(), string(r.ContentHash[:]), string(index[:]))
	}
	return n.hash.id("entity", r.TenantID, r.Source, r.SourceURI, r.Kind.String(), r.NativeID, string(attempt[:]))
}
