//go:build !linux

package embedded

import (
	"errors"
	"os"
)

// openTerminal is only there on Linux; elsewhere the supervisor is the net.
func openTerminal() (*os.File, error) { return nil, errors.ErrUnsupported }
