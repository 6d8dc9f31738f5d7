package engine

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// generatorLacks are the system's errors for want of descriptors and ports.
var generatorLacks = []syscall.Errno{windows.WSAEMFILE, windows.WSAEADDRNOTAVAIL, windows.WSAEADDRINUSE, windows.WSAENOBUFS}
