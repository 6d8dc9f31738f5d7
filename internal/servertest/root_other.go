//go:build unix && !linux

package servertest

import "syscall"

// becomeRoot makes this process wholly root's, if it may.
func becomeRoot() error { return syscall.Setreuid(0, 0) }
