package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// tryLock takes the lock file at path and writes our pid into it. When another
// process holds it, the file is nil and holder is that process. The kernel
// releases the lock when its holder dies, however it dies, so a held lock
// names a live process and never a reused pid.
func tryLock(path string) (f *os.File, holder int, err error) {
	f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, 0, fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		defer f.Close()
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, 0, fmt.Errorf("lock: %w", err)
		}
		holder, _ = strconv.Atoi(string(bytes.TrimSpace(text))) // 0: it has not written yet
		return nil, holder, nil
	}
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = fmt.Fprintln(f, os.Getpid())
	}
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, 0, nil
}

// waitLock takes the lock file at path, waiting for its holder until ctx is
// done. When it has to wait it calls busy, once, with the holder.
func waitLock(ctx context.Context, path string, busy func(holder int)) (*os.File, error) {
	told := false
	for last := 0; ; {
		f, holder, err := tryLock(path)
		if f != nil || err != nil {
			return f, err
		}
		// Read twice: a holder that has just locked still shows the pid of
		// the one before, and busy may kill.
		if holder != 0 && holder == last && !told {
			busy(holder)
			told = true
		}
		last = holder
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock %s, held by process %d: %w", path, holder, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}
