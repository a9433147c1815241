package entraaudit

import (
	"strings"
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, implied) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// implied reports whether a field of a record implies the value: the types of
// what has a field of its own, the category of the format, and texts that are
// stored without the quotes inside of them, which TestUnquote is about.
func implied(value string) bool {
	switch value {
	case "User", "ServicePrincipal", "Application", category:
		return true
	default:
		return strings.HasPrefix(value, `"`)
	}
}
