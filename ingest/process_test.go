package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/runledger/runledger/internal/config"
	"github.com/runledger/runledger/normalize/formats"
)

// processEnv carries the processConfig to a collector in a process of its own.
const processEnv = "RUNLEDGER_TEST_COLLECTOR"

// profileEnv names a file that takes the CPU profile of a collector.
const profileEnv = "RUNLEDGER_TEST_PROFILE"

type processConfig struct {
	Kafka      config.Kafka
	ClickHouse config.ClickHouse
	Collector  config.Collector
	Naive      bool
}

// collectorMain returns at once unless this process is a collector: then it
// collects until its standard input ends.
func collectorMain() {
	text := os.Getenv(processEnv)
	if text == "" {
		return
	}
	var pc processConfig
	if err := json.Unmarshal([]byte(text), &pc); err != nil {
		panic(err)
	}
	c, err := NewCollector(CollectorConfig{
		Kafka: pc.Kafka, ClickHouse: pc.ClickHouse, Collector: pc.Collector, Formats: formats.ByName(),
		Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)), sessionTimeout: 6 * time.Second, naive: pc.Naive,
	})
	if err != nil {
		panic(err)
	}
	if path := os.Getenv(profileEnv); path != "" {
		file, err := os.Create(path)
		if err != nil {
			panic(err)
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			panic(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	if err := c.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	pprof.StopCPUProfile()
	os.Exit(0)
}

// collectorProcess is a collector that is started again when it dies.
type collectorProcess struct {
	stop    func()
	current atomic.Pointer[os.Process]
}

// pid is 0 while it is down.
func (p *collectorProcess) pid() int {
	if process := p.current.Load(); process != nil {
		return process.Pid
	}
	return 0
}

func (r *rig) startProcess() *collectorProcess {
	text, err := json.Marshal(processConfig{r.cfg.Kafka, r.cfg.ClickHouse, r.cfg.Collector, r.cfg.naive})
	require.NoError(r, err)
	p := new(collectorProcess)
	stopping, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			if err := p.run(string(text), stopping); err != nil {
				r.Errorf("start a collector: %v", err)
				return
			}
			select {
			case <-stopping:
				return
			default:
			}
		}
	}()
	p.stop = sync.OnceFunc(func() {
		close(stopping)
		<-stopped
	})
	r.Cleanup(p.stop)
	return p
}

// run is one life of the process.
func (p *collectorProcess) run(text string, stopping <-chan struct{}) error {
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{processEnv + "=" + text, profileEnv + "=" + os.Getenv(profileEnv), "TZ=UTC", "GOGC=" + os.Getenv("GOGC"), "GOMEMLIMIT=" + os.Getenv("GOMEMLIMIT")}
	if os.Getenv("RUNLEDGER_TEST_LOG") != "" {
		cmd.Stderr = os.Stderr
	}
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.current.Store(cmd.Process)
	ended := make(chan struct{})
	go func() {
		select {
		case <-stopping:
			_ = input.Close()
		case <-ended:
		}
	}()
	_ = cmd.Wait() // it was killed, or told to stop
	close(ended)
	p.current.Store(nil)
	return nil
}
