package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// intent is what the metadata of an offset commit says. The commit of offset
// first with an intent confirms everything below first and, if pending,
// declares that [first..last] is about to be inserted.
type intent struct {
	epoch   uint32
	pending bool

	// Of the pending range; a replay must find the same.
	last     int64
	messages int64
	layout   uint16
	plan     uint32    // what the rows depend on beside the messages
	hash     uint64    // of the messages
	declared time.Time // to the second
}

// intentVersion starts the metadata.
const intentVersion = "v1"

// String is the metadata; Kafka allows it 4,096 bytes.
func (i intent) String() string {
	s := fmt.Sprintf("%s;epoch=%d", intentVersion, i.epoch)
	if !i.pending {
		return s
	}
	return fmt.Sprintf("%s;last=%d;rows=%d;layout=%d;plan=%08x;h=%016x;at=%d",
		s, i.last, i.messages, i.layout, i.plan, i.hash, i.declared.Unix())
}

// parseIntent reads what String wrote, and nothing else.
func parseIntent(s string) (intent, error) {
	var i intent
	fields := strings.Split(s, ";")
	if fields[0] != intentVersion {
		return i, fmt.Errorf("commit metadata %q: want it to start with %q", clip(s), intentVersion)
	}
	names := []string{"epoch"}
	if len(fields) > 2 {
		i.pending = true
		names = []string{"epoch", "last", "rows", "layout", "plan", "h", "at"}
	}
	if len(fields)-1 != len(names) {
		return i, fmt.Errorf("commit metadata %q: want the fields %s", clip(s), strings.Join(names, ", "))
	}
	for n, name := range names {
		value, ok := strings.CutPrefix(fields[n+1], name+"=")
		if !ok {
			return i, fmt.Errorf("commit metadata %q: want %s=, got %q", clip(s), name, clip(fields[n+1]))
		}
		if err := i.set(name, value); err != nil {
			return i, fmt.Errorf("commit metadata %q: %s: %w", clip(s), name, err)
		}
	}
	if i.String() != s {
		return i, fmt.Errorf("commit metadata %q: not as this version writes it", clip(s))
	}
	return i, nil
}

func (i *intent) set(name, value string) error {
	base, bits := 10, 63
	switch name {
	case "epoch":
		bits = 32
	case "layout":
		bits = 16
	case "plan":
		base, bits = 16, 32
	case "h":
		base, bits = 16, 64
	}
	n, err := strconv.ParseUint(value, base, bits)
	if err != nil {
		return err
	}
	switch name {
	case "epoch":
		i.epoch = uint32(n)
	case "last":
		i.last = int64(n)
	case "rows":
		i.messages = int64(n)
	case "layout":
		i.layout = uint16(n)
	case "plan":
		i.plan = uint32(n)
	case "h":
		i.hash = n
	case "at":
		i.declared = time.Unix(int64(n), 0)
	}
	return nil
}

// clip shortens what goes into an error.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
