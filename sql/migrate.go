package sql

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/pressly/goose/v3"
)

// Applied is one migration that Migrate has run.
type Applied struct {
	Version int64
	File    string
}

// Migrate creates the database of opts where it is absent, applies the
// migrations that are missing, and refuses a schema that differs from what they
// make (a *Drift). Running it again does nothing; several roles may start at once.
func Migrate(ctx context.Context, opts *clickhouse.Options) ([]Applied, error) {
	if err := createDatabase(ctx, opts, opts.Auth.Database); err != nil {
		return nil, err
	}
	applied, err := up(ctx, opts)
	if err != nil {
		return nil, err
	}
	return applied, CheckDrift(ctx, opts)
}

func createDatabase(ctx context.Context, opts *clickhouse.Options, name string) error {
	db := clickhouse.OpenDB(in(opts, "default"))
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+quote(name)); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// in returns opts for another database.
func in(opts *clickhouse.Options, database string) *clickhouse.Options {
	o := *opts
	o.Auth.Database = database
	return &o
}

func up(ctx context.Context, opts *clickhouse.Options) ([]Applied, error) {
	db := clickhouse.OpenDB(opts)
	defer db.Close()
	files, err := migrationFiles()
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectClickHouse, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	results, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("apply migrations to %s: %w", opts.Auth.Database, err)
	}
	applied := make([]Applied, 0, len(results))
	for _, r := range results {
		applied = append(applied, Applied{Version: r.Source.Version, File: r.Source.Path})
	}
	return applied, nil
}

// Pending returns the versions that Migrate would apply.
func Pending(ctx context.Context, opts *clickhouse.Options) ([]int64, error) {
	db := clickhouse.OpenDB(opts)
	defer db.Close()
	files, err := migrationFiles()
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(goose.DialectClickHouse, db, files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	status, err := p.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read applied migrations of %s: %w", opts.Auth.Database, err)
	}
	var pending []int64
	for _, s := range status {
		if s.State == goose.StatePending {
			pending = append(pending, s.Source.Version)
		}
	}
	return pending, nil
}

// quote quotes an identifier; names come from configuration, never from requests.
func quote(identifier string) string { return "`" + identifier + "`" }

// scan is one row of name and statement.
func tables(ctx context.Context, db *sql.DB, database string) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, `
		SELECT name, create_table_query FROM system.tables
		WHERE database = ? AND name != 'goose_db_version' AND NOT startsWith(name, '.inner')`, database)
	if err != nil {
		return nil, fmt.Errorf("read tables of %s: %w", database, err)
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, create string
		if err := rows.Scan(&name, &create); err != nil {
			return nil, fmt.Errorf("read tables of %s: %w", database, err)
		}
		out[name] = create
	}
	return out, rows.Err()
}
