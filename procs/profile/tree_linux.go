package profile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/procs/system"
)

// treeOf lists processes and their descendants, and what runs in them.
func treeOf(roots []int) (all []treeProcess) {
	children := system.ChildrenOfAll()
	seen := map[int]bool{}
	for pids := roots; len(pids) > 0; pids = pids[1:] {
		pid := pids[0]
		if seen[pid] || !exists(pid) {
			continue
		}
		seen[pid] = true
		all = append(all, treeProcess{pid, kindOfProcess(pid)})
		pids = append(pids[:len(pids):len(pids)], children[pid]...)
	}
	return all
}

func kindOfProcess(pid int) processKind {
	program, err := os.Readlink(system.Path(pid, "exe"))
	if err != nil {
		return nativeProcess
	}
	switch name := filepath.Base(program); name {
	case "node", "nodejs":
		return nodeProcess
	case "sh", "bash", "dash", "zsh", "busybox", "env", "npm", "tini", "dumb-init":
		return starterProcess
	default:
		if strings.HasPrefix(name, "python") {
			return pythonProcess
		}
	}
	maps, err := files.ReadStart(system.Path(pid, "maps"), maxMaps)
	if err == nil && bytes.Contains(maps, []byte("/libjvm.so\n")) {
		return javaProcess
	}
	return nativeProcess
}

// topmost are those processes that none of the others started.
func topmost(pids []int) []int {
	children := system.ChildrenOfAll()
	below := map[int]bool{}
	var mark func(pid int)
	mark = func(pid int) {
		for _, child := range children[pid] {
			if !below[child] {
				below[child] = true
				mark(child)
			}
		}
	}
	for _, pid := range pids {
		mark(pid)
	}
	return slices.DeleteFunc(slices.Clone(pids), func(pid int) bool { return below[pid] })
}

// programPath is the path of the program in a process. One in a container is none of
// ours to run.
func programPath(pid int) (string, error) {
	program, err := os.Readlink(system.Path(pid, "exe"))
	if err != nil {
		return "", &Refusal{Reason: OtherUser, What: fmt.Sprintf("process %d is another user's, or has ended", pid)}
	}
	theirs, err1 := os.Readlink(system.Path(pid, "ns/mnt"))
	ours, err2 := os.Readlink("/proc/self/ns/mnt")
	if err1 == nil && err2 == nil && theirs != ours {
		return "", &Refusal{Reason: NotHere, What: fmt.Sprintf("the JVM (pid %d) runs in a container, with its tools", pid),
			Fix: "run benchtui in the container, or the server outside of it"}
	}
	return strings.TrimSuffix(program, " (deleted)"), nil
}

// cpuTimes are the CPU times, in seconds, of processes and their descendants.
func cpuTimes(roots []int) map[int]float64 {
	times := map[int]float64{}
	for _, one := range treeOf(roots) {
		if stat, ok := system.ReadStat(one.pid); ok {
			times[one.pid] = (stat.User + stat.System) / system.TicksPerSecond
		}
	}
	return times
}
