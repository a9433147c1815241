package query_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/internal/embedded"
	"github.com/runledger/runledger/query"
	"github.com/runledger/runledger/sql"
)

// conn is the one ClickHouse of all tests of the package; each test has
// tenants of its own in it.
var conn driver.Conn

func TestMain(m *testing.M) {
	embedded.ChildMain()
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("20") // each asks a database several questions
	}
	code, err := withClickHouse(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func withClickHouse(m *testing.M) (int, error) {
	ctx := context.Background()
	c := config.Default().ClickHouse
	c.Addr = os.Getenv("RUNLEDGER_TEST_CLICKHOUSE")
	c.Database = fmt.Sprintf("query_test_%d", os.Getpid())
	if c.Addr == "" {
		dir, err := os.MkdirTemp("", "query")
		if err != nil {
			return 1, err
		}
		defer os.RemoveAll(dir)
		stack, err := embedded.Start(ctx, embedded.Config{DataDir: dir, ClickHouse: true})
		if err != nil {
			return 1, err
		}
		defer stack.Stop(ctx)
		c.Addr = stack.ClickHouseAddr()
	}
	if _, err := sql.Migrate(ctx, chconn.Options(c)); err != nil {
		return 1, err
	}
	var err error
	if conn, err = chconn.Open(ctx, c); err != nil {
		return 1, err
	}
	defer conn.Close()
	defer func() { _ = conn.Exec(ctx, "DROP DATABASE "+c.Database) }()
	return m.Run(), nil
}

// server answers about everything that was inserted before: a test knows when
// its inserts have ended.
func server() *query.Server {
	return query.NewServer(query.ServerConfig{Conn: conn, Version: "test", Limits: query.Limits{Settle: time.Nanosecond}})
}

// day is the noon that the histories of the tests are told from.
var day = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

func at(minutes float64) time.Time {
	return day.Add(time.Duration(minutes * float64(time.Minute)))
}
