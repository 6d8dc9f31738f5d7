package system

import (
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// ListsChildren says whether the kernel lists the children of a thread: with
// CONFIG_PROC_CHILDREN it does.
func ListsChildren() bool {
	return unix.Access("/proc/self/task/"+strconv.Itoa(os.Getpid())+"/children", unix.R_OK) == nil
}

// ThreadsOf are the threads of a process; none if it has ended.
func ThreadsOf(pid int) []int {
	directory, err := unix.Open(Path(pid, "task"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(directory)
	return NewFiles().Numbers(directory)
}

// ChildrenOfAll finds the children of all processes by their parents, which takes ms.
func ChildrenOfAll() map[int][]int {
	children := map[int][]int{}
	for pid, stat := range Processes(0) {
		children[stat.Parent] = append(children[stat.Parent], pid)
	}
	return children
}
