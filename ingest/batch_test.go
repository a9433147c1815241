package ingest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize"
	"github.com/runledger/runledger/normalize/formats"
	"github.com/runledger/runledger/normalize/jsonx"
)

// blocksOf returns the rows and a digest of each block of s.
func blocksOf(t *testing.T, b *batcher, s *span) []string {
	t.Helper()
	b.start(s, "events", 2, 7)
	var blocks []string
	for {
		err := b.block()
		if errors.Is(err, io.EOF) {
			return blocks
		}
		require.NoError(t, err)
		h := sha256.New()
		for _, c := range b.columns.all {
			var wire proto.Buffer
			c.EncodeColumn(&wire)
			h.Write(wire.Buf)
		}
		blocks = append(blocks, fmt.Sprintf("%d rows, %x", b.columns.rows, h.Sum(nil)[:8]))
	}
}

// TestCut is what tokens rest on: the blocks follow from the span alone, not
// from what the batcher did before.
func TestCut(t *testing.T) {
	s := spanOf(1000, 3*blockRows)
	b := newBatcher(true)
	want := blocksOf(t, b, s)
	require.Greater(t, len(want), 3)
	require.Equal(t, want, blocksOf(t, b, s), "again")
	b.start(s, "events", 2, 7)
	require.NoError(t, b.block())
	require.Equal(t, want, blocksOf(t, b, s), "after a torn attempt")
	blocksOf(t, b, spanOf(77, 500))
	require.Equal(t, want, blocksOf(t, b, s), "after another span")
	require.Equal(t, want, blocksOf(t, newBatcher(true), s), "in another process")

	b.start(s, "events", 2, 7)
	for b.block() == nil {
		require.LessOrEqual(t, b.columns.rows, blockRows+1)
		require.LessOrEqual(t, b.columns.size(), blockBytes+10_000)
	}
}

func TestEmptySpan(t *testing.T) {
	s := new(span)
	s.reset(10)
	s.skip(12, received.UnixMilli())
	require.Len(t, blocksOf(t, newBatcher(false), s), 1, "the row of the ledger alone")
	require.EqualValues(t, 3, s.gaps())
}

// TestPanic loses one message to the dead letters, not its neighbours.
func TestPanic(t *testing.T) {
	okta := *formats.ByName()["okta.system_log"]
	parse := okta.Map
	okta.Map = func(c *normalize.Context, v jsonx.Value) error {
		if bytes.Contains(v.Raw(), []byte("user1@")) {
			panic("out of range")
		}
		return parse(c, v)
	}
	router := newRouter(config.Topic{}, map[string]*normalize.Format{okta.Name: &okta}, nil)
	r, _ := router.route([]header{{headerSource, []byte(okta.Name)}, {headerTenant, []byte("acme")}})
	s := new(span)
	s.reset(0)
	for i := range 3 {
		s.add(message{offset: int64(i), millis: received.UnixMilli(), value: []byte(event(i)), route: r})
	}
	b := newBatcher(false)
	blocksOf(t, b, s)
	require.EqualValues(t, 2, b.ledger.records)
	require.Equal(t, map[normalize.Reason]int{normalize.BadValue: 1}, b.tally.rejects)
}

// TestNoSecretIsKept looks for what was planted in all columns of a record with
// its bytes, and of two dead letters.
func TestNoSecretIsKept(t *testing.T) {
	const secret = "hunter2-4711"
	s := new(span)
	s.reset(0)
	for i, text := range []string{
		strings.Replace(event(0), `{`, `{"clientSecret":"`+secret+`",`, 1),
		`{"uuid":"x","password":"` + secret + `"}`,
		`{"uuid":"x","url":"https://svc:` + secret + `@db.example.com/","publ`,
	} {
		s.add(message{offset: int64(i), millis: received.UnixMilli(), value: []byte(text), route: spanOf(0, 1).messages[0].route})
	}
	b := newBatcher(true)
	b.start(s, "events", 2, 7)
	require.NoError(t, b.block())
	require.EqualValues(t, 1, b.ledger.records)
	require.EqualValues(t, 2, b.ledger.rejects)
	masked := 0
	for _, c := range b.columns.all {
		require.NotContains(t, string(c.buf), secret, c.name)
		masked += strings.Count(string(c.buf), "[redacted")
	}
	require.Equal(t, 4, masked, "unmapped, and three times raw")
}

func TestTimestamp(t *testing.T) {
	for name, millis := range map[string]int64{"none": -1, "zero": 0, "of another unit": received.UnixMicro()} {
		s := spanOf(0, 1)
		s.messages[0].millis = millis
		b := newBatcher(false)
		blocksOf(t, b, s)
		require.Equal(t, map[normalize.Reason]int{normalize.BadTime: 1}, b.tally.rejects, name)
	}
}

func TestPlan(t *testing.T) {
	plan := func(change func(*config.Collector, *config.Topic)) uint32 {
		c, topic := config.Default().Collector, config.Topic{Name: "events"}
		change(&c, &topic)
		return planOf(formats.ByName(), c, topic)
	}
	base := plan(func(*config.Collector, *config.Topic) {})
	require.Equal(t, base, plan(func(c *config.Collector, _ *config.Topic) { c.BatchRows = 1000 }), "does not change rows")
	for name, change := range map[string]func(*config.Collector, *config.Topic){
		"raw":       func(c *config.Collector, _ *config.Topic) { c.Raw = "all" },
		"retention": func(c *config.Collector, _ *config.Topic) { c.Retention = []config.RetentionRule{{Class: "short"}} },
		"tenant":    func(_ *config.Collector, t *config.Topic) { t.Tenant = "acme" },
	} {
		require.NotEqual(t, base, plan(change), name)
	}
}

func TestArena(t *testing.T) {
	a := arena{pool: &chunkPool{}}
	var all [][]byte
	for round := range 2 {
		a.reset()
		all = all[:0]
		for i := range 10_000 {
			b := a.alloc(i % 700)
			for j := range b {
				b[j] = byte(i)
			}
			all = append(all, b)
		}
		for i, b := range all {
			require.Equal(t, strings.Repeat(string([]byte{byte(i)}), i%700), string(b), "round %d, %d", round, i)
		}
		require.Len(t, a.chunks, 4)
	}
}

func TestRoutesAreBounded(t *testing.T) {
	r := newRouter(config.Topic{}, formats.ByName(), nil)
	for i := range maxRoutes + 10 {
		r.route([]header{{headerSource, fmt.Appendf(nil, "source-%d", i)}})
	}
	require.LessOrEqual(t, len(r.known), maxRoutes)
}
