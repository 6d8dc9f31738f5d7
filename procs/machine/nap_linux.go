package machine

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// napExactly sleeps in the kernel, with the thread's timer slack at 1 ns instead
// of the default 50 µs.
func napExactly(d time.Duration) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
	// 0 is what the thread began with: processes inherit the slack of the thread that starts them.
	defer func() { _ = unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0) }()
	left := unix.NsecToTimespec(d.Nanoseconds())
	for unix.Nanosleep(&left, &left) == unix.EINTR {
	}
}
