package ingest

import (
	"context"
	"errors"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/normalize/formats"
)

// spanOf makes n messages from offset first on: an Okta event each, every
// hundredth torn, every thousandth with a payload.
func spanOf(first int64, n int) *span {
	router := newRouter(config.Topic{Name: "events"}, formats.ByName(), nil)
	r, _ := router.route([]header{{headerSource, []byte("okta.system_log")}, {headerTenant, []byte("acme")}})
	s := new(span)
	s.reset(first)
	for i := range n {
		value := event(i % 1500) // of three months
		if i%100 == 99 {
			value = value[:100]
		}
		s.add(message{offset: first + int64(i), millis: received.UnixMilli(), value: []byte(value), route: r})
	}
	return s
}

// counts are the rows of every table that INSERTs end in. The freshness is
// merged in the background, so its rows prove nothing.
func (r *rig) counts() map[string]uint64 {
	counts := map[string]uint64{}
	for _, table := range []string{"runs", "subjects", "actions", "audits", "dead_letters", "payloads", "ledger"} {
		counts[table] = r.count("SELECT count() FROM " + table)
	}
	return counts
}

// insertSpan inserts s into the tables of r.
func (r *rig) insertSpan(ctx context.Context, s *span, token string) error {
	ins := newInserter(r.cfg.ClickHouse, newBatcher(true))
	defer ins.close()
	ins.batcher.start(s, "events", 0, 0)
	settings := insertSettings(token)
	if token == "" {
		settings = plainSettings()
	}
	return ins.insert(ctx, settings)
}

// manyBlocks is messages enough for two blocks of the server, many of ours.
const manyBlocks = 9*blockRows + 1000

func TestInsertAgain(t *testing.T) {
	r := newRig(t)
	s := spanOf(1000, manyBlocks)
	token := tokenOf("cluster", "events", 0, 0, s.first, s.last, layout)
	want := map[string]uint64{
		"runs": 0, "subjects": 0, "actions": manyBlocks - manyBlocks/100, "audits": 0,
		"dead_letters": manyBlocks / 100, "payloads": manyBlocks - manyBlocks/100, "ledger": 1,
	}
	for range 3 {
		require.NoError(t, r.insertSpan(t.Context(), s, token))
		require.Equal(t, want, r.counts())
	}
	require.EqualValues(t, want["actions"], r.count("SELECT toUInt64(records) FROM ledger"))
	require.EqualValues(t, 1, r.count(`
SELECT toUInt64((SELECT hash_sum FROM ledger) = (SELECT sumWithOverflow(reinterpretAsUInt128(reverse(substring(content_hash, 1, 16)))) FROM actions))`))

	t.Run("without token", func(t *testing.T) { // the control: this is what a token prevents
		require.NoError(t, r.insertSpan(t.Context(), s, ""))
		require.EqualValues(t, 2*want["actions"], r.counts()["actions"])
		require.EqualValues(t, 2, r.counts()["ledger"])
	})
}

// TestInsertTorn breaks the connection when the server has stored some blocks
// of the range, and inserts again. The server is told to store each block by
// itself, for it keeps the newest back.
func TestInsertTorn(t *testing.T) {
	r := newRig(t)
	const n = 9 * blockRows
	s := spanOf(5000, n)
	settings := insertSettings(tokenOf("cluster", "events", 0, 0, s.first, s.last, layout))
	for i := range settings {
		if settings[i].Key == "min_insert_block_size_rows" {
			settings[i].Value = strconv.Itoa(blockRows)
		}
	}
	torn := errors.New("torn")
	ins := newInserter(r.cfg.ClickHouse, newBatcher(true))
	defer ins.close()
	ins.batcher.start(s, "events", 0, 0)
	err := ins.insertBlocks(t.Context(), settings, func() error {
		if ins.batcher.next < 8*blockRows {
			return ins.batcher.block()
		}
		stored := poll(func() error {
			if r.count("SELECT count() FROM actions") == 0 {
				return errors.New("nothing is stored")
			}
			return nil
		})
		return errors.Join(torn, stored)
	})
	require.ErrorIs(t, err, torn)
	require.Positive(t, r.counts()["actions"], err)
	require.Less(t, r.counts()["actions"], uint64(n-n/100), "nothing was torn: the test shows nothing")

	ins.batcher.start(s, "events", 0, 0)
	require.NoError(t, ins.insert(t.Context(), settings))
	require.Equal(t, map[string]uint64{
		"runs": 0, "subjects": 0, "actions": n - n/100, "audits": 0, "dead_letters": n / 100, "payloads": n - n/100, "ledger": 1,
	}, r.counts())
}

// TestInsertAgainAfterKill sends a range again to a server that was killed in
// between: what a token is checked against must outlive the process.
func TestInsertAgainAfterKill(t *testing.T) {
	stack, err := embedded.Start(t.Context(), embedded.Config{DataDir: t.TempDir(), ClickHouse: true, Broker: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })
	r := newRigOn(t, stack)
	s := spanOf(1000, 2000)
	token := tokenOf("cluster", "events", 0, 0, s.first, s.last, layout)
	require.NoError(t, r.insertSpan(t.Context(), s, token))
	want := r.counts()
	require.Positive(t, want["payloads"])
	for range 2 {
		killed := stack.Pid(embedded.ClickHouse)
		require.NoError(t, syscall.Kill(killed, syscall.SIGKILL))
		r.until("another server answers", func() error {
			if pid := stack.Pid(embedded.ClickHouse); pid == 0 || pid == killed {
				return errors.New("it is down")
			}
			return r.db.Ping(t.Context())
		})
		require.NoError(t, r.insertSpan(t.Context(), s, token))
		require.Equal(t, want, r.counts())
	}
}
