//go:build unix

package engine

import "golang.org/x/sys/unix"

// raiseDescriptors raises this process's limit of open files to its hard limit
// and returns it; 0 if it can't be told.
func raiseDescriptors() uint64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	if limit.Cur < limit.Max {
		raised := limit
		raised.Cur = raised.Max
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) == nil {
			limit = raised
		}
	}
	return uint64(limit.Cur)
}
