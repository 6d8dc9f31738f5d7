package runtimes

import (
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/procs/system"
)

// compilerThreads reads what the compilers of a virtual machine use, from their threads.
// The VM's own counter tells how long compilations took, which beside a full machine is
// several times the CPU that they had, and it moves only as each of them ends.
type compilerThreads struct {
	at      time.Time
	threads map[int]compilerThread
}

// compilerThread is a thread of a virtual machine, one of its compilers or not.
type compilerThread struct {
	compiles bool
	named    bool // its name was read when it was no longer new
	ran      uint64
}

// since is how many cores the compilers kept busy since the call before; not known at
// the first.
func (c *compilerThreads) since(pid int, now time.Time) (cores float64, known bool) {
	threads := make(map[int]compilerThread, len(c.threads))
	var ran uint64
	for _, tid := range system.ThreadsOf(pid) {
		directory := "task/" + strconv.Itoa(tid) + "/"
		one, old := c.threads[tid]
		if !one.named { // a thread gets its name a moment after it began
			name, err := os.ReadFile(system.Path(pid, directory+"comm"))
			if err != nil {
				continue // it has ended
			}
			one.compiles, one.named = isCompiler(string(name)), old
		}
		if one.compiles {
			var room [3][]byte
			text, err := os.ReadFile(system.Path(pid, directory+"schedstat"))
			if err != nil {
				continue
			}
			fields := system.Fields(text, room[:])
			if len(fields) == 0 {
				continue
			}
			if total, ok := system.Number(fields[0]); ok {
				if total < one.ran { // another thread has its number
					one.ran = 0
				}
				ran += total - one.ran
				one.ran, known = total, true
			}
		}
		threads[tid] = one
	}
	began := c.at
	c.at, c.threads = now, threads
	if began.IsZero() || !now.After(began) {
		return 0, false
	}
	return float64(ran) / float64(now.Sub(began)), known
}

// isCompiler goes by how HotSpot names its compilers' threads, of which the kernel keeps
// 15 bytes.
func isCompiler(thread string) bool {
	for _, begins := range []string{"C1 Compiler", "C2 Compiler", "JVMCI"} {
		if strings.HasPrefix(thread, begins) {
			return true
		}
	}
	return false
}
