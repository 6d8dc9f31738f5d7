//go:build !linux

package procs

import "github.com/shirou/gopsutil/v3/process"

// allRunning reads every process of the machine; it may take long here.
func allRunning() map[int]activity {
	processes, err := process.Processes()
	if err != nil {
		return nil
	}
	all := make(map[int]activity, len(processes))
	for _, one := range processes {
		times, err := one.Times()
		if err != nil {
			continue // another user's
		}
		parent, _ := one.Ppid()
		began, _ := one.CreateTime()
		all[int(one.Pid)] = activity{parent: int(parent), began: uint64(began), seconds: times.User + times.System}
	}
	return all
}

// nameOf is what a process is called; "" if it ended.
func nameOf(pid int) string {
	handle, err := process.NewProcess(int32(pid))
	if err != nil {
		return ""
	}
	name, _ := handle.Name()
	return name
}

func ownCPUSeconds() float64 { return 0 }

// readsNeighbours says that allRunning is cheap enough to be called while a load runs.
const readsNeighbours = false
