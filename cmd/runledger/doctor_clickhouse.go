package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"github.com/runledger/runledger/internal/chconn"
	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/sql"
)

// oldestClickHouse is the first version whose inserts deduplicate into the
// targets of views by default, which exactly-once needs.
const oldestClickHouse = 25

func examineClickHouse(ctx context.Context, r *report, cfg config.Config) {
	if cfg.ClickHouse.Addr == "" {
		r.bad(sick, "clickhouse", "start `runledger up`, or configure clickhouse.addr", "no server: none is configured and none runs on %s", cfg.Data)
		return
	}
	conn, err := chconn.Open(ctx, cfg.ClickHouse)
	if err != nil {
		r.bad(sick, "clickhouse", "start the server, or correct clickhouse.addr, username and password; `runledger migrate` creates the database", "%v", err)
		return
	}
	defer conn.Close()
	checkServer(ctx, r, conn)
	checkSchema(ctx, r, cfg)
	checkDurability(ctx, r, conn, cfg)
	checkLedger(ctx, r, conn)
}

func checkServer(ctx context.Context, r *report, conn driver.Conn) {
	var version string
	var now time.Time
	var free, total uint64
	err := conn.QueryRow(ctx, "SELECT version(), now64(3), (SELECT min(free_space) FROM system.disks), (SELECT min(total_space) FROM system.disks)").
		Scan(&version, &now, &free, &total)
	if err != nil {
		r.bad(sick, "clickhouse version", "", "%v", err)
		return
	}
	major, _ := strconv.Atoi(regexp.MustCompile(`^\d+`).FindString(version))
	r.want(major >= oldestClickHouse, sick, "clickhouse version", fmt.Sprintf("upgrade to %d or later", oldestClickHouse), "%s", version)
	skew := time.Since(now).Abs().Round(time.Millisecond)
	r.want(skew < 5*time.Second, warning, "clickhouse clock", "synchronise the clocks (NTP)", "%s apart from this machine", skew)
	r.want(free > total/10, warning, "clickhouse disk", "add space before it is full: a full disk stops ingestion (nothing is lost)",
		"%d GiB of %d GiB free", free>>30, total>>30)
}

func checkSchema(ctx context.Context, r *report, cfg config.Config) {
	opts := chconn.Options(cfg.ClickHouse)
	pending, err := sql.Pending(ctx, opts)
	if err != nil {
		r.bad(sick, "schema", "run `runledger migrate`", "%v", err)
		return
	}
	if len(pending) > 0 {
		r.bad(sick, "schema", "run `runledger migrate`", "%d migrations are missing", len(pending))
		return
	}
	var drift *sql.Drift
	switch err := sql.CheckDrift(ctx, opts); {
	case errors.As(err, &drift):
		r.bad(sick, "schema", "somebody changed these tables by hand: change them back", "%v", drift)
	case err != nil:
		r.bad(warning, "schema", "give the user CREATE DATABASE so that drift can be found", "%v", err)
	default:
		r.ok("schema", "as the migrations make it")
	}
}

// setting finds "name = 20000" in an engine clause.
func setting(engine, name string) int64 {
	m := regexp.MustCompile(`\b` + name + ` = (\d+)`).FindStringSubmatch(engine)
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseInt(m[1], 10, 64)
	return n
}

func checkDurability(ctx context.Context, r *report, conn driver.Conn, cfg config.Config) {
	rows, err := conn.Query(ctx, `
		SELECT name, engine_full FROM system.tables
		WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'goose_db_version' ORDER BY name`)
	if err != nil {
		r.bad(sick, "tables", "", "%v", err)
		return
	}
	defer rows.Close()
	need, tables := neededWindow(cfg), 0
	for rows.Next() {
		var name, engine string
		if err := rows.Scan(&name, &engine); err != nil {
			r.bad(sick, "tables", "", "%v", err)
			return
		}
		tables++
		window := max(setting(engine, "non_replicated_deduplication_window"), setting(engine, "replicated_deduplication_window"))
		if window < need {
			r.bad(sick, "dedup window of "+name,
				fmt.Sprintf("ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = %d, or raise collector.batch_interval", name, need),
				"%d, and %d partitions at %s need %d", window, cfg.Kafka.Partitions, cfg.Collector.BatchInterval, need)
		}
		if setting(engine, "fsync_after_insert") != 1 || setting(engine, "fsync_part_directory") != 1 {
			r.bad(sick, "fsync of "+name, fmt.Sprintf("ALTER TABLE %s MODIFY SETTING fsync_after_insert = 1, fsync_part_directory = 1", name), "off: a power cut can lose acknowledged events")
		}
		if regexp.MustCompile(`\bTTL\b`).MatchString(engine) {
			r.bad(sick, "TTL of "+name, fmt.Sprintf("ALTER TABLE %s REMOVE TTL", name), "evidence would be deleted without an archive")
		}
	}
	if err := rows.Err(); err != nil {
		r.bad(sick, "tables", "", "%v", err)
		return
	}
	r.want(tables > 0, sick, "evidence tables", "run `runledger migrate`", "%d tables looked at; dedup windows of %d needed", tables, need)
}

func checkLedger(ctx context.Context, r *report, conn driver.Conn) {
	text, err := sql.Query("ledger_check")
	if err != nil {
		r.bad(sick, "ledger", "", "%v", err)
		return
	}
	rows, err := conn.Query(ctx, text)
	if err != nil {
		r.bad(sick, "ledger", "", "%v", err)
		return
	}
	defer rows.Close()
	for rows.Next() {
		var l struct {
			Topic                               string
			Partition                           int32
			Holes                               uint64
			Last                                int64
			Rows, Found, Rejects, FoundRejected uint64
			SameHash                            uint8
		}
		if err := rows.Scan(&l.Topic, &l.Partition, &l.Holes, &l.Last, &l.Rows, &l.Found, &l.Rejects, &l.FoundRejected, &l.SameHash); err != nil {
			r.bad(sick, "ledger", "", "%v", err)
			return
		}
		whole := l.Holes == 0 && l.Rows == l.Found && l.Rejects == l.FoundRejected && l.SameHash == 1
		r.want(whole, sick, fmt.Sprintf("ledger of %s/%d", l.Topic, l.Partition),
			"a range that is being inserted right now explains it: ask again; if it stays, keep Kafka's log and restore from it",
			"to offset %d: %d records (%d in the tables), %d rejects (%d), %d offsets in holes, hash sums equal: %t",
			l.Last, l.Rows, l.Found, l.Rejects, l.FoundRejected, l.Holes, l.SameHash == 1)
	}
	if err := rows.Err(); err != nil {
		r.bad(sick, "ledger", "", "%v", err)
	}
}
