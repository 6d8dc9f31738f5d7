package machine

import (
	"fmt"
	"net"
	"os"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/runtimes"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

// Ability is something about servers that can, or can't, be seen or done on this machine.
type Ability struct {
	Name string `json:"name"` // in plain words
	Here bool   `json:"here"`
}

// sampled is a sample of this process; where there is no /proc nothing is known in it.
func sampled(port int) (seen measure.Sample) {
	sampler, err := sample.NewSampler(os.Getpid())
	if err != nil {
		return seen
	}
	sampler.WatchPort(port)
	const enough = 20 * time.Millisecond // for a percentage to be known
	time.Sleep(enough)
	seen, _ = sampler.Sample()
	return seen
}

// Abilities tries out what can be read here: it samples this process, with a
// listening socket of its own.
func Abilities() ([]Ability, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("try what can be seen of a server: %w", err)
	}
	defer listener.Close()
	sample := sampled(listener.Addr().(*net.TCPAddr).Port)
	_, stalls := system.MemoryStall()
	return []Ability{
		{"CPU of the server's processes", sample.CPUPercentOfCore.Known},
		{"its hottest thread", sample.HottestThreadPercentOfCore.Known},
		{"threads that wait for a CPU", sample.RunQueueWaitPercent.Known},
		{"memory", sample.RSSBytes.Known},
		{"peak memory", sample.PeakRSSBytes.Known},
		{"threads", sample.Threads.Known},
		{"open files", sample.FileDescriptors.Known},
		{"context switches", sample.ContextSwitches.Known},
		{"accept queue and its limit", sample.AcceptQueue.Known && sample.AcceptQueueLimit.Known},
		{"overflows of accept queues", sample.HostListenOverflows.Known},
		{"event loops of Node servers", procs.CanProbeEventLoops},
		{"run queues of Go servers, in their memory", runtimes.ReadsMemoryOfDescendants()},
		{"CPU by core", len(sample.HostCPUPercent) > 0},
		{"steal", sample.HostStealPercent.Known},
		{"memory pressure", stalls},
		{"server and load on CPUs of their own", system.AllowedCPUs() != nil},
	}, nil
}
