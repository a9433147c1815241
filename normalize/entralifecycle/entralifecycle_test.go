package entralifecycle

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

// implied reports whether a field of a record implies the value: contexts and
// types of Graph, and the day 1 that stands for no time.
func implied(value string) bool {
	return strings.Contains(value, "$metadata#") || strings.Contains(value, "microsoft.graph.") || strings.HasPrefix(value, "0001-01-01")
}
