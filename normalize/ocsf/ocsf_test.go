package ocsf_test

import (
	"testing"

	"github.com/runledger/runledger/normalize/normtest"
	"github.com/runledger/runledger/normalize/ocsf"
)

func TestGolden(t *testing.T)      { normtest.Golden(t, ocsf.Format) }
func TestTorn(t *testing.T)        { normtest.Torn(t, ocsf.Format) }
func FuzzAppend(f *testing.F)      { normtest.Fuzz(f, ocsf.Format) }
func BenchmarkAppend(b *testing.B) { normtest.Bench(b, ocsf.Format) }

// TestComplete leaves out the captions and numbers of class and category, which
// say again what type_uid says, and times that stand twice.
func TestComplete(t *testing.T) {
	normtest.Complete(t, ocsf.Format, func(leaf string) bool {
		switch leaf {
		case "Identity & Access Management", "Account Change", "Create", "Account Change: Create", "Success", "Unlock", "Revoke Privileges":
			return true
		}
		return len(leaf) == 13 && leaf[:5] == "17724" || len(leaf) <= 2
	})
}
