package embedded

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	firstBackoff = 50 * time.Millisecond
	lastBackoff  = 5 * time.Second
	// steadyAfter is how long a child must have lived for its next death to
	// count as the first again.
	steadyAfter = 30 * time.Second
	askEvery    = 20 * time.Millisecond
)

// process keeps one child running until it is told to stop.
type process struct {
	spec      childSpec
	output    string                      // file that takes the child's stdout and stderr
	ask       func(context.Context) error // nil when the child answers
	onRestart func(Child)
	log       *slog.Logger

	first    chan error    // the outcome of the first start, once
	stopping chan struct{} // closed to stop
	done     chan struct{} // closed when nothing runs any more
	proc     atomic.Pointer[os.Process]
	restarts atomic.Int64
}

// waitFirst waits until the child has answered for the first time.
func (p *process) waitFirst(ctx context.Context) error {
	select {
	case err := <-p.first:
		return err
	case <-ctx.Done():
		return fmt.Errorf("embedded: wait for %s: %w", p.spec.Child, ctx.Err())
	}
}

// waitStopped waits for the end of the child and kills it when ctx is done.
func (p *process) waitStopped(ctx context.Context) {
	select {
	case <-p.done:
		return
	case <-ctx.Done():
	}
	if proc := p.proc.Load(); proc != nil {
		p.log.Warn("child does not stop, killing it", "pid", proc.Pid)
		_ = proc.Kill()
	}
	<-p.done
}

// supervise runs the child and runs it again when it dies. A child that dies
// before its very first answer is not restarted: Start reports it.
func (p *process) supervise() {
	defer close(p.done)
	ready := false
	markReady := func() {
		if !ready {
			ready = true
			p.first <- nil
		}
	}
	for pause := firstBackoff; ; pause = min(2*pause, lastBackoff) {
		started := time.Now()
		err := p.runOnce(markReady)
		if !ready {
			p.first <- err
			return
		}
		lived := time.Since(started)
		if lived > steadyAfter {
			pause = firstBackoff
		}
		select {
		case <-p.stopping:
			return
		case <-time.After(pause):
		}
		p.log.Warn("child died, restarting it", "error", err, "lived", lived, "paused", pause)
		p.restarts.Add(1)
		if p.onRestart != nil {
			p.onRestart(p.spec.Child)
		}
	}
}

// runOnce starts the child, calls ready when it answers, and returns why it
// ended.
func (p *process) runOnce(ready func()) error {
	if err := p.evict(); err != nil {
		return err
	}
	cmd, lifeline, err := p.spawn()
	if err != nil {
		return err
	}
	defer lifeline.Close()
	p.proc.Store(cmd.Process)
	defer p.proc.Store(nil)
	died := make(chan error, 1)
	go func() { died <- cmd.Wait() }()

	started := time.Now()
	ask, late := time.NewTicker(askEvery), time.After(startTimeout)
	defer ask.Stop()
	for {
		select {
		case err := <-died:
			return p.obituary(err)
		case <-p.stopping:
			lifeline.Close()
			return p.obituary(<-died)
		case <-late:
			_ = cmd.Process.Kill()
			return fmt.Errorf("no answer within %s: %w", startTimeout, p.obituary(<-died))
		case <-ask.C:
			if !p.answers() {
				continue
			}
			p.log.Info("child ready", "pid", cmd.Process.Pid, "took", time.Since(started).Round(time.Millisecond))
			ready()
			ask.Stop()
			late = nil
		}
	}
}

func (p *process) answers() bool {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return p.ask(ctx) == nil
}

// evict kills a child that a former parent left behind and that has not ended
// by itself.
func (p *process) evict() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	lock, err := waitLock(ctx, p.spec.lockPath(), func(holder int) {
		p.log.Warn("killing a child left over from a former run", "pid", holder)
		_ = syscall.Kill(holder, syscall.SIGKILL)
	})
	if err != nil {
		return fmt.Errorf("embedded: %s: %w", p.spec.Child, err)
	}
	return lock.Close()
}

// spawn starts the child in a process group of its own, so that Ctrl-C in a
// terminal reaches us alone, and with an environment of its own, so that our
// secrets stay ours. Closing the lifeline stops the child.
func (p *process) spawn() (cmd *exec.Cmd, lifeline *os.File, err error) {
	fail := func(err error) (*exec.Cmd, *os.File, error) {
		return nil, nil, fmt.Errorf("embedded: start %s: %w", p.spec.Child, err)
	}
	spec, err := json.Marshal(p.spec)
	if err != nil {
		return fail(err)
	}
	self, err := os.Executable()
	if err != nil {
		return fail(err)
	}
	output, err := openOutput(p.output)
	if err != nil {
		return fail(err)
	}
	defer output.Close()
	theirs, ours, err := os.Pipe()
	if err != nil {
		return fail(err)
	}
	defer theirs.Close()
	cmd = &exec.Cmd{
		Path:        self,
		Args:        []string{self, "embedded-" + string(p.spec.Child)},
		Env:         []string{childEnv + "=" + string(spec), "TZ=UTC", "HOME=" + p.spec.Dir},
		Stdout:      output,
		Stderr:      output,
		ExtraFiles:  []*os.File{theirs},
		SysProcAttr: &syscall.SysProcAttr{Setpgid: true},
	}
	if err := cmd.Start(); err != nil {
		ours.Close()
		return fail(err)
	}
	return cmd, ours, nil
}

// obituary says how the child ended, with its last words.
func (p *process) obituary(err error) error {
	if err == nil {
		err = fmt.Errorf("exit status 0")
	}
	return fmt.Errorf("embedded: %s ended: %w: %s (see %s)", p.spec.Child, err, lastWords(p.output), p.output)
}
