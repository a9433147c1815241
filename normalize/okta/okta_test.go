package okta

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, Format) }
func TestComplete(t *testing.T)    { normtest.Complete(t, Format, implied) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, Format) }

// implied reports whether a field of a record implies the value: Okta names the
// type of what has a field of its own, and itself where it acted.
func implied(value string) bool {
	switch value {
	case "User", "AppInstance", "SystemPrincipal", "system@okta.com", "unknown":
		return true
	default:
		return false
	}
}
