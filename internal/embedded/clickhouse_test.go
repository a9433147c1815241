package embedded

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

const createRows = `CREATE TABLE rows (n UInt64) ENGINE = MergeTree ORDER BY n SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

// An insert that was acknowledged is there after kill -9, and after a stop and
// a start; a table in memory, the control, is not.
func TestClickHouseKeepsAcknowledgedRows(t *testing.T) {
	var hooked atomic.Int64
	cfg := Config{DataDir: t.TempDir(), ClickHouse: true, OnRestart: func(Child) { hooked.Add(1) }}
	s := start(t, cfg)
	native, http := s.ClickHouseAddr(), s.ClickHouseHTTPAddr()
	mustQuery(t, s, createRows)
	mustQuery(t, s, `CREATE TABLE volatile (n UInt64) ENGINE = Memory`)
	mustQuery(t, s, `INSERT INTO volatile VALUES (1)`)

	acked := 0
	for kill := range 3 {
		inserting := make(chan struct{})
		done := make(chan int)
		go func() {
			n := 0
			for ; ; n++ {
				if _, err := query(http, "default", "", fmt.Sprintf(`INSERT INTO rows VALUES (%d)`, kill*1_000_000+n)); err != nil {
					done <- n
					return
				}
				if n == 20 {
					close(inserting)
				}
			}
		}()
		<-inserting
		if err := syscall.Kill(s.Pid(ClickHouse), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		acked += <-done
		eventually(t, "an answer after kill -9", func() bool { return s.askClickHouse(t.Context()) == nil })
		// The insert in flight may have landed without its answer.
		got := mustQuery(t, s, `SELECT count() FROM rows`)
		if got != fmt.Sprint(acked) && got != fmt.Sprint(acked+1) {
			t.Fatalf("after kill %d: %s rows, %d acknowledged", kill+1, got, acked)
		}
		fmt.Sscan(got, &acked)
	}
	if got := mustQuery(t, s, `SELECT count() FROM volatile`); got != "0" {
		t.Errorf("a table in memory has %s rows after kill -9, so nothing was killed", got)
	}
	if s.Restarts(ClickHouse) != 3 || hooked.Load() != 3 {
		t.Errorf("restarts %d, hook called %d times, want 3", s.Restarts(ClickHouse), hooked.Load())
	}
	if s.ClickHouseAddr() != native || s.ClickHouseHTTPAddr() != http {
		t.Errorf("addresses changed: %s %s, then %s %s", native, http, s.ClickHouseAddr(), s.ClickHouseHTTPAddr())
	}

	s.Stop(t.Context())
	s = start(t, cfg)
	if got := mustQuery(t, s, `SELECT count() FROM rows`); got != fmt.Sprint(acked) {
		t.Errorf("after stop and start: %s rows, want %d", got, acked)
	}
}

func TestClickHouseNativeProtocol(t *testing.T) {
	s := start(t, Config{ClickHouse: true})
	conn, err := clickhouse.Open(&clickhouse.Options{Addr: []string{s.ClickHouseAddr()}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.Exec(t.Context(), createRows); err != nil {
		t.Fatal(err)
	}
	batch, err := conn.PrepareBatch(t.Context(), `INSERT INTO rows`)
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(1000) {
		if err := batch.Append(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	var sum uint64
	if err := conn.QueryRow(t.Context(), `SELECT sum(n) FROM rows`).Scan(&sum); err != nil || sum != 499500 {
		t.Fatalf("sum %d, %v", sum, err)
	}
}

// Connections that are reset while they wait to be accepted abort the engine
// as the library runs it by default. The terminal we give it prevents that,
// and where there is none the supervisor restarts it on the same ports.
func TestResetConnections(t *testing.T) {
	t.Run("with terminal", func(t *testing.T) {
		s := start(t, Config{ClickHouse: true})
		pid := s.Pid(ClickHouse)
		for range 50 {
			resetConnections(s.ClickHouseAddr())
			resetConnections(s.ClickHouseHTTPAddr())
		}
		if got := mustQuery(t, s, `SELECT 1`); got != "1" || s.Pid(ClickHouse) != pid || s.Restarts(ClickHouse) != 0 {
			t.Errorf("answer %q, pid %d then %d, %d restarts", got, pid, s.Pid(ClickHouse), s.Restarts(ClickHouse))
		}
	})
	t.Run("without terminal", func(t *testing.T) {
		s := start(t, Config{ClickHouse: true, killingErrors: true})
		mustQuery(t, s, createRows)
		mustQuery(t, s, `INSERT INTO rows SELECT number FROM numbers(1000)`)
		eventually(t, "an abort", func() bool {
			resetConnections(s.ClickHouseAddr())
			return s.Restarts(ClickHouse) > 0
		})
		eventually(t, "all 1000 rows", func() bool {
			got, err := query(s.ClickHouseHTTPAddr(), "default", "", `SELECT count() FROM rows`)
			return err == nil && got == "1000"
		})
	})
}

// resetConnections opens a burst of connections and resets them all.
func resetConnections(addr string) {
	var conns []*net.TCPConn
	for range 20 {
		if c, err := net.Dial("tcp", addr); err == nil {
			conns = append(conns, c.(*net.TCPConn))
		}
	}
	for _, c := range conns {
		_ = c.SetLinger(0)
		_ = c.Close()
	}
}

func TestClickHouseUsers(t *testing.T) {
	users := filepath.Join(t.TempDir(), "users.xml")
	err := os.WriteFile(users, []byte(`<clickhouse><profiles><default/></profiles><quotas><default/></quotas><users>
		<default><no_password/><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
			<grants><query>GRANT SYSTEM LISTEN ON *.*</query></grants></default>
		<ledger><password>correct</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></ledger>
	</users></clickhouse>`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, Config{ClickHouse: true, UsersFile: users, User: "ledger", Password: "correct"})
	if _, err := query(s.ClickHouseHTTPAddr(), "ledger", "correct", createRows); err != nil {
		t.Fatal(err)
	}
	if got, err := query(s.ClickHouseHTTPAddr(), "ledger", "correct", `SELECT currentUser()`); got != "ledger" {
		t.Errorf("got %q, %v", got, err)
	}
	for _, c := range []struct{ user, password, sql string }{
		{"ledger", "wrong", `SELECT 1`},
		{"default", "", `SELECT * FROM rows`},
		{"default", "", `SELECT * FROM file('/etc/passwd', 'LineAsString')`},
		{"default", "", `SYSTEM SHUTDOWN`},
	} {
		if got, err := query(s.ClickHouseHTTPAddr(), c.user, c.password, c.sql); err == nil {
			t.Errorf("%+v was answered %q", c, got)
		}
	}
}

// A table with many parts must not starve its merges: the pools are small.
func TestClickHouseMergesUnderLoad(t *testing.T) {
	s := start(t, Config{ClickHouse: true})
	mustQuery(t, s, `CREATE TABLE rows (n UInt64, s String) ENGINE = MergeTree ORDER BY n`)
	for range 40 {
		mustQuery(t, s, `INSERT INTO rows SELECT rand64(), randomPrintableASCII(100) FROM numbers(20000)`)
	}
	eventually(t, "fewer than 15 parts", func() bool {
		var parts int
		fmt.Sscan(mustQuery(t, s, `SELECT count() FROM system.parts WHERE active AND table = 'rows'`), &parts)
		return parts < 15
	})
	mustQuery(t, s, `ALTER TABLE rows DELETE WHERE n % 2 = 0 SETTINGS mutations_sync = 2`)
	if got := mustQuery(t, s, `SELECT count() FROM rows WHERE n % 2 = 0`); got != "0" {
		t.Errorf("%s rows left by the mutation", got)
	}
}

func TestClickHouseMemoryCap(t *testing.T) {
	s := start(t, Config{ClickHouse: true, MaxMemory: 512 << 20})
	_, err := query(s.ClickHouseHTTPAddr(), "default", "", `SELECT groupArray(randomPrintableASCII(1000)) FROM numbers(2000000) FORMAT Null`)
	if err == nil || !strings.Contains(err.Error(), "MEMORY_LIMIT_EXCEEDED") {
		t.Errorf("2 GB in 512 MiB: %v", err)
	}
	if s.Restarts(ClickHouse) != 0 {
		t.Error("clickhouse died instead of refusing")
	}
}

// A first start that cannot work says why, at once.
func TestClickHouseDiesAtOnce(t *testing.T) {
	began := time.Now()
	_, err := Start(t.Context(), Config{DataDir: t.TempDir(), ClickHouse: true, UsersFile: "/nonexistent/users.xml"})
	if err == nil || !strings.Contains(err.Error(), "/nonexistent/users.xml") {
		t.Fatalf("got %v", err)
	}
	if took := time.Since(began); took > startTimeout/2 {
		t.Errorf("took %s", took)
	}
}

func TestStartHonoursContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Start(ctx, Config{DataDir: t.TempDir(), Broker: true}); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Fatalf("got %v", err)
	}
}
