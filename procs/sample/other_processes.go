package sample

import (
	"cmp"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// Bounds of whom the other processes name.
const (
	leastOtherProcess  = 5.0 // percent of a core
	mostOtherProcesses = 5
)

// activity is what the other processes need of a process.
type activity struct {
	parent  int
	began   uint64  // with the number it names the process for good
	seconds float64 // of CPU time, since it began
}

// OtherProcesses tells which other processes are busy, between two readings of all.
type OtherProcesses struct {
	before map[int]activity
	at     time.Time
}

// Since reads all processes and names those that used most since the call before,
// which began to be worth a name; nothing at first. Ours are the roots of trees that
// are left out.
func (n *OtherProcesses) Since(now time.Time, ours ...int) []measure.OtherProcess {
	busy := n.compare(now, allRunning(), ours...)
	for i := range busy {
		busy[i].Name = system.NameOf(busy[i].PID)
	}
	return busy
}

func (n *OtherProcesses) compare(now time.Time, all map[int]activity, ours ...int) []measure.OtherProcess {
	before, over := n.before, now.Sub(n.at).Seconds()
	n.before, n.at = all, now
	if before == nil || over <= 0 {
		return nil
	}
	var busy []measure.OtherProcess
	for pid, process := range all {
		was := before[pid]
		if was.began != process.began {
			was = activity{} // it is new: all it did it did since
		}
		percent := 100 * (process.seconds - was.seconds) / over
		if percent < leastOtherProcess || descends(pid, all, ours) {
			continue
		}
		busy = append(busy, measure.OtherProcess{PID: pid, CPUPercentOfCore: percent})
	}
	slices.SortFunc(busy, func(a, b measure.OtherProcess) int {
		return cmp.Or(cmp.Compare(b.CPUPercentOfCore, a.CPUPercentOfCore), cmp.Compare(a.PID, b.PID))
	})
	return busy[:min(len(busy), mostOtherProcesses)]
}

// descends says whether a process is one of the roots, or comes from one.
func descends(pid int, all map[int]activity, roots []int) bool {
	for range len(all) + 1 { // processes that come and go can seem to form a ring
		if slices.Contains(roots, pid) {
			return true
		}
		process, ok := all[pid]
		if !ok || process.parent == pid {
			return false
		}
		pid = process.parent
	}
	return false
}
