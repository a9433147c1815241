package embedded

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// openTerminal makes our standard input a pseudo-terminal and returns its
// other end. ClickHouse treats a program without a terminal as a script and
// aborts on any error in a connection, such as a reset; see README.
func openTerminal() (*os.File, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	slave, err := openSlave(int(master.Fd()))
	if err == nil {
		err = unix.Dup3(slave, 0, 0)
		unix.Close(slave)
	}
	if err != nil {
		master.Close()
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	return master, nil
}

func openSlave(master int) (int, error) {
	if err := unix.IoctlSetPointerInt(master, unix.TIOCSPTLCK, 0); err != nil {
		return 0, err
	}
	n, err := unix.IoctlGetInt(master, unix.TIOCGPTN)
	if err != nil {
		return 0, err
	}
	return unix.Open(fmt.Sprintf("/dev/pts/%d", n), unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
}
