package sql_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/sql"
)

func TestMain(m *testing.M) {
	embedded.ChildMain()
	os.Exit(m.Run())
}

// server starts a real ClickHouse for one test.
func server(t *testing.T) *clickhouse.Options {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	stack, err := embedded.Start(ctx, embedded.Config{DataDir: t.TempDir(), ClickHouse: true})
	require.NoError(t, err)
	t.Cleanup(func() { stack.Stop(context.Background()) })
	c := config.Default().ClickHouse
	c.Addr = stack.ClickHouseAddr()
	return chconn.Options(c)
}

func TestMigrate(t *testing.T) {
	opts := server(t)
	ctx := t.Context()

	first, err := sql.Migrate(ctx, opts)
	require.NoError(t, err)
	require.NotEmpty(t, first)

	t.Run("the second run does nothing", func(t *testing.T) {
		again, err := sql.Migrate(ctx, opts)
		require.NoError(t, err)
		require.Empty(t, again)
		pending, err := sql.Pending(ctx, opts)
		require.NoError(t, err)
		require.Empty(t, pending)
	})

	t.Run("several roles may start at once", func(t *testing.T) {
		other := *opts
		other.Auth.Database = "at_once"
		errs := make(chan error, 3)
		for range 3 {
			go func() {
				_, err := sql.Migrate(ctx, &other)
				errs <- err
			}()
		}
		for range 3 {
			require.NoError(t, <-errs)
		}
	})

	t.Run("drift is refused with a diff and nothing is changed", func(t *testing.T) {
		conn, err := clickhouse.Open(opts)
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.Exec(ctx, "ALTER TABLE runs MODIFY SETTING fsync_after_insert = 0"))
		require.NoError(t, conn.Exec(ctx, "ALTER TABLE actions ADD COLUMN surprise UInt8"))
		require.NoError(t, conn.Exec(ctx, "DROP VIEW ledger_mv"))

		_, err = sql.Migrate(ctx, opts)
		var drift *sql.Drift
		require.ErrorAs(t, err, &drift)
		require.Len(t, drift.Differences, 3)
		require.ErrorContains(t, err, "+ `surprise` UInt8")
		require.ErrorContains(t, err, "fsync_after_insert = 0")
		require.ErrorContains(t, err, "table ledger_mv: missing")
		require.NoError(t, conn.Exec(ctx, "SELECT surprise FROM actions"))
	})
}
