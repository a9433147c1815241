package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	start(t, Config{DataDir: dir, Broker: true})
	_, err := Start(t.Context(), Config{DataDir: dir, Broker: true})
	want := fmt.Sprintf("data directory %s is in use by process %d", dir, os.Getpid())
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("got %v, want %q", err, want)
	}
}

func TestConfiguredPorts(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := taken.Addr().(*net.TCPAddr).Port
	dir := t.TempDir()
	_, err = Start(t.Context(), Config{DataDir: dir, Broker: true, BrokerPort: port})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Fatalf("a taken port: got %v", err)
	}
	taken.Close()
	s := start(t, Config{DataDir: dir, Broker: true, BrokerPort: port})
	if got := s.Brokers()[0]; got != loopback(port) {
		t.Errorf("broker at %s, want port %d", got, port)
	}
}

// The children of a killed parent end, and what they held is there for the
// next, even when a child was frozen and cannot end by itself.
func TestParentKilled(t *testing.T) {
	for _, frozen := range []bool{false, true} {
		t.Run(fmt.Sprintf("frozen=%v", frozen), func(t *testing.T) {
			dir := t.TempDir()
			parent, report := startParent(t, dir)
			for _, sql := range []string{createRows, `INSERT INTO rows SELECT number FROM numbers(1000)`} {
				if _, err := query(report.HTTP, "default", "", sql); err != nil {
					t.Fatal(err)
				}
			}
			if frozen {
				for _, pid := range []int{report.ClickHouse, report.Kafka} {
					if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := parent.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = parent.Wait()
			if !frozen {
				eventually(t, "both children gone", func() bool {
					return free(t, dir, ClickHouse) && free(t, dir, Broker)
				})
			}
			s := start(t, Config{DataDir: dir, ClickHouse: true, Broker: true})
			if got := mustQuery(t, s, `SELECT count() FROM rows`); got != "1000" {
				t.Errorf("%s rows, want 1000", got)
			}
		})
	}
}

func startParent(t *testing.T, dir string) (*exec.Cmd, parentReport) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(self)
	parent.Env = append(os.Environ(), parentEnv+"="+dir)
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = parent.Process.Kill() })
	var report parentReport
	if err := json.NewDecoder(out).Decode(&report); err != nil {
		t.Fatal(err)
	}
	return parent, report
}

// free says whether no process holds the lock of a child.
func free(t *testing.T, dir string, c Child) bool {
	t.Helper()
	lock, _, err := tryLock(filepath.Join(dir, string(c)+".lock"))
	if err != nil {
		t.Fatal(err)
	}
	if lock == nil {
		return false
	}
	lock.Close()
	return true
}

// A child that outlived its parent, by a lifeline that somebody else keeps
// open, is killed by the next start.
func TestLeftOverChildIsKilled(t *testing.T) {
	dir := t.TempDir()
	old := &process{
		spec:   childSpec{Child: Broker, Dir: filepath.Join(dir, string(Broker))},
		output: filepath.Join(dir, "old.out"),
	}
	cmd, lifeline, err := old.spawn()
	if err != nil {
		t.Fatal(err)
	}
	defer lifeline.Close()
	died := make(chan error, 1)
	go func() { died <- cmd.Wait() }()
	eventually(t, "the old child at work", func() bool { return !free(t, dir, Broker) })

	start(t, Config{DataDir: dir, Broker: true})
	if err := <-died; err == nil || err.Error() != "signal: killed" {
		t.Errorf("the old child ended with %v", err)
	}
}

// Ctrl-C in a terminal goes to the foreground group, so children are in none
// that has us in it; and our environment, with its secrets, stays here.
func TestChildrenAreApart(t *testing.T) {
	t.Setenv("RUNLEDGER_TEST_SECRET", "hunter2")
	s := start(t, Config{ClickHouse: true, Broker: true})
	for _, c := range []Child{ClickHouse, Broker} {
		group, err := syscall.Getpgid(s.Pid(c))
		if err != nil || group == syscall.Getpgrp() {
			t.Errorf("%s is in process group %d, we are in %d: %v", c, group, syscall.Getpgrp(), err)
		}
		environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", s.Pid(c)))
		if err == nil && strings.Contains(string(environ), "hunter2") {
			t.Errorf("%s has our environment", c)
		}
	}
}

// Stop ends both in good order, well before they would be killed, and leaves
// the directory free.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	s := start(t, Config{DataDir: dir, ClickHouse: true, Broker: true})
	began := time.Now()
	s.Stop(t.Context())
	if took := time.Since(began); took > stopTimeout/2 {
		t.Errorf("stop took %s", took)
	}
	if s.Pid(ClickHouse) != 0 || s.Pid(Broker) != 0 {
		t.Error("pids after stop")
	}
	s.Stop(t.Context()) // harmless
	start(t, Config{DataDir: dir, ClickHouse: true, Broker: true})
}

// A child that cannot end is killed when the context is done.
func TestStopKills(t *testing.T) {
	s := start(t, Config{Broker: true})
	if err := syscall.Kill(s.Pid(Broker), syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	s.Stop(ctx)
	if took := time.Since(began); took > stopTimeout/2 {
		t.Errorf("stop took %s", took)
	}
}
