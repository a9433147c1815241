package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/runledger/runledger/internal/embedded"
)

func TestMain(m *testing.M) {
	embedded.ChildMain() // does not return in a child of a Stack
	testscript.Main(m, map[string]func(){"runledger": main})
}

func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true})
}
