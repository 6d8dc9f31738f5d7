//go:build unix && !linux

package e2e

import "syscall"

// becomeRoot makes this process wholly root's, if it may.
func becomeRoot() error { return syscall.Setreuid(0, 0) }
