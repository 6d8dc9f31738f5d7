//go:build unix && !linux

package procs

import "syscall"

// running says whether there is the process.
func running(pid int) bool { return syscall.Kill(pid, 0) == nil }

// setUp is of Linux alone.
func setUp(string) {}
