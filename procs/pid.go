package procs

import (
	"fmt"

	"github.com/shirou/gopsutil/v3/process"
)

// CheckPID says why there is no process of that number.
func CheckPID(pid int) error {
	running, err := process.PidExists(int32(pid))
	switch {
	case pid < 1 || int(int32(pid)) != pid:
		return fmt.Errorf("%d is no number of a process", pid)
	case err == nil && !running:
		return fmt.Errorf("no process %d is running", pid)
	}
	return nil
}
