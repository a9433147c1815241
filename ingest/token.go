package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// tokenOf names one INSERT: ClickHouse drops what arrives again under the same
// name. Whatever decides which messages are at these offsets, and how they are
// cut into blocks, is part of it; a topic that was deleted and made anew starts
// at offset 0 again, so the epoch is.
func tokenOf(cluster, topic string, epoch uint32, partition int, first, last int64, layout uint16) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%s/%d/%d/%d-%d/%d", cluster, topic, epoch, partition, first, last, layout))
	return hex.EncodeToString(sum[:])
}
