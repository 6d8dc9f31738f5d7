package sample

import (
	"github.com/benchtui/benchtui/procs/system"
	"github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/unix"
)

// member is a process of the tree, as of the last reading.
type member struct {
	process *process.Process
	began   uint64
	parent  int
	own     cpuTimes // of the process itself
	ended   cpuTimes // of its children that ended and that it waited for
	owed    cpuTimes // what was counted of ended children, but not told by ended yet; see settle
}

// measure takes the member's CPU times from its stat and its CPU clock.
func (m *member) measure(pid int, stat system.Stat) {
	m.parent = stat.Parent
	m.own = cpuTimes{stat.User / system.TicksPerSecond, stat.System / system.TicksPerSecond}
	m.ended = cpuTimes{stat.ChildUser / system.TicksPerSecond, stat.ChildSystem / system.TicksPerSecond}
	// The ticks tell user from system, the clock how much in all.
	exact, ok := cpuClock(pid)
	switch ticks := m.own.total(); {
	case !ok:
	case ticks == 0:
		m.own = cpuTimes{exact / 2, exact / 2}
	default:
		m.own = cpuTimes{exact * m.own.user / ticks, exact * m.own.system / ticks}
	}
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

// spent is the CPU time of the tree since the reading before: of those that run,
// and of those that ended, which the kernel adds to who waited for them. Of the
// latter the part that was counted while they ran is taken off again.
func spent(before, now map[int]*member) cpuTimes {
	var sum cpuTimes
	told := make(map[int]cpuTimes) // what ended tells of anew
	for pid, m := range now {
		was := before[pid]
		if was == nil || was.began != m.began {
			was = &member{}
		}
		sum = sum.plus(m.own.since(was.own))
		told[pid] = m.ended.since(was.ended)
		m.owed = was.owed
	}
	for pid, m := range before {
		if after := now[pid]; after != nil && after.began == m.began {
			continue
		}
		if heir := survivor(m.parent, before, now); heir != 0 {
			told[heir] = told[heir].minus(m.own.plus(m.ended))
		}
	}
	for pid, more := range told {
		sum = sum.plus(now[pid].settle(more))
	}
	return sum
}

// survivor is the nearest ancestor that still runs: it has the times of all below
// that ended in between. 0 if there is none.
func survivor(pid int, before, now map[int]*member) int {
	for range len(before) + 1 {
		if now[pid] != nil {
			return pid
		}
		if before[pid] == nil {
			return 0
		}
		pid = before[pid].parent
	}
	return 0
}

// settle returns how much of the time that ended children are told to have used
// was not counted before. It is never negative: the rest is owed. A child can end
// after its parent was read and before it would be read itself; the parent tells
// of it at the next reading, and what is still owed then, above the rounding of
// the kernel's ticks, is the time of children nobody waited for, which the kernel
// forgets.
func (m *member) settle(more cpuTimes) cpuTimes {
	balance := m.owed.plus(more)
	m.owed = cpuTimes{owed(balance.user, more.user), owed(balance.system, more.system)}
	return cpuTimes{max(0, balance.user), max(0, balance.system)}
}

// owed is what is left of a negative balance: all of what this reading added to
// it, and of the earlier part no more than the rounding.
func owed(balance, more float64) float64 {
	const rounding = -2.0 / system.TicksPerSecond
	return max(rounding+min(0, more), min(0, balance))
}
