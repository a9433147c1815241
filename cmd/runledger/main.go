// Command runledger keeps the ledger of everything automation did. Each verb
// lives in a file of its own name.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/runledger/runledger/internal/embedded"
)

func main() {
	embedded.ChildMain() // does not return in a child of `up`
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(&cli{
		ctx: ctx, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv,
	}, os.Args[1:])
	stop()
	os.Exit(code)
}
