package scim_test

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/scim"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, scim.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, scim.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, scim.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, scim.Format) }
