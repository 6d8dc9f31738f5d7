package procs

import (
	"fmt"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/process"
)

// Sampler reads a process tree over and over. It is safe for concurrent use.
type Sampler struct {
	mu   sync.Mutex
	root int
	port int
	last time.Time
	cpu  cpuTimes
	// hosts is what each core had done at the reading before.
	hosts []cpu.TimesStat
	tree  tree
}

// cpuTimes is the CPU time of a tree, in seconds.
type cpuTimes struct{ user, system float64 }

func (c cpuTimes) total() float64 { return c.user + c.system }

// NewSampler samples the tree under the process.
func NewSampler(pid int) (*Sampler, error) {
	if running, err := process.PidExists(int32(pid)); err != nil || !running {
		return nil, fmt.Errorf("there is no process %d", pid)
	}
	s := &Sampler{root: pid, tree: newTree(pid)}
	s.Sample() // what the first reading is compared with
	return s, nil
}

// WatchPort has the samples tell of the queue of the socket that listens there.
func (s *Sampler) WatchPort(port int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.port = port
}

// Sample reads the tree now. gone is true when the root process has ended.
func (s *Sampler) Sample() (sample Sample, gone bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	reading, ok := s.tree.read()
	if !ok {
		return Sample{}, true
	}
	sample = reading.sample
	sample.Over = now.Sub(s.last)
	if reading.cpuKnown {
		// The kernel's figures of a process that is just ending can step back.
		spent := cpuTimes{max(reading.cpu.user, s.cpu.user), max(reading.cpu.system, s.cpu.system)}
		sample.CPUTime = Of(spent.total())
		if over := sample.Over.Seconds(); !s.last.IsZero() && over > 0 {
			sample.UserPercentOfCore = Of(100 * (spent.user - s.cpu.user) / over)
			sample.SysPercentOfCore = Of(100 * (spent.system - s.cpu.system) / over)
			sample.CPUPercentOfCore = Of(sample.UserPercentOfCore.Value + sample.SysPercentOfCore.Value)
		}
		s.cpu = spent
	}
	if reading.hottestKnown && !s.last.IsZero() {
		sample.HottestThreadPercentOfCore = Of(100 * reading.hottestSeconds / sample.Over.Seconds())
	}
	if s.port != 0 {
		sample.AcceptQueue, sample.AcceptQueueLimit = acceptQueue(s.port)
	}
	sample.HostCPUPercent = s.hostPercent()
	s.last = now
	return sample, false
}

// treeReading is what a platform's tree tells at one moment.
type treeReading struct {
	sample         Sample // all but what follows from the time that passed
	cpu            cpuTimes
	cpuKnown       bool
	hottestSeconds float64 // the CPU time of the thread that used most, since the reading before
	hottestKnown   bool
}

// hostPercent is how busy each core was since the reading before; nil at first.
func (s *Sampler) hostPercent() []float64 {
	cores, err := cpu.Times(true)
	if err != nil {
		return nil
	}
	before := s.hosts
	s.hosts = cores
	if len(before) != len(cores) {
		return nil
	}
	busy := make([]float64, len(cores))
	for i := range cores {
		idle := cores[i].Idle + cores[i].Iowait - before[i].Idle - before[i].Iowait
		all := total(cores[i]) - total(before[i])
		if all > 0 {
			busy[i] = min(100, max(0, 100*(1-idle/all)))
		}
	}
	return busy
}

// total leaves guest time out: user time contains it.
func total(t cpu.TimesStat) float64 {
	return t.User + t.System + t.Idle + t.Nice + t.Iowait + t.Irq + t.Softirq + t.Steal
}
