package main

import (
	"fmt"
	"os"

	"github.com/runledger/runledger/bench"
)

type benchCmd struct {
	Events  int    `help:"Okta events for the ingest benchmark." default:"2000000"`
	Actions int    `help:"Actions for the query benchmark." default:"10000000"`
	Only    string `help:"Measure one of: ingest, query." enum:",ingest,query" default:""`
	Dir     string `help:"Scratch directory (about 2 kB for each event); a temporary one by default." type:"path"`
	Out     string `help:"Directory for the report as JSON." type:"path"`
}

func (b *benchCmd) Run(c *cli) error {
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own binary: %w", err)
	}
	dir, err := os.MkdirTemp(b.Dir, "runledger-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return bench.Run(c.ctx, bench.Options{
		Binary: binary, Dir: dir, Events: b.Events, Actions: b.Actions, Only: b.Only, Out: b.Out, Log: c.Stderr,
	}, version(), c.Stdout)
}
