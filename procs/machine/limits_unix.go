//go:build unix

package machine

import (
	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
)

// limits are this process's hard limits of open files, and of the processes and
// Threads of its user; missing without a bound.
func limits() (descriptors, tasks figure.Value) {
	const unbound = 1 << 40 // whatever a system writes for none
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		descriptors = figure.Of(float64(min(uint64(limit.Max), unbound)))
	}
	root := unix.Geteuid() == 0 // which it does not bind
	if !root && unix.Getrlimit(unix.RLIMIT_NPROC, &limit) == nil && uint64(limit.Max) < unbound {
		tasks = figure.Of(float64(limit.Max))
	}
	return descriptors, tasks
}
