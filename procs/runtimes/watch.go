package runtimes

import (
	"slices"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
)

// pollEvery is the time between two looks at the counters of a virtual machine, and at
// the run queue of a program in Go. The former keep the beginning and the end of the last
// pause alone: of two between two looks the first is but counted.
const pollEvery = 50 * time.Millisecond

// Watch follows the runtimes of a server's processes. It is safe for concurrent use.
type Watch struct {
	mu       sync.Mutex
	programs *Programs
	known    map[int]*process
	stop     chan struct{} // closed by Stop
	done     chan struct{} // closed when nothing is polled any more; nil before the first runtime
	ended    bool
}

// NewWatch follows nobody yet. The programs in Go that it meets it looks up in programs,
// which may be nil.
func NewWatch(programs *Programs) *Watch {
	return &Watch{programs: programs, known: map[int]*process{}, stop: make(chan struct{})}
}

// Follow says of which processes the server consists now, and whether a load is measured.
// It looks at each once, and again when it has become another program; what would take
// time it does where nothing is measured.
func (w *Watch) Follow(pids []int, measured bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return
	}
	for pid, one := range w.known {
		if !slices.Contains(pids, pid) {
			one.close()
			delete(w.known, pid)
		}
	}
	for _, pid := range pids {
		one := w.known[pid]
		if one == nil {
			one = &process{pid: pid}
			w.known[pid] = one
		}
		one.look(time.Now(), w.programs, measured)
		if (one.jvm != nil || one.queue != nil) && w.done == nil {
			w.done = make(chan struct{})
			crash.Go(w.poll)
		}
	}
}

func (w *Watch) poll() {
	defer close(w.done)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-tick.C:
			w.mu.Lock()
			for _, one := range w.known {
				one.read()
			}
			w.mu.Unlock()
		}
	}
}

// Since is what the runtimes told since the call before.
func (w *Watch) Since() measure.Runtime {
	if w == nil {
		return measure.Runtime{}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	var all measure.Runtime
	now := time.Now()
	for _, one := range w.known {
		one.read()
		all = all.Merge(one.told(now))
	}
	return all
}

// Stop ends it, and waits for that.
func (w *Watch) Stop() {
	if w == nil {
		return
	}
	w.mu.Lock()
	if !w.ended {
		w.ended = true
		close(w.stop)
	}
	done := w.done
	w.mu.Unlock()
	if done != nil {
		<-done
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, one := range w.known {
		one.close()
	}
	clear(w.known)
}
