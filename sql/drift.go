package sql

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Drift is a schema that is not what the migrations make. Nothing was changed.
type Drift struct {
	Database    string
	Differences []string // one table each: its name and the lines that differ
}

// Error shows every difference, wanted lines with '-', found ones with '+'.
func (d *Drift) Error() string {
	return fmt.Sprintf("schema of %s differs from its migrations (- wanted, + found); repair it by hand or restore it, nothing was changed:\n%s",
		d.Database, strings.Join(d.Differences, "\n"))
}

// CheckDrift compares the tables of opts' database with those the migrations
// make in a scratch database, and returns a *Drift where they differ. Tables
// that no migration knows are left alone.
func CheckDrift(ctx context.Context, opts *clickhouse.Options) error {
	scratch := "runledger_drift_" + strings.ToLower(rand.Text()[:12])
	db := clickhouse.OpenDB(in(opts, "default"))
	defer db.Close()
	defer func() { // the caller's context may be done
		_, _ = db.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE IF EXISTS "+quote(scratch))
	}()
	if err := createDatabase(ctx, opts, scratch); err != nil {
		return err
	}
	if _, err := up(ctx, in(opts, scratch)); err != nil {
		return err
	}
	want, err := tables(ctx, db, scratch)
	if err != nil {
		return err
	}
	got, err := tables(ctx, db, opts.Auth.Database)
	if err != nil {
		return err
	}
	return compare(opts.Auth.Database, scratch, want, got)
}

func compare(database, scratch string, want, got map[string]string) error {
	d := Drift{Database: database}
	for name, create := range want {
		found, ok := got[name]
		switch wanted := comparable(create, scratch); {
		case !ok:
			d.Differences = append(d.Differences, "table "+name+": missing")
		case comparable(found, database) != wanted:
			d.Differences = append(d.Differences, "table "+name+":\n"+lineDiff(wanted, comparable(found, database)))
		}
	}
	if len(d.Differences) == 0 {
		return nil
	}
	slices.Sort(d.Differences)
	return &d
}

var breaks = regexp.MustCompile(` (FROM|WHERE|ENGINE|PARTITION BY|ORDER BY|SETTINGS|GROUP BY|AS SELECT) |, `)

// comparable puts a statement on many lines and takes the database's name out.
func comparable(create, database string) string {
	create = strings.NewReplacer(database+".", "", quote(database)+".", "").Replace(create)
	return breaks.ReplaceAllStringFunc(create, func(s string) string { return strings.TrimRight(s, " ") + "\n" })
}

// lineDiff lists the lines that only one side has, in order.
func lineDiff(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var out []string
	for _, line := range w {
		if !slices.Contains(g, line) {
			out = append(out, "  - "+strings.TrimSpace(line))
		}
	}
	for _, line := range g {
		if !slices.Contains(w, line) {
			out = append(out, "  + "+strings.TrimSpace(line))
		}
	}
	if len(out) == 0 {
		out = append(out, "  the same lines in another order")
	}
	return strings.Join(out, "\n")
}
