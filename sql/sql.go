// Package sql holds every statement the ledger is made of, as files that run
// by hand in any ClickHouse client: migrations (once, in order) and queries
// (each request). It applies the migrations and finds drift; it does not
// decide what is asked (package query) or inserted (package ingest).
package sql

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

//go:embed queries/*.sql
var queries embed.FS

// Query returns the text of queries/<name>.sql.
func Query(name string) (string, error) {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		return "", fmt.Errorf("query %q: %w", name, err)
	}
	return string(text), nil
}

func migrationFiles() (fs.FS, error) { return fs.Sub(migrations, "migrations") }
