//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package tui

import "golang.org/x/sys/unix"

// dropOutput drops what a terminal has not taken yet, and has it go on where Ctrl-S
// stopped it. Of a file that is no terminal nothing is dropped.
func dropOutput(fd int) {
	const written = 2 // FWRITE of sys/fcntl.h: what was written to it
	_ = unix.IoctlSetInt(fd, unix.TIOCSTART, 0)
	_ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, written)
}
