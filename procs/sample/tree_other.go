//go:build !linux

package sample

import (
	"github.com/shirou/gopsutil/v3/process"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// tree reads a process and its descendants through gopsutil. What it lacks here
// is missing: the hottest thread, waiting, peak memory.
type tree struct {
	root    *process.Process
	members map[int32]cpuTimes // as of the last reading
}

func newTree(root int) *tree {
	handle, err := process.NewProcess(int32(root))
	if err != nil {
		return &tree{}
	}
	return &tree{root: handle}
}

func (t *tree) is(int) bool { return true }

func (t *tree) pids() []int { return nil }

// markBackends marks nobody: who talks to whom can't be told here.
func markBackends([]measure.OtherProcess, []int, int) {}

// follow is of no use here: ServingOn finds nobody.
func (t *tree) follow([]int) {}

// read reads the tree; what its processes share is missing here.
func (t *tree) read(bool) (treeReading, bool) {
	var reading treeReading
	if t.root == nil {
		return reading, false
	}
	if running, err := t.root.IsRunning(); err != nil || !running {
		return reading, false
	}
	members := map[int32]cpuTimes{}
	var each []measure.ProcessRSS
	for _, one := range system.Family(t.root) {
		reading.sample.Processes++
		if times, err := one.Times(); err == nil {
			now := cpuTimes{times.User, times.System}
			reading.spent = reading.spent.plus(now.since(t.members[one.Pid]))
			reading.spentKnown = true
			members[one.Pid] = now
		}
		if memory, err := one.MemoryInfo(); err == nil {
			reading.sample.RSSBytes = known(reading.sample.RSSBytes, float64(memory.RSS))
			name, _ := one.Name()
			each = append(each, measure.ProcessRSS{PID: int(one.Pid), Name: name, RSSBytes: figure.Of(float64(memory.RSS))})
		}
		if count, err := one.NumThreads(); err == nil {
			reading.sample.Threads = known(reading.sample.Threads, float64(count))
		}
		if count, err := one.NumFDs(); err == nil {
			reading.sample.FileDescriptors = known(reading.sample.FileDescriptors, float64(count))
		}
	}
	t.members = members
	reading.sample.ByProcess = largest(each)
	return reading, true
}

func known(sum figure.Value, more float64) figure.Value { return figure.Of(sum.Value + more) }

// acceptQueue is missing on this platform.
func acceptQueue(int) (length, limit figure.Value, listeners int) {
	return figure.Value{}, figure.Value{}, 0
}

// cpuQuota is missing on this platform.
type cpuQuota struct{}

func (*cpuQuota) into(*measure.Sample, int) {}

// listenCounters are missing on this platform.
func readListenCounters(int) (listenCounters, bool) { return listenCounters{}, false }
