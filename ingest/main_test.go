package ingest

import (
	"os"
	"testing"

	"github.com/runledger/runledger/internal/embedded"
)

func TestMain(m *testing.M) {
	embedded.ChildMain() // does not return in a child of a Stack
	code := m.Run()
	stopSharedStack()
	os.Exit(code)
}
