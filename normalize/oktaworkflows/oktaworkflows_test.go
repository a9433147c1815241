package oktaworkflows

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, func(string) bool { return false }) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }
