package zluri_test

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/zluri"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, zluri.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, zluri.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, zluri.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, zluri.Format) }
