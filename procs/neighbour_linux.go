package procs

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// allRunning reads every process of the machine: some 17 µs each.
func allRunning() map[int]activity {
	stats := processesSince(0)
	all := make(map[int]activity, len(stats))
	for pid, stat := range stats {
		all[pid] = activity{parent: stat.parent, began: stat.began, seconds: (stat.user + stat.system) / ticksPerSecond}
	}
	return all
}

// nameOf is what a process is called; "" if it ended.
func nameOf(pid int) string {
	text, ok := newProcFiles().read(unix.AT_FDCWD, procPath(pid, "comm"))
	if !ok {
		return ""
	}
	return string(bytes.TrimSpace(text))
}

// ownCPUSeconds is the CPU time of this process.
func ownCPUSeconds() float64 {
	var spent unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &spent) != nil {
		return 0
	}
	return float64(spent.Utime.Nano()+spent.Stime.Nano()) / 1e9
}

// readsNeighbours says that allRunning is cheap enough to be called while a load runs.
const readsNeighbours = true
