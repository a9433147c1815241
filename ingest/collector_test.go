package ingest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// event is an event of Okta, n of them an hour apart going back in time.
func event(n int) string {
	at := received.Add(-time.Duration(n) * time.Hour).Format("2006-01-02T15:04:05.000Z")
	return fmt.Sprintf(`{"uuid":"%08x-16a1-11f1-9c4b-6f1f7b1c2a10","published":%q,"eventType":"user.lifecycle.create",
"version":"0","severity":"INFO","displayMessage":"Create Okta user",
"actor":{"id":"00u1aD5nR0","type":"User","alternateId":"admin@example.com","displayName":"Admin Example"},
"outcome":{"result":"SUCCESS"},"transaction":{"type":"WEB","id":"aBcD%d"},
"target":[{"id":"00u%d","type":"User","alternateId":"user%d@example.com","displayName":"User"}]}`, n, at, n, n, n)
}

func TestCollect(t *testing.T) {
	r := newRig(t)
	var events []string
	for n := range 1000 {
		events = append(events, event(n))
	}
	r.send("okta.system_log", "acme", events...)
	c := r.collect()
	r.inserted(r.cfg.Kafka.Topic, 999)
	require.EqualValues(t, 1000, r.count("SELECT count() FROM actions"))
	require.EqualValues(t, 1000, r.count("SELECT uniqExact(src_offset) FROM actions"))
	require.NoError(t, c.Ready(t.Context()))
	c.stop()
}
