//go:build unix

package term

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/internal/crash"
)

// askTerminal sends a question and returns what came until enough of it is there, or
// the time is over; nil if there is nobody to ask.
func askTerminal(in, out *os.File, question string, within time.Duration, enough func([]byte) bool) (came []byte) {
	if !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return nil
	}
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return nil
	}
	restore := func() { _ = term.Restore(int(in.Fd()), before) }
	defer restore()
	defer crash.Before(restore)() // before it is taken, lest a panic come between
	if _, err := term.MakeRaw(int(in.Fd())); err != nil {
		return nil
	}
	if _, err := out.WriteString(question); err != nil {
		return nil
	}
	came = []byte{}
	buffer := make([]byte, 256)
	for until := time.Now().Add(within); !enough(came); {
		left := time.Until(until)
		if left <= 0 {
			break
		}
		ready := []unix.PollFd{{Fd: int32(in.Fd()), Events: unix.POLLIN}}
		n, err := unix.Poll(ready, int(left/time.Millisecond)+1)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			break
		}
		n, err = unix.Read(int(in.Fd()), buffer)
		if err != nil || n == 0 {
			break
		}
		came = append(came, buffer[:n]...)
	}
	return came
}
