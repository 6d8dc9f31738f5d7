package servertest

import "syscall"

// becomeRoot makes this process wholly root's, if it may.
func becomeRoot() error { return syscall.Setresuid(0, 0, 0) }
