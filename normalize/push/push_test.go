package push_test

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/push"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, push.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, push.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, push.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, push.Format) }
