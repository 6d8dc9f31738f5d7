//go:build unix

package procs

import (
	"errors"
	"syscall"
)

// inUse says whether listening failed because somebody has the port.
func inUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
