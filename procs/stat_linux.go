package procs

import (
	"bytes"
	"os"
	"strconv"
)

// stat is what we need of /proc/PID/stat.
type stat struct {
	state          byte
	user, system   float64 // ticks
	cuser, csystem float64 // ticks of children that ended and were waited for
	began          uint64  // ticks after boot: with the pid it names a process for good
}

// ticksPerSecond is USER_HZ, 100 on every architecture that Go runs on.
const ticksPerSecond = 100

func readStat(pid int) (stat, bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
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
	number := func(field int) float64 {
		value, _ := strconv.ParseFloat(string(fields[field-3]), 64)
		return value
	}
	began, _ := strconv.ParseUint(string(fields[22-3]), 10, 64)
	return stat{
		state: fields[0][0],
		user:  number(14), system: number(15),
		cuser: number(16), csystem: number(17),
		began: began,
	}, true
}
