//go:build unix

package engine

import "syscall"

// generatorLacks are the system's errors for want of descriptors and ports.
var generatorLacks = []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL}
