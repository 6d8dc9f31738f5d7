//go:build unix

package engine

import (
	"time"

	"golang.org/x/sys/unix"
)

// usage is what this process has used so far.
type usage struct {
	cpu time.Duration // user and system time
}

func readUsage() usage {
	var used unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &used) != nil {
		return usage{}
	}
	return usage{cpu: time.Duration(used.Utime.Nano() + used.Stime.Nano())}
}
