package tui

import "golang.org/x/sys/unix"

// dropOutput drops what a terminal has not taken yet, and has it go on where Ctrl-S
// stopped it. Of a file that is no terminal nothing is dropped.
func dropOutput(fd int) {
	_ = unix.IoctlSetInt(fd, unix.TCXONC, unix.TCOOFF)
	_ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCOFLUSH)
	_ = unix.IoctlSetInt(fd, unix.TCXONC, unix.TCOON) // that it goes on wakes who waits to write; room alone does not
}
