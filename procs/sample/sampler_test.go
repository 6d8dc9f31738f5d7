//go:build unix

package sample

import (
	"math"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

func sampler(t testing.TB, pid int) *Sampler {
	t.Helper()
	s, err := NewSampler(pid)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWholeTreeIsSampled(t *testing.T) {
	child := proctest.Start(t, proctest.Forks, proctest.Options{Workers: 3})
	child.Await(t, "ready")
	sample, gone := sampler(t, child.PID()).Sample()
	if gone || sample.Processes != 4 {
		t.Fatalf("gone %v, %d processes; want 4", gone, sample.Processes)
	}
	for name, figure := range map[string]figure.Value{
		"RSS": sample.RSSBytes, "threads": sample.Threads, "CPU time": sample.CPUTime,
	} {
		if !figure.Known || figure.Value <= 0 {
			t.Errorf("%s: %+v", name, figure)
		}
	}
	var sum float64
	for i, one := range sample.ByProcess {
		sum += one.RSSBytes.Value
		if one.Name == "" || i > 0 && one.RSSBytes.Value > sample.ByProcess[i-1].RSSBytes.Value {
			t.Errorf("process %d of those by memory: %+v", i, sample.ByProcess)
		}
	}
	if len(sample.ByProcess) != 4 || sum != sample.RSSBytes.Value {
		t.Errorf("the processes hold %v bytes together, the tree %v: %+v", sum, sample.RSSBytes.Value, sample.ByProcess)
	}
	if sample.Threads.Value < 4 || sample.RSSBytes.Value < 4*1e6 {
		t.Errorf("%v threads and %v bytes in 4 processes", sample.Threads.Value, sample.RSSBytes.Value)
	}
	if sample.AcceptQueue.Known || sample.AcceptQueueLimit.Known || sample.HostListenOverflows.Known {
		t.Error("there is an accept queue, but no port")
	}
}

func TestLateForkIsSampled(t *testing.T) {
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c", `trap 'sleep 300 & echo forked' USR1; echo ready; while :; do sleep 0.01; done`}})
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	before := len(members(t, s))
	_ = syscall.Kill(child.PID(), syscall.SIGUSR1)
	child.Await(t, "forked")
	proctest.Until(t, "one more process", func() bool { return len(members(t, s)) > before })
}

// members are what stays in the tree: short-lived ones pass by between two looks.
func members(t *testing.T, s *Sampler) []int {
	t.Helper()
	first, gone := s.Sample()
	second, _ := s.Sample()
	if gone {
		t.Fatal("the tree is gone")
	}
	return make([]int, min(first.Processes, second.Processes))
}

func TestSamplerTellsTheEnd(t *testing.T) {
	child := proctest.Start(t, proctest.WaitsForTerm)
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	if err := child.Stop(t.Context(), proctest.Patience); err != nil {
		t.Fatal(err)
	}
	if sample, gone := s.Sample(); !gone {
		t.Errorf("the process has ended, and the sample is %+v", sample)
	}
	if _, err := NewSampler(child.PID()); err == nil {
		t.Error("an ended process can be sampled")
	}
}

// CPU of workers that come and go counts once: while they run, and not again when
// the kernel adds it to their parent. The oracle is what wait(2) tells at the end.
func TestTimeOfEndedWorkersCountsOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	before := proctest.Usage(syscall.RUSAGE_CHILDREN)
	child := proctest.Start(t, proctest.RunsShortWorkers, proctest.Options{For: 150 * time.Millisecond})
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	first, _ := s.Sample()
	last, added := first, 0.0
	for worked := false; !worked; {
		worked = slices.Contains(child.Lines(), "worked")
		time.Sleep(3 * time.Millisecond)
		now, gone := s.Sample()
		if gone {
			t.Fatal("it ended")
		}
		if now.CPUPercentOfCore.Value < 0 || now.CPUTime.Value < last.CPUTime.Value {
			t.Fatalf("from %v s to %v s of CPU: %v %%", last.CPUTime.Value, now.CPUTime.Value, now.CPUPercentOfCore.Value)
		}
		added += now.CPUPercentOfCore.Value / 100 * now.Over.Seconds()
		last = now
	}
	if got := last.CPUTime.Value - first.CPUTime.Value; math.Abs(got-added) > 1e-6 {
		t.Errorf("the percentages add up to %v s, the time to %v s", added, got)
	}
	if err := child.Stop(t.Context(), proctest.Patience); err != nil {
		t.Fatal(err)
	}
	want := (proctest.Usage(syscall.RUSAGE_CHILDREN) - before).Seconds()    // the guard's few ms among it
	if runtime.GOOS == "linux" && math.Abs(last.CPUTime.Value-want) > 0.1 { // a worker used 0.15
		t.Errorf("%v s of CPU were sampled; wait(2) tells %v s", last.CPUTime.Value, want)
	}
}

func TestGrowingMemoryIsSeen(t *testing.T) {
	child := proctest.Start(t, proctest.TakesMemory)
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	child.Await(t, "leaked")
	sample, _ := s.Sample()
	if sample.RSSBytes.Value < 64<<20 {
		t.Errorf("%v bytes, after 64 MB were written to", sample.RSSBytes)
	}
	if peak := sample.PeakRSSBytes; peak.Known && peak.Value < sample.RSSBytes.Value*0.99 {
		t.Errorf("the peak of %v is below the %v bytes of now", peak.Value, sample.RSSBytes.Value)
	}
}

func TestSharedSamplerIsSafe(t *testing.T) {
	s := sampler(t, os.Getpid())
	done := make(chan bool)
	for range 2 {
		go func() {
			for range 20 {
				s.Sample()
				s.WatchPort(1)
			}
			done <- true
		}()
	}
	<-done
	<-done
}
