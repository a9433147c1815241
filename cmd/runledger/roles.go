package main

import (
	"context"
	"runtime/debug"

	"github.com/runledger/runledger/internal/config"
)

// role is the part that gateway, collect and serve share.
type role struct {
	Listen      string `help:"Address to listen on (host:port)." placeholder:"ADDR"`
	PrintConfig bool   `help:"Print the effective configuration, without secrets, and exit."`
}

// run loads the configuration, adds what the verb does, and serves.
func (r role) run(c *cli, need []func(config.Config) error, add ...func(*node, context.Context) error) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if r.Listen != "" {
		cfg.Listen = r.Listen
	}
	if err := cfg.Validate(); err != nil {
		return &exitError{Code: exitUsage, Err: err}
	}
	if r.PrintConfig {
		return c.printConfig(cfg)
	}
	for _, check := range need {
		if err := check(cfg); err != nil {
			return err
		}
	}
	n := newNode(c, cfg)
	for _, f := range add {
		if err := f(n, c.ctx); err != nil {
			return err
		}
	}
	return n.run(c.ctx)
}

func (c *cli) printConfig(cfg config.Config) error {
	text, err := cfg.YAML()
	if err != nil {
		return err
	}
	_, err = c.Stdout.Write(text)
	return err
}

type gatewayCmd struct{ role }

func (g *gatewayCmd) Run(c *cli) error {
	return g.run(c, []func(config.Config) error{needKafka, needTokens}, (*node).gateway)
}

type collectCmd struct{ role }

// gcPercent keeps a collector below 400 MiB: its heap is mostly messages, which
// cost the garbage collector nothing to look at.
const gcPercent = 50

func (g *collectCmd) Run(c *cli) error {
	if c.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	return g.run(c, []func(config.Config) error{needKafka, needClickHouse}, (*node).collect)
}

type serveCmd struct{ role }

func (g *serveCmd) Run(c *cli) error {
	return g.run(c, []func(config.Config) error{needClickHouse}, (*node).serve)
}
