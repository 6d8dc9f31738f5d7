package engine

import "golang.org/x/sys/unix"

// allowedCPUs is on how many CPUs this process may run by now; 0: not known.
func allowedCPUs() int {
	var set unix.CPUSet
	if unix.SchedGetaffinity(0, &set) != nil {
		return 0
	}
	return set.Count()
}
