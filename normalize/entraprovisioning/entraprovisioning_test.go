package entraprovisioning

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, implied) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// implied reports whether a field of a record implies the value: its category
// is that of the format.
func implied(value string) bool { return value == category }
