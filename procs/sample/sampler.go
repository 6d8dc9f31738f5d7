package sample

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v3/process"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// Sampler reads a process tree over and over. It is safe for concurrent use.
type Sampler struct {
	mu       sync.Mutex
	root     int
	port     int
	last     time.Time
	spent    cpuTimes // by the tree since it began
	host     hostWatch
	counters *listenCounters // at the sample before; nil if unknown
	tree     *tree
	quota    cpuQuota
	room     heapRoom
	roots    []int // of the processes that serve; nil: the root
	replies  bool  // look for those that are held back
}

// NewSampler samples the tree under the process.
func NewSampler(pid int) (*Sampler, error) {
	if running, err := process.PidExists(int32(pid)); err != nil || !running {
		return nil, fmt.Errorf("there is no process %d", pid)
	}
	s := &Sampler{root: pid, tree: newTree(pid)}
	s.host.mark = func(all []measure.OtherProcess) { markBackends(all, s.tree.pids(), s.port) }
	s.Sample() // what the first reading is compared with
	return s, nil
}

// WatchPort has the samples tell of the queue of the socket that listens there,
// and of the kernel's counters of such queues.
func (s *Sampler) WatchPort(port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.port = port
	if counters, ok := readListenCounters(s.root); ok {
		s.counters = &counters
	}
}

// Follow has the samples tell of these processes and their descendants, which serve,
// instead of the one that was started.
func (s *Sampler) Follow(roots []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(roots) == 0 || slices.Equal(roots, s.roots) {
		return
	}
	s.roots = slices.Clone(roots)
	if len(roots) == 1 && roots[0] == s.root && s.tree.is(s.root) {
		return
	}
	s.tree.follow(roots)
}

// PIDs are the processes of the tree as of the last reading; where a platform does not
// tell them, those that are followed.
func (s *Sampler) PIDs() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch pids := s.tree.pids(); {
	case len(pids) > 0:
		return pids
	case len(s.roots) > 0:
		return slices.Clone(s.roots)
	}
	return []int{s.root}
}

// WatchReplies has the samples count replies that are held back, or not: it costs up
// to 2 ms with a thousand connections.
func (s *Sampler) WatchReplies(look bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.replies = look
}

// treeReading is what a platform's tree tells at one moment.
type treeReading struct {
	sample     measure.Sample // all but what follows from the time that passed
	spent      cpuTimes       // since the reading before; in the first, since the tree began
	spentKnown bool
	hottest    figure.Value // CPU seconds of the thread that used most, since the reading before
	waited     figure.Value // seconds that threads waited for a CPU, since the reading before
}

// Sample reads the tree now. gone is true when the root process has ended.
func (s *Sampler) Sample() (sample measure.Sample, gone bool) { return s.sample(false) }

// SampleWhole is Sample where time does not matter: nothing in it is held from before,
// the memory that processes share among it.
func (s *Sampler) SampleWhole() (sample measure.Sample, gone bool) { return s.sample(true) }

func (s *Sampler) sample(whole bool) (sample measure.Sample, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	reading, ok := s.tree.read(whole)
	if !ok {
		return measure.Sample{}, true
	}
	sample = reading.sample
	over := now.Sub(s.last)
	if s.last.IsZero() {
		over = 0
	}
	s.last = now
	sample.Over = over
	if reading.spentKnown {
		s.spent = s.spent.plus(reading.spent)
		sample.CPUTime = figure.Of(s.spent.total())
	}
	if over > 0 {
		percent := func(seconds float64) figure.Value { return figure.Of(100 * seconds / over.Seconds()) }
		if reading.spentKnown {
			sample.UserPercentOfCore = percent(reading.spent.user)
			sample.SysPercentOfCore = percent(reading.spent.system)
			sample.CPUPercentOfCore = percent(reading.spent.total())
		}
		if reading.hottest.Known {
			// The kernel brings a thread's time up to date at its ticks: a reading
			// can have a few ms of the one before.
			sample.HottestThreadPercentOfCore = figure.Of(min(100, percent(reading.hottest.Value).Value))
		}
		if reading.waited.Known {
			sample.RunQueueWaitPercent = percent(reading.waited.Value)
		}
	}
	if s.port != 0 {
		sample.AcceptQueue, sample.AcceptQueueLimit, sample.Listeners = acceptQueue(s.port)
		if s.replies {
			sample.RepliesHeld = system.HeldReplies(s.port)
		}
		s.count(&sample)
	}
	server := s.root
	if len(s.roots) > 0 {
		server = s.roots[0]
	}
	s.quota.into(&sample, server)
	sample.HeapRoomBytes = s.room.of(server)
	s.host.into(&sample, now, append([]int{s.root}, s.roots...), s.spent.total())
	return sample, false
}

// count sets how far the kernel's counters went since the sample before.
func (s *Sampler) count(sample *measure.Sample) {
	now, ok := readListenCounters(s.root)
	if !ok {
		s.counters = nil
		return
	}
	if before := s.counters; before != nil {
		sample.HostListenOverflows = figure.Of(max(0, now.overflows-before.overflows))
		sample.HostListenDrops = figure.Of(max(0, now.drops-before.drops))
		sample.HostSYNRetransmits = figure.Of(max(0, now.synRetries-before.synRetries))
	}
	s.counters = &now
}
