package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// childEnv carries the childSpec to a child and is how it knows to be one.
const childEnv = "RUNLEDGER_EMBEDDED_CHILD"

// lifelineFD is the read end of a pipe whose other end the parent holds. It
// ends when the parent stops the child and, by the kernel's hand, when the
// parent dies.
const lifelineFD = 3

// stopTimeout is how long a child may take to end in good order.
const stopTimeout = 10 * time.Second

// childSpec is what a child needs to know.
type childSpec struct {
	Child      Child  `json:"child"`
	Dir        string `json:"dir"`
	Port       int    `json:"port,omitempty"`        // broker
	Library    string `json:"library,omitempty"`     // clickhouse
	Config     string `json:"config,omitempty"`      // clickhouse
	NoTerminal bool   `json:"no_terminal,omitempty"` // clickhouse
}

// lockPath is the lock a child holds while it lives.
func (s childSpec) lockPath() string { return s.Dir + ".lock" }

// ChildMain returns at once in an ordinary process. In a process that a Stack
// started it is the child: it serves until its parent stops it or dies, and
// exits. Call it first thing in main and in TestMain.
func ChildMain() {
	text, ok := os.LookupEnv(childEnv)
	if !ok {
		return
	}
	if err := runChild(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runChild(text string) error {
	var spec childSpec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return fmt.Errorf("read %s: %w", childEnv, err)
	}
	if err := os.MkdirAll(spec.Dir, 0o700); err != nil {
		return fmt.Errorf("%s: %w", spec.Child, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	lock, err := waitLock(ctx, spec.lockPath(), func(int) {})
	cancel()
	if err != nil {
		return fmt.Errorf("%s: %w", spec.Child, err)
	}
	defer lock.Close()
	if err := os.Chdir(filepath.Dir(spec.lockPath())); err != nil {
		return err
	}
	stop := stopSignal()
	if spec.Child == Broker {
		return serveBroker(spec, stop)
	}
	return serveClickHouse(spec, stop)
}

// stopSignal is closed when the lifeline ends or on SIGTERM. A child that is
// still alive stopTimeout later ends the hard way, so that an orphan never
// outlives its parent for long.
func stopSignal() <-chan struct{} {
	stop := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		_, _ = os.NewFile(lifelineFD, "lifeline").Read(make([]byte, 1)) // nothing is ever written
		close(ended)
	}()
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	signal.Ignore(syscall.SIGINT, syscall.SIGHUP)
	go func() {
		select {
		case <-ended:
		case <-terminated:
		}
		close(stop)
		time.Sleep(stopTimeout)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}()
	return stop
}
