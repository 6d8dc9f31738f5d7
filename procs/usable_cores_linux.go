package procs

import "golang.org/x/sys/unix"

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(pid int) Figure {
	var cores unix.CPUSet
	if err := unix.SchedGetaffinity(pid, &cores); err != nil || cores.Count() == 0 {
		return Figure{}
	}
	return Of(float64(cores.Count()))
}
