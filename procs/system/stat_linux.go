package system

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// Stat is what we need of /proc/PID/stat.
type Stat struct {
	Name                   string // the first 15 bytes of it
	State                  byte
	Parent, Group, Session int
	User, System           float64 // ticks
	ChildUser, ChildSystem float64 // ticks of children that ended and were waited for
	Threads                int
	Began                  uint64 // ticks after boot: with the pid it names a process for good
}

// Ended says that nothing of the process runs any more: a zombie, or less. The
// State is that of the first thread, which the others can outlive.
func (s Stat) Ended() bool { return s.State == 'X' || s.State == 'Z' && s.Threads <= 1 }

// TicksPerSecond is USER_HZ, 100 on every architecture that Go runs on.
const TicksPerSecond = 100

// ReadStat reads /proc/PID/stat; false if the process is no more.
func ReadStat(pid int) (Stat, bool) { return NewFiles().Stat(pid) }

// Stat is the same for who reads many.
func (p *Files) Stat(pid int) (Stat, bool) {
	text, ok := p.Read(unix.AT_FDCWD, Path(pid, "stat"))
	if !ok {
		return Stat{}, false
	}
	return parseStat(text)
}

// parseStat reads proc(5)'s fields; the second, the name, may hold anything.
func parseStat(text []byte) (Stat, bool) {
	begin, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if begin < 0 || end < begin {
		return Stat{}, false
	}
	var room [52][]byte
	all := Fields(text[end+1:], room[:]) // all[0] is proc(5)'s field 3
	if len(all) < 20 || len(all[0]) != 1 {
		return Stat{}, false
	}
	field := func(at int) uint64 {
		value, _ := Number(all[at-3]) // the few that can be negative are 0 here
		return value
	}
	return Stat{
		Name:   string(text[begin+1 : end]),
		State:  all[0][0],
		Parent: int(field(4)), Group: int(field(5)), Session: int(field(6)),
		User: float64(field(14)), System: float64(field(15)),
		ChildUser: float64(field(16)), ChildSystem: float64(field(17)),
		Threads: int(field(20)),
		Began:   field(22),
	}, true
}

// Processes reads all processes of the machine that began at or after the
// time: a descendant is never older.
func Processes(ticks uint64) map[int]Stat {
	directory, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(directory)
	files := NewFiles()
	found := make(map[int]Stat)
	for _, pid := range files.Numbers(directory) {
		if stat, ok := files.Stat(pid); ok && stat.Began >= ticks {
			found[pid] = stat
		}
	}
	return found
}
