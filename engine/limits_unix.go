//go:build unix

package engine

import "golang.org/x/sys/unix"

// raiseDescriptors raises this process's limit of open files to its hard limit
// and returns it; 0 if it can't be told.
//
// Go's runtime does so as the program begins, to one below the hard limit, and gives
// the children what the program had before. Setting the limit once more, be it by
// one, would end that: servers would begin with our limit instead of the shell's.
func raiseDescriptors() uint64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	if limit.Cur+1 < limit.Max {
		raised := limit
		raised.Cur = raised.Max
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) == nil {
			limit = raised
		}
	}
	return uint64(limit.Cur)
}
