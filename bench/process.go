package bench

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is what a process has used since it started.
type usage struct {
	CPU     time.Duration // user and system
	PeakRSS int64         // bytes
}

// clockTick is the unit of CPU time in /proc, fixed by the Linux ABI.
const clockTick = 10 * time.Millisecond

// usageOf reads what process pid has used so far (Linux).
func usageOf(pid int) (usage, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return usage{}, fmt.Errorf("read usage of process %d: %w", pid, err)
	}
	// The name of the process, in parentheses, may hold blanks.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return usage{}, fmt.Errorf("read usage of process %d: %w", pid, err)
	}
	return usage{CPU: time.Duration(user+system) * clockTick, PeakRSS: peak(string(status))}, nil
}

// peak finds "VmHWM:   12345 kB".
func peak(status string) int64 {
	_, rest, _ := strings.Cut(status, "VmHWM:")
	if f := strings.Fields(rest); len(f) > 0 {
		kib, _ := strconv.ParseInt(f[0], 10, 64)
		return kib << 10
	}
	return 0
}

// freeAddr is a loopback address that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
