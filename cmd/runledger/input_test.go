package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize"
)

// Parts are cut between payloads, and offsets and lines count from the start
// of the file.
func TestCutterLosesNothing(t *testing.T) {
	var text strings.Builder
	want := []string{}
	for i := range 40_000 {
		line := fmt.Sprintf(`{"n":%d,"text":%q}`, i, strings.Repeat("x", i%97))
		switch i % 1000 {
		case 7:
			line = strings.ReplaceAll(line, ",", ",\n  ")
		case 8:
			line = `{"torn":`
		case 9:
			line = `{"long":"` + strings.Repeat("y", 3*partSize) + `"}`
			if i != 9 {
				line = `{"short":1}`
			}
		}
		want = append(want, line)
		text.WriteString(line + "\n")
	}
	path := filepath.Join(t.TempDir(), "lines.jsonl")
	require.NoError(t, os.WriteFile(path, []byte(text.String()), 0o600))
	list, err := inputs([]string{path})
	require.NoError(t, err)
	var got []string
	var c *cutter
	largest := 0
	c = newCutter(&normalize.Format{}, nil, func(p *part) error {
		largest = max(largest, cap(p.data))
		for _, piece := range p.pieces {
			require.Equal(t, string(p.data[piece.start:piece.end]), text.String()[int(p.offset)+piece.start:][:piece.end-piece.start])
			if len(got)%1000 == 8 {
				require.Equal(t, int64(1+strings.Count(text.String()[:int(p.offset)+piece.start], "\n")), p.lineAt(piece.start))
			}
			got = append(got, string(p.data[piece.start:piece.end]))
		}
		c.release(p)
		return nil
	})
	require.NoError(t, c.read(t.Context(), list[0]))
	require.Equal(t, want, got)
	require.LessOrEqual(t, largest, 8*partSize, "memory grows with the file")
}
