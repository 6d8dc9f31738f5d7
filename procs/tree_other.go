//go:build !linux

package procs

import (
	"github.com/shirou/gopsutil/v3/process"
)

// tree reads a process and its descendants through gopsutil. The hottest thread
// and the accept queue are missing.
type tree struct {
	root *process.Process
}

func newTree(root int) tree {
	handle, err := process.NewProcess(int32(root))
	if err != nil {
		return tree{}
	}
	return tree{root: handle}
}

func (t *tree) read() (treeReading, bool) {
	var reading treeReading
	if t.root == nil {
		return reading, false
	}
	if running, err := t.root.IsRunning(); err != nil || !running {
		return reading, false
	}
	var rss, threads float64
	rssKnown, threadsKnown := false, false
	for _, one := range family(t.root) {
		reading.sample.Processes++
		if times, err := one.Times(); err == nil {
			reading.cpu.user += times.User
			reading.cpu.system += times.System
			reading.cpuKnown = true
		}
		if memory, err := one.MemoryInfo(); err == nil {
			rss, rssKnown = rss+float64(memory.RSS), true
		}
		if count, err := one.NumThreads(); err == nil {
			threads, threadsKnown = threads+float64(count), true
		}
	}
	reading.sample.RSSBytes = Figure{rss, rssKnown}
	reading.sample.Threads = Figure{threads, threadsKnown}
	return reading, true
}

// family is the process and its descendants.
func family(root *process.Process) []*process.Process {
	all := []*process.Process{root}
	children, err := root.Children()
	if err != nil {
		return all
	}
	for _, child := range children {
		all = append(all, family(child)...)
	}
	return all
}

// acceptQueue is missing on this platform.
func acceptQueue(int) (length, limit Figure) { return Figure{}, Figure{} }
