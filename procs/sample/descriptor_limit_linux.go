package sample

import (
	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// descriptorLimit is how many files the process may have open.
func descriptorLimit(pid int) (float64, bool) {
	var limit unix.Rlimit
	if unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &limit) == nil {
		return float64(limit.Cur), true
	}
	// Another user's: the kernel tells it in a file that all may read.
	text, ok := system.NewFiles().Read(unix.AT_FDCWD, system.Path(pid, "limits"))
	if !ok {
		return 0, false
	}
	return parseDescriptorLimit(text)
}
