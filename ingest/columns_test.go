package ingest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestColumns compares what we insert with the landing table.
func TestColumns(t *testing.T) {
	r := newRig(t)
	rows, err := r.db.Query(t.Context(), "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = 'landing'")
	require.NoError(t, err)
	defer rows.Close()
	want := map[string]string{}
	for rows.Next() {
		var name, typ string
		require.NoError(t, rows.Scan(&name, &typ))
		want[name] = typ
	}
	require.NoError(t, rows.Err())
	got := map[string]string{}
	for _, c := range newColumns().all {
		got[c.name] = c.typ.String()
	}
	require.Equal(t, want, got)
}
