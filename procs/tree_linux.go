package procs

import (
	"bytes"
	"os"
	"strconv"

	"github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/unix"
)

// tree reads a process and its descendants from the kernel's files, where
// gopsutil is slow or lacks the figure, and through gopsutil where it serves.
type tree struct {
	root    int
	began   uint64              // of the root, so that a pid used again is not taken for it
	members map[int]*member     // as of the last reading
	threads map[int]threadTimes // by thread id
}

// member is a process of the tree.
type member struct {
	process *process.Process
	began   uint64
}

// threadTimes is what /proc/PID/task/TID/schedstat says.
type threadTimes struct {
	ran   uint64 // ns on a CPU
	turns uint64 // times it was put on one
}

func newTree(root int) tree {
	t := tree{root: root, members: map[int]*member{}, threads: map[int]threadTimes{}}
	if stat, ok := readStat(root); ok {
		t.began = stat.began
	}
	return t
}

func (t *tree) read() (treeReading, bool) {
	var reading treeReading
	rootStat, ok := readStat(t.root)
	if !ok || rootStat.began != t.began || rootStat.state == 'Z' || rootStat.state == 'X' {
		return reading, false
	}
	pids := t.walk()
	seen := make(map[int]*member, len(pids))
	threads := make(map[int]threadTimes, len(t.threads))
	var rss, descriptors, switches float64
	rssKnown, descriptorsKnown := false, false
	first := len(t.threads) == 0
	for _, pid := range pids {
		stat, ok := readStat(pid)
		if !ok {
			continue // it ended between the walk and now
		}
		m := t.members[pid]
		if m == nil || m.began != stat.began {
			handle, err := process.NewProcess(int32(pid))
			if err != nil {
				continue
			}
			m = &member{process: handle, began: stat.began}
		}
		seen[pid] = m
		reading.cpu.user += (stat.user + stat.cuser) / ticksPerSecond
		reading.cpu.system += (stat.system + stat.csystem) / ticksPerSecond
		if exact, ok := cpuClock(pid); ok {
			// The ticks tell user from system, the clock how much in all.
			ticks := (stat.user + stat.system) / ticksPerSecond
			reading.cpu.user -= stat.user / ticksPerSecond
			reading.cpu.system -= stat.system / ticksPerSecond
			share := 0.5
			if ticks > 0 {
				share = stat.user / ticksPerSecond / ticks
			}
			reading.cpu.user += exact * share
			reading.cpu.system += exact * (1 - share)
		}
		if memory, err := m.process.MemoryInfo(); err == nil {
			rss, rssKnown = rss+float64(memory.RSS), true
		}
		if count, err := m.process.NumFDs(); err == nil {
			descriptors, descriptorsKnown = descriptors+float64(count), true
		}
		for _, tid := range taskIDs(pid) {
			now, ok := readSchedstat(pid, tid)
			if !ok {
				continue
			}
			threads[tid] = now
			before, known := t.threads[tid]
			if !known && !first {
				before = threadTimes{} // it is new: all it ran, it ran since
			}
			if known || !first {
				if now.ran >= before.ran {
					reading.hottestSeconds = max(reading.hottestSeconds, float64(now.ran-before.ran)/1e9)
				}
				if now.turns >= before.turns {
					switches += float64(now.turns - before.turns)
				}
			}
		}
	}
	t.members, t.threads = seen, threads
	reading.cpuKnown = true
	reading.hottestKnown = !first && len(threads) > 0
	reading.sample = Sample{
		Processes:       len(seen),
		RSSBytes:        Figure{rss, rssKnown},
		Threads:         Figure{float64(len(threads)), len(threads) > 0},
		FileDescriptors: Figure{descriptors, descriptorsKnown},
		ContextSwitches: Figure{switches, reading.hottestKnown},
	}
	return reading, true
}

// walk lists the root and its descendants.
func (t *tree) walk() []int {
	pids := []int{t.root}
	for i := 0; i < len(pids); i++ {
		for _, tid := range taskIDs(pids[i]) {
			text, err := os.ReadFile("/proc/" + strconv.Itoa(pids[i]) + "/task/" + strconv.Itoa(tid) + "/children")
			if err != nil {
				continue
			}
			for _, field := range bytes.Fields(text) {
				if pid, err := strconv.Atoi(string(field)); err == nil {
					pids = append(pids, pid)
				}
			}
		}
	}
	return pids
}

func taskIDs(pid int) []int {
	directory, err := os.Open("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, err := directory.Readdirnames(-1)
	if err != nil {
		return nil
	}
	ids := make([]int, 0, len(names))
	for _, name := range names {
		if id, err := strconv.Atoi(name); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func readSchedstat(pid, tid int) (threadTimes, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/task/" + strconv.Itoa(tid) + "/schedstat")
	if err != nil {
		return threadTimes{}, false
	}
	fields := bytes.Fields(text)
	if len(fields) < 3 {
		return threadTimes{}, false
	}
	ran, err := strconv.ParseUint(string(fields[0]), 10, 64)
	turns, err2 := strconv.ParseUint(string(fields[2]), 10, 64)
	return threadTimes{ran: ran, turns: turns}, err == nil && err2 == nil
}

// cpuClock is the CPU time of a process in seconds, to the ns: stat counts ticks
// of 10 ms, in which a window of 250 ms moves by steps of 4 points.
func cpuClock(pid int) (float64, bool) {
	// clock_getcpuclockid(3): the process's number inverted, and CPUCLOCK_SCHED.
	const sched = 2
	clock := int32(^uint32(pid)<<3 | sched)
	var spent unix.Timespec
	if unix.ClockGettime(clock, &spent) != nil {
		return 0, false
	}
	return float64(spent.Nano()) / 1e9, true
}
