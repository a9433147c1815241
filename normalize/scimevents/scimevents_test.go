package scimevents_test

import (
	"strings"
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/scimevents"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, scimevents.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, scimevents.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, scimevents.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, scimevents.Format) }

// TestComplete leaves out the format of a subject, which is always the same, the
// JWT itself, of which all claims are there, and names of attributes that are
// stored as the members of a change.
func TestComplete(t *testing.T) {
	normtest.Complete(t, scimevents.Format, func(leaf string) bool {
		return leaf == "scim" || strings.HasPrefix(leaf, "eyJ")
	})
}
