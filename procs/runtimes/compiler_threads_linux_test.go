package runtimes

import (
	"math"
	"os"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// busyThread burns a thread's CPU under a name, and says how much it had used whenever it
// has used more.
type busyThread struct {
	burn chan time.Duration // how much more it is to use
	used chan time.Duration
}

func newBusyThread(t *testing.T, name string) busyThread {
	t.Helper()
	b := busyThread{make(chan time.Duration), make(chan time.Duration)}
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with its name
		text := append([]byte(name), 0)
		if err := unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&text[0])), 0, 0, 0); err != nil {
			t.Error(err)
		}
		for more := range b.burn {
			until := threadTime() + more
			for threadTime() < until {
			}
			b.used <- threadTime()
		}
		close(b.used)
	}()
	t.Cleanup(func() {
		close(b.burn)
		<-b.used
	})
	return b
}

func threadTime() time.Duration {
	var at unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &at)
	return time.Duration(at.Nano())
}

// What compilers take is their threads' CPU and nobody else's, whether they stand in line
// for it or not.
func TestCompilersTakeWhatTheirThreadsUse(t *testing.T) {
	first, second := newBusyThread(t, "C1 CompilerThread0"), newBusyThread(t, "C2 CompilerThread0")
	worker := newBusyThread(t, "G1 Conc#0")
	for _, one := range []busyThread{first, second, worker} {
		one.burn <- time.Millisecond
		<-one.used
	}
	var c compilerThreads
	start := time.Now()
	if cores, known := c.since(os.Getpid(), start); known {
		t.Errorf("%v cores before anything is known", cores)
	}
	for _, one := range []busyThread{first, second, worker} {
		one.burn <- 50 * time.Millisecond
		<-one.used
	}
	// That it took a second is what we say: the machine may have taken any time.
	cores, known := c.since(os.Getpid(), start.Add(time.Second))
	if !known || math.Abs(cores-0.1) > 0.02 {
		t.Errorf("%v cores (known: %v), want two threads' 50 ms in a second", cores, known)
	}
	if cores, known := c.since(os.Getpid(), start.Add(2*time.Second)); !known || cores > 0.02 {
		t.Errorf("%v cores (known: %v) where they did nothing", cores, known)
	}
}

func TestProcessWithoutCompilersHasNoneTold(t *testing.T) {
	var c compilerThreads
	now := time.Now()
	c.since(1<<30, now)
	if cores, known := c.since(1<<30, now.Add(time.Second)); known {
		t.Errorf("%v cores of a process that is not there", cores)
	}
}
