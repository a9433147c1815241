package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/runledger/runledger/internal/config"
)

// The exit codes of every verb.
const (
	exitAnswered   = 0
	exitFailed     = 1
	exitUsage      = 2
	exitIncomplete = 3 // answered, with rejects or incomplete
)

// cli is what every verb has at hand. Verbs use it instead of package os, so
// that tests can run them in the process.
type cli struct {
	ctx            context.Context
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string

	configPath string
}

// verbs are the commands, one struct each, in the order of the help.
type verbs struct {
	Config string `short:"c" help:"Configuration file (YAML)." type:"path" env:"RUNLEDGER_CONFIG"`

	Up      upCmd      `cmd:"" help:"Run everything on one machine."`
	Gateway gatewayCmd `cmd:"" help:"Take pushed events and put them into Kafka."`
	Collect collectCmd `cmd:"" help:"Carry events from Kafka into ClickHouse, each exactly once."`
	Serve   serveCmd   `cmd:"" help:"Answer questions over HTTP."`
	Migrate migrateCmd `cmd:"" help:"Create or bring up to date the schema in ClickHouse."`
	Doctor  doctorCmd  `cmd:"" help:"Check configuration, versions and settings, and say what to change."`

	Query queryCmd `cmd:"" help:"Ask the ledger: runs, failures, MTTD and more."`
	Run   runCmd   `cmd:"" help:"Ask about one run."`

	Sources   sourcesCmd   `cmd:"" help:"List the formats and what each can record."`
	Normalize normalizeCmd `cmd:"" help:"Turn vendor payloads into canonical records, JSON lines in and out."`
	Send      sendCmd      `cmd:"" help:"Push vendor payloads through the gateway."`

	Bench   benchCmd   `cmd:"" help:"Measure speed and memory on this machine."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// exitError ends a verb with a code; a nil Err prints nothing.
type exitError struct {
	Code int
	Err  error
}

func (e *exitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *exitError) Unwrap() error { return e.Err }

// run parses args and runs the verb; it returns the exit code.
func run(c *cli, args []string) int {
	var v verbs
	exited := -1
	parser, err := kong.New(&v,
		kong.Name("runledger"),
		kong.Description("The ledger of everything automation did: who got or lost access, which run failed, why, who noticed, and the proof."),
		kong.Writers(c.Stdout, c.Stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
		kong.WithHyphenPrefixedParameters(true), // --from -30d
		kong.Bind(c),
	)
	if err != nil {
		fmt.Fprintln(c.Stderr, "runledger:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	if err != nil {
		fmt.Fprintf(c.Stderr, "runledger: %v\nTry: runledger --help\n", err)
		return exitUsage
	}
	c.configPath = v.Config
	return c.exitCode(k.Run(c))
}

func (c *cli) exitCode(err error) int {
	var exit *exitError
	switch {
	case err == nil:
		return exitAnswered
	case errors.As(err, &exit):
		if exit.Err != nil {
			fmt.Fprintln(c.Stderr, "runledger:", exit.Err)
		}
		return exit.Code
	default:
		fmt.Fprintln(c.Stderr, "runledger:", err)
		return exitFailed
	}
}

// config loads the configuration; a bad one is a usage error. Parts without an
// address are those of the `up` that runs on the data directory, if one does.
func (c *cli) config() (config.Config, error) {
	cfg, err := config.Load(c.configPath, c.Getenv)
	if err != nil {
		return cfg, &exitError{Code: exitUsage, Err: err}
	}
	if e, ok := running(cfg.Data); ok {
		if cfg.ClickHouse.Addr == "" {
			cfg.ClickHouse.Addr = e.ClickHouse
		}
		if len(cfg.Kafka.Brokers) == 0 {
			cfg.Kafka.Brokers = e.Brokers
		}
	}
	return cfg, nil
}

// terminal reports whether w is a terminal: only there do progress and colour belong.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
