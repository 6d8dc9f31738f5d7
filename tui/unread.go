package tui

import (
	"os"
	"time"
)

// leaveScreen are the sequences that give a terminal back: no mouse, no pasting, the
// cursor, the main screen.
const leaveScreen = "\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[?1049l\r\n"

// dropUnread frees a program that was asked to end and waits for a terminal that takes
// nothing, as one of a window that hangs: after a second it drops what the terminal has
// not taken, until the program has ended, or stop.
func dropUnread(terminal *os.File, stop <-chan struct{}) {
	const patience, again = time.Second, 50 * time.Millisecond
	look := time.NewTimer(patience)
	defer look.Stop()
	dropped := false
	for {
		select {
		case <-stop:
			if dropped { // with what gave the terminal back, perhaps; a last frame may have filled it again
				dropOutput(int(terminal.Fd()))
				_, _ = terminal.WriteString(leaveScreen)
			}
			return
		case <-look.C:
			dropOutput(int(terminal.Fd()))
			dropped = true
			look.Reset(again)
		}
	}
}
