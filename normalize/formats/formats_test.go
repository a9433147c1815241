package formats_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/normalize/formats"
)

func TestListIsSortedAndComplete(t *testing.T) {
	var names []string
	for _, f := range formats.All() {
		names = append(names, f.Name)
		require.NotEmpty(t, f.Title, f.Name)
		require.True(t, strings.HasPrefix(f.Ref, "https://"), "%s: Ref wants the address of a reference", f.Name)
		require.NotEmpty(t, f.Emits, f.Name)
		require.NotZero(t, f.Version, f.Name)
	}
	require.True(t, slices.IsSorted(names), "want alphabetical order, got %v", names)
	require.Len(t, slices.Compact(slices.Clone(names)), len(names))
}

// TestEveryFolderIsListed finds a format that was written and not added.
func TestEveryFolderIsListed(t *testing.T) {
	list, err := os.ReadFile("formats.go")
	require.NoError(t, err)
	declared := regexp.MustCompile(`(?m)^var Format = normalize\.Format\{`)
	sources, err := filepath.Glob("../*/*.go")
	require.NoError(t, err)
	found := 0
	for _, path := range sources {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if declared.Match(text) {
			found++
			folder := filepath.Base(filepath.Dir(path))
			require.Contains(t, string(list), "\t\t"+folder+".Format,", "normalize/%s is not in formats.go", folder)
		}
	}
	require.Equal(t, len(formats.All()), found)
}
