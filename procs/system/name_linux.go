package system

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// NameOf is what a process is called; "" if it ended.
func NameOf(pid int) string {
	text, ok := NewFiles().Read(unix.AT_FDCWD, Path(pid, "comm"))
	if !ok {
		return ""
	}
	return string(bytes.TrimSpace(text))
}

// OwnCPUSeconds is the CPU time of this process.
func OwnCPUSeconds() float64 {
	var spent unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &spent) != nil {
		return 0
	}
	return float64(spent.Utime.Nano()+spent.Stime.Nano()) / 1e9
}
