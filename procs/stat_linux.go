package procs

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// stat is what we need of /proc/PID/stat.
type stat struct {
	name                   string // the first 15 bytes of it
	state                  byte
	parent, group, session int
	user, system           float64 // ticks
	cuser, csystem         float64 // ticks of children that ended and were waited for
	threads                int
	began                  uint64 // ticks after boot: with the pid it names a process for good
}

// ended says that nothing of the process runs any more: a zombie, or less. The
// state is that of the first thread, which the others can outlive.
func (s stat) ended() bool { return s.state == 'X' || s.state == 'Z' && s.threads <= 1 }

// ticksPerSecond is USER_HZ, 100 on every architecture that Go runs on.
const ticksPerSecond = 100

func readStat(pid int) (stat, bool) { return newProcFiles().stat(pid) }

func (p *procFiles) stat(pid int) (stat, bool) {
	text, ok := p.read(unix.AT_FDCWD, procPath(pid, "stat"))
	if !ok {
		return stat{}, false
	}
	return parseStat(text)
}

// parseStat reads proc(5)'s fields; the second, the name, may hold anything.
func parseStat(text []byte) (stat, bool) {
	begin, end := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if begin < 0 || end < begin {
		return stat{}, false
	}
	var room [52][]byte
	all := fields(text[end+1:], room[:]) // all[0] is proc(5)'s field 3
	if len(all) < 20 || len(all[0]) != 1 {
		return stat{}, false
	}
	field := func(at int) uint64 {
		value, _ := number(all[at-3]) // the few that can be negative are 0 here
		return value
	}
	return stat{
		name:   string(text[begin+1 : end]),
		state:  all[0][0],
		parent: int(field(4)), group: int(field(5)), session: int(field(6)),
		user: float64(field(14)), system: float64(field(15)),
		cuser: float64(field(16)), csystem: float64(field(17)),
		threads: int(field(20)),
		began:   field(22),
	}, true
}
