package procs

import (
	"bytes"
	"os"
	"strconv"
)

// stat is what we need of /proc/PID/stat.
type stat struct {
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

func readStat(pid int) (stat, bool) {
	text, err := os.ReadFile(procPath(pid, "stat"))
	if err != nil {
		return stat{}, false
	}
	return parseStat(text)
}

// parseStat reads proc(5)'s fields; the second, the name, may hold anything.
func parseStat(text []byte) (stat, bool) {
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return stat{}, false
	}
	fields := bytes.Fields(text[end+1:]) // fields[0] is proc(5)'s field 3
	if len(fields) < 20 || len(fields[0]) != 1 {
		return stat{}, false
	}
	number := func(field int) int64 {
		value, _ := strconv.ParseInt(string(fields[field-3]), 10, 64)
		return value
	}
	return stat{
		state:  fields[0][0],
		parent: int(number(4)), group: int(number(5)), session: int(number(6)),
		user: float64(number(14)), system: float64(number(15)),
		cuser: float64(number(16)), csystem: float64(number(17)),
		threads: int(number(20)),
		began:   uint64(number(22)),
	}, true
}

func procPath(pid int, file string) string { return "/proc/" + strconv.Itoa(pid) + "/" + file }
