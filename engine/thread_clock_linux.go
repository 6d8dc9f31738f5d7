package engine

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// threadSource is a thread's schedstat: its time on a CPU and in the run queue, ns.
type threadSource struct{ file *os.File }

func openOwnThread() (threadSource, bool) { return openThread(strconv.Itoa(unix.Gettid())) }

func openThread(id string) (threadSource, bool) {
	file, err := os.Open("/proc/self/task/" + id + "/schedstat")
	return threadSource{file}, err == nil
}

func (s threadSource) read() (scheduled, bool) {
	var text [64]byte
	n, err := s.file.ReadAt(text[:], 0)
	if n == 0 && err != nil {
		return scheduled{}, false
	}
	fields := bytes.Fields(text[:n])
	if len(fields) < 2 {
		return scheduled{}, false
	}
	onCPU, bad := strconv.ParseInt(string(fields[0]), 10, 64)
	queued, worse := strconv.ParseInt(string(fields[1]), 10, 64)
	return scheduled{time.Duration(onCPU), time.Duration(queued)}, bad == nil && worse == nil && onCPU > 0 // all 0: the kernel keeps no account
}

func (s threadSource) close() { s.file.Close() }

// processClock reads how all threads of this process fare with the scheduler.
type processClock struct{ threads map[string]scheduled }

// growth is what has come since the last time. Threads that have ended since then are
// lost with it.
func (c *processClock) growth() (scheduled, bool) {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return scheduled{}, false
	}
	now := make(map[string]scheduled, len(tasks))
	var grown scheduled
	for _, task := range tasks {
		source, open := openThread(task.Name())
		if !open {
			continue
		}
		s, known := source.read()
		source.close()
		if !known {
			continue
		}
		now[task.Name()] = s
		before := c.threads[task.Name()]
		grown.onCPU += max(0, s.onCPU-before.onCPU)
		grown.queued += max(0, s.queued-before.queued)
	}
	first := c.threads == nil
	c.threads = now
	return grown, !first && len(now) > 0
}
