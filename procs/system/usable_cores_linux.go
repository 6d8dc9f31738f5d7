package system

import (
	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
)

// UsableCores is how many cores the process may run on; missing where that can't be told.
func UsableCores(pid int) figure.Value {
	var cores unix.CPUSet
	if err := unix.SchedGetaffinity(pid, &cores); err != nil || cores.Count() == 0 {
		return figure.Value{}
	}
	return figure.Of(float64(cores.Count()))
}
