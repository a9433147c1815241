// Package embedded runs ClickHouse and a Kafka broker on one machine, as
// supervised children of the calling process. ClickHouse is the real engine,
// loaded from a library that is fetched once; the broker speaks the Kafka
// protocol and keeps its log on disk, for one machine and for tests.
//
// It is not a cluster, not a replacement for Kafka in production, and it
// creates neither tables nor topics.
//
// The children are the calling binary itself: main, and TestMain of a test
// that starts a Stack, must call ChildMain before anything else.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
)

// Child names one of the processes of a Stack.
type Child string

// The children a Stack can have.
const (
	ClickHouse Child = "clickhouse"
	Broker     Child = "broker"
)

// Config says what to start and where. DataDir and at least one of ClickHouse
// and Broker are required.
type Config struct {
	DataDir    string // tables, topics, logs and locks; created when absent
	CacheDir   string // where the ClickHouse library is kept; empty: DefaultCacheDir
	ClickHouse bool   // start ClickHouse
	Broker     bool   // start the Kafka broker

	ClickHousePort     int // native protocol, on 127.0.0.1; 0: a free one
	ClickHouseHTTPPort int // HTTP, on 127.0.0.1; 0: a free one
	BrokerPort         int // Kafka protocol, on 127.0.0.1; 0: a free one

	// UsersFile is a ClickHouse users.xml. ClickHouse opens its own ports as
	// "default" from 127.0.0.1 without a password, so that user must be there;
	// give it GRANT SYSTEM LISTEN ON *.* and nothing else. Empty: "default"
	// may do everything, for everybody on this machine.
	UsersFile string
	// User and Password ask the readiness query. Empty: "default", none.
	User, Password string
	// MaxMemory caps ClickHouse, in bytes. 0: half of the machine's memory.
	MaxMemory int64

	Logger *slog.Logger // nil: slog.DiscardHandler
	// OnRestart is called each time a child that died is started again.
	OnRestart func(Child)

	killingErrors bool // tests: leave out the terminal, see README
}

// Stack is a set of running children. Its methods are safe for concurrent use.
type Stack struct {
	cfg      Config
	lock     *os.File
	children map[Child]*process
	stopOnce sync.Once
}

// startTimeout bounds how long a child may take to answer its first question.
// Loading many parts after an unclean stop is the slow case.
const startTimeout = 2 * time.Minute

// Start fetches the ClickHouse library if needed, starts the children and
// returns when each has answered a real question. ctx bounds the start alone;
// the children live until Stop or until this process dies, however it dies.
//
// It fails when another process uses DataDir, when a configured port is taken,
// when the library can be neither found nor fetched (the error says what to
// put where), and when a child dies before it is ready (with its last words).
func Start(ctx context.Context, cfg Config) (*Stack, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	lock, err := lockDataDir(&cfg)
	if err != nil {
		return nil, err
	}
	s := &Stack{cfg: cfg, lock: lock, children: map[Child]*process{}}
	if err := s.start(ctx); err != nil {
		s.Stop(context.WithoutCancel(ctx))
		return nil, err
	}
	return s, nil
}

// lockDataDir creates the data directory, makes its path absolute and locks it
// for this process.
func lockDataDir(cfg *Config) (*os.File, error) {
	dir, err := filepath.Abs(cfg.DataDir)
	if cfg.DataDir == "" || err != nil {
		return nil, fmt.Errorf("embedded: data directory %q: %w", cfg.DataDir, errors.Join(err, os.ErrInvalid))
	}
	cfg.DataDir = dir
	if err := os.MkdirAll(filepath.Join(dir, "log"), 0o700); err != nil {
		return nil, fmt.Errorf("embedded: create data directory: %w", err)
	}
	lock, holder, err := tryLock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("embedded: %w", err)
	}
	if lock == nil {
		return nil, fmt.Errorf("embedded: data directory %s is in use by process %d: stop it or choose another directory", dir, holder)
	}
	return lock, nil
}

func (s *Stack) start(ctx context.Context) error {
	if err := s.choosePorts(); err != nil {
		return err
	}
	if s.cfg.ClickHouse {
		library, err := findLibrary(ctx, s.cfg.CacheDir, s.cfg.Logger)
		if err != nil {
			return err
		}
		config, err := writeClickHouseConfig(s.cfg)
		if err != nil {
			return err
		}
		s.add(ClickHouse, childSpec{Library: library, Config: config, NoTerminal: s.cfg.killingErrors}, s.askClickHouse)
	}
	if s.cfg.Broker {
		s.add(Broker, childSpec{Port: s.cfg.BrokerPort}, s.askBroker)
	}
	for _, p := range s.children {
		go p.supervise()
	}
	for _, p := range s.children {
		if err := p.waitFirst(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) add(name Child, spec childSpec, ask func(context.Context) error) {
	spec.Child, spec.Dir = name, filepath.Join(s.cfg.DataDir, string(name))
	s.children[name] = &process{
		spec:      spec,
		output:    filepath.Join(s.cfg.DataDir, "log", string(name)+".out"),
		ask:       ask,
		onRestart: s.cfg.OnRestart,
		log:       s.cfg.Logger.With("child", name),
		first:     make(chan error, 1),
		stopping:  make(chan struct{}),
		done:      make(chan struct{}),
	}
}

// ClickHouseAddr is host:port of the native protocol, the same for the life
// of the Stack.
func (s *Stack) ClickHouseAddr() string { return loopback(s.cfg.ClickHousePort) }

// ClickHouseHTTPAddr is host:port of the HTTP interface, the same for the
// life of the Stack.
func (s *Stack) ClickHouseHTTPAddr() string { return loopback(s.cfg.ClickHouseHTTPPort) }

// Brokers lists host:port of the Kafka brokers, the same for the life of the
// Stack.
func (s *Stack) Brokers() []string { return []string{loopback(s.cfg.BrokerPort)} }

// Pid is the process id of a child, 0 while it is down.
func (s *Stack) Pid(c Child) int {
	if p := s.children[c]; p != nil {
		if proc := p.proc.Load(); proc != nil {
			return proc.Pid
		}
	}
	return 0
}

// Restarts counts how often a child died and was started again.
func (s *Stack) Restarts(c Child) int64 {
	if p := s.children[c]; p != nil {
		return p.restarts.Load()
	}
	return 0
}

// Stop ends the children in good order, kills those that have not ended after
// ten seconds or when ctx is done, and unlocks the data directory. A second
// call does nothing.
func (s *Stack) Stop(ctx context.Context) {
	s.stopOnce.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, stopTimeout)
		defer cancel()
		for _, p := range s.children {
			close(p.stopping)
		}
		for _, p := range s.children {
			p.waitStopped(ctx)
		}
		s.lock.Close()
	})
}

func (s *Stack) askClickHouse(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.ClickHouseHTTPAddr()+"/?query=SELECT+1", nil)
	if err != nil {
		return err
	}
	if s.cfg.User != "" {
		req.Header.Set("X-ClickHouse-User", s.cfg.User)
		req.Header.Set("X-ClickHouse-Key", s.cfg.Password)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("select 1: %s: %s", resp.Status, resp.Header.Get("X-ClickHouse-Exception-Code"))
	}
	return nil
}

func (s *Stack) askBroker(ctx context.Context) error {
	conn, err := kafka.DialContext(ctx, "tcp", s.Brokers()[0])
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Brokers()
	return err
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
