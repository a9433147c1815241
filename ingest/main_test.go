package ingest

import (
	"os"
	"testing"

	"github.com/runledger/runledger/internal/embedded"
)

func TestMain(m *testing.M) {
	embedded.ChildMain() // does not return in a child of a Stack
	collectorMain()      // nor this in a collector
	code := m.Run()
	stopSharedStack()
	os.Exit(code)
}
