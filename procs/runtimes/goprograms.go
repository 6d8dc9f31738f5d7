package runtimes

import (
	"debug/buildinfo"
	"errors"
	"os"
	"sync"
	"time"
)

// Programs are the programs in Go whose debug data was read: that of a large one takes a
// second, and every round starts the same. The zero value knows none yet, a nil one keeps
// none. It is safe for concurrent use.
type Programs struct {
	mu    sync.Mutex
	known map[fileID]goProgram
}

// fileID is a file as long as nobody writes to it.
type fileID struct {
	device, file  uint64
	size, changed int64
}

// goProgram is what came of reading one.
type goProgram struct {
	layout *goLayout
	err    error
}

// mostPrograms bounds how many are kept.
const mostPrograms = 1000

// errUnread is that a program is not read now.
var errUnread = errors.New("it began while the load was measured, when no program is read")

// of reads a program, or knows it; one that is not known is not read while a load is
// measured.
func (p *Programs) of(file *os.File, measured bool) (*goLayout, error) {
	id, err := idOf(file)
	if err != nil {
		return nil, errDebugData
	}
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		if one, ok := p.known[id]; ok {
			return one.layout, one.err
		}
	}
	if measured {
		return nil, errUnread
	}
	var one goProgram
	one.layout, one.err = readGoLayout(file)
	if p != nil {
		if p.known == nil || len(p.known) >= mostPrograms {
			p.known = map[fileID]goProgram{}
		}
		p.known[id] = one
	}
	return one.layout, one.err
}

// TellsInMemory says that the run queue of a program in Go can be read from its memory
// once it runs, as a descendant of this process. It reads the program.
func (p *Programs) TellsInMemory(path string) bool {
	if !ReadsMemoryOfDescendants() {
		return false
	}
	// The command go starts a program that it builds without debug data.
	if info, err := buildinfo.ReadFile(path); err != nil || info.Path == "cmd/go" {
		return false
	}
	file, err := os.Open(path)
	if err != nil {
		return false
	}
	defer file.Close()
	layout, err := p.of(file, false)
	return err == nil && layout != nil
}

// lookForQueue looks for the run queue of a process that runs a program in Go.
func (p *process) lookForQueue(programs *Programs, measured bool) {
	if p.queue != nil || p.untold == nil || p.untold.Name != Go {
		return
	}
	p.unread = ""
	queue, err := openGoQueue(p.pid, programs, measured)
	switch {
	case errors.Is(err, errUnread):
		p.unread = err.Error()
		return
	case errors.Is(err, errGone):
		return
	case err != nil:
		queue = &goQueue{lacks: err.Error()}
	}
	queue.asked = time.Now()
	p.queue = queue
}
