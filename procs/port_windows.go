package procs

import (
	"errors"

	"golang.org/x/sys/windows"
)

// inUse says whether listening failed because somebody has the port.
func inUse(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }
