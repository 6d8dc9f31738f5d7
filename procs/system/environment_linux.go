package system

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// Beginning is how far a process is on its way to the program that it is to run.
type Beginning int

const (
	// Begun: what its environment shows is its program's.
	Begun Beginning = iota
	// Forked: it is still a copy of this process, which started it, and shows its environment.
	Forked
	// BeginsProgram: the kernel is setting its program up, and shows no environment, or that of
	// the program before.
	BeginsProgram
)

// Environment is the environment that a process was started with, NAME=value with a NUL
// after each; of a process of another user nothing. Before it has begun, it says nothing
// of whose the process is.
func Environment(pid int) (text []byte, beginning Beginning) {
	files := NewFiles()
	before, ok := files.memoryOf(pid)
	text, err := os.ReadFile(Path(pid, "environ"))
	switch after, still := files.memoryOf(pid); {
	case errors.Is(err, fs.ErrPermission):
		return nil, Begun
	case ok && before == ownMemory() && after == before:
		return nil, Forked
	case err != nil || !ok || !still || before != after || before.environmentEnd == 0:
		return nil, BeginsProgram
	}
	return text, Begun
}

// memory is where in its memory the kernel put a program's arguments and environment,
// elsewhere with each exec; 0 until it has.
type memory struct{ arguments, environment, environmentEnd uint64 }

var ownMemory = sync.OnceValue(func() memory {
	own, _ := NewFiles().memoryOf(os.Getpid())
	return own
})

// memoryOf is that of a process; none of one that has ended.
func (p *Files) memoryOf(pid int) (memory, bool) {
	text, ok := p.Read(unix.AT_FDCWD, Path(pid, "stat"))
	if !ok {
		return memory{}, false
	}
	return parseMemory(text)
}

// parseMemory reads it out of /proc/PID/stat: proc(5)'s fields 48, 50 and 51.
func parseMemory(text []byte) (memory, bool) {
	var room [52][]byte
	all := Fields(text[bytes.LastIndexByte(text, ')')+1:], room[:]) // all[0] is field 3
	if len(all) < 49 {
		return memory{}, false
	}
	field := func(at int) uint64 {
		value, _ := Number(all[at-3])
		return value
	}
	return memory{field(48), field(50), field(51)}, true
}
