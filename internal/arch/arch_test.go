// Package arch holds the import arrows of ARCHITECTURE.md: a package that
// reaches where it must not fails here, with the file and the rule.
package arch

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/runledger/runledger/"

// arrows says which of our packages the packages below a folder may import,
// itself aside. The longest folder that matches a file decides.
var arrows = map[string][]string{
	"model":              {},
	"normalize":          {"model"},
	"sql":                {},
	"internal":           {},
	"internal/chconn":    {"internal/config"},
	"internal/kafkaconn": {"internal/config"},
	"internal/embedded":  {"internal"},
	"ingest":             {"normalize", "model", "sql", "internal"},
	"query":              {"model", "sql", "internal", "query/wire"},
	"query/client":       {"query/wire"},
	"query/wire":         {},
	"bench":              {"query/client", "query/wire", "internal"},
	"cmd/runledger":      {"model", "normalize", "sql", "internal", "ingest", "query", "bench"},
}

func TestImportsFollowTheArrows(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	seen := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "node_modules" || d.Name() == "testdata" || d.Name() == "tools"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			seen++
			checkFile(t, root, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, seen, 20, "the walk found hardly any file")
}

// TestArrowsCatchAViolation proves that the check can fail.
func TestArrowsCatchAViolation(t *testing.T) {
	require.True(t, allowed("ingest/gateway.go", "normalize/okta"))
	require.True(t, allowed("normalize/okta/okta.go", "normalize/jsonx"))
	require.False(t, allowed("query/plan.go", "ingest"))
	require.False(t, allowed("normalize/okta/okta.go", "internal/config"))
	require.False(t, allowed("query/client/client.go", "query"))
}

func checkFile(t *testing.T, root, path string) {
	t.Helper()
	rel, err := filepath.Rel(root, path)
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	require.NoError(t, err)
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		if pkg, ours := strings.CutPrefix(imported, module); ours && !allowed(filepath.ToSlash(rel), pkg) {
			t.Errorf("%s imports %s; %s may import only %v", rel, pkg, rule(filepath.ToSlash(rel)), arrows[rule(filepath.ToSlash(rel))])
		}
	}
}

func allowed(file, pkg string) bool {
	from := rule(file)
	if below(pkg, from) && rule(pkg+"/") == from {
		return true
	}
	for _, to := range arrows[from] {
		if below(pkg, to) {
			return true
		}
	}
	return false
}

// rule returns the longest folder of arrows that holds file.
func rule(file string) string {
	best := ""
	for folder := range arrows {
		if below(file, folder) && len(folder) > len(best) {
			best = folder
		}
	}
	return best
}

func below(path, folder string) bool { return path == folder || strings.HasPrefix(path, folder+"/") }
