package sample

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
)

// A thread that spins either runs or waits for a CPU, however busy the machine.
func TestHottestThreadIsTheOneThatBurns(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
		child := proctest.Start(t, proctest.BurnsCPU)
		child.Await(t, "ready")
		s := sampler(t, child.PID())
		time.Sleep(300 * time.Millisecond) // what is measured
		sample, _ := s.Sample()
		cpu, hottest := sample.CPUPercentOfCore.Value, sample.HottestThreadPercentOfCore.Value
		if !sample.HottestThreadPercentOfCore.Known || hottest > 100 || hottest < 0.85*cpu-5 || hottest > cpu+5 {
			t.Errorf("the hottest thread uses %+v, the process %+v %% of a core", sample.HottestThreadPercentOfCore, sample.CPUPercentOfCore)
		}
		if busy := cpu + sample.RunQueueWaitPercent.Value; busy < 85 {
			t.Errorf("it ran %.0f %% and waited %+v: less than all the time", cpu, sample.RunQueueWaitPercent)
		}
		if user := sample.UserPercentOfCore.Value; user < 0.8*cpu-10 { // ticks of 10 ms, of which it may have had few
			t.Errorf("%.0f of %.0f %% are user time", user, cpu)
		}
		if len(sample.HostCPUPercent) == 0 || !sample.HostStealPercent.Known {
			t.Errorf("of the host it tells %v, steal %+v", sample.HostCPUPercent, sample.HostStealPercent)
		}
		if !sample.PeakRSSBytes.Known || !sample.FileDescriptors.Known || !sample.ContextSwitches.Known {
			t.Errorf("figures are missing: %+v", sample)
		}
	})
}

func TestQuietServerUsesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	measuretest.Undisturbed(t, 100*time.Millisecond, func(t testing.TB) {
		child := proctest.Start(t, proctest.WaitsForTerm)
		child.Await(t, "ready")
		s := sampler(t, child.PID())
		time.Sleep(200 * time.Millisecond) // what is measured
		if sample, _ := s.Sample(); sample.CPUPercentOfCore.Value > 10 || !sample.CPUPercentOfCore.Known {
			t.Errorf("a server at rest uses %+v %% of a core", sample.CPUPercentOfCore)
		}
	})
}

func TestOrphanStaysInTheTree(t *testing.T) {
	child := proctest.StartCommand(t, procs.Command{Path: "/bin/sh", Args: []string{"-c",
		`sh -c 'echo pid $$; sleep 300 & echo pid $!; echo ready; wait' & exec sleep 300`}})
	child.Await(t, "ready")
	middle, leaf := child.PIDs()[1], child.PIDs()[2]
	s := sampler(t, child.PID())
	if s.tree.members[leaf] == nil {
		t.Fatalf("the tree is %v, without %d", s.tree.members, leaf)
	}
	if err := syscall.Kill(middle, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	proctest.Until(t, "the end of its parent", func() bool { s.Sample(); return !proctest.Running(middle) })
	if s.Sample(); s.tree.members[leaf] == nil {
		t.Error("who lost its parent is not in the tree any more")
	}
}

func TestTreeWithoutTheKernelsListOfChildren(t *testing.T) {
	child := proctest.Start(t, proctest.Forks, proctest.Options{Workers: 2})
	child.Await(t, "ready")
	s := sampler(t, child.PID())
	for _, s.tree.lists = range []bool{true, false} {
		if sample, gone := s.Sample(); gone || sample.Processes != 3 {
			t.Errorf("with the list %v: %d processes, gone %v", s.tree.lists, sample.Processes, gone)
		}
	}
}

func TestAcceptQueueIsSeen(t *testing.T) {
	for name, family := range map[string]int{"IPv4": unix.AF_INET, "IPv6": unix.AF_INET6} {
		t.Run(name, func(t *testing.T) {
			const backlog = 4
			port := listenWith(t, family, backlog)
			s := sampler(t, os.Getpid())
			s.WatchPort(port)
			s.Sample()
			// A busy kernel may take some time for what knocks.
			for queued := range backlog + 1 { // it takes one more than its limit
				proctest.Until(t, fmt.Sprintf("a queue of %d of %d", queued, backlog), func() bool {
					sample, _ := s.Sample()
					return sample.AcceptQueue == figure.Of(float64(queued)) && sample.AcceptQueueLimit == figure.Of(backlog)
				})
				knock(t, family, port)
			}
			proctest.Until(t, "a full queue", func() bool {
				sample, _ := s.Sample()
				return sample.AcceptQueue == figure.Of(backlog+1)
			})
			for range 3 {
				knock(t, family, port)
			}
			overflows := 0.0
			proctest.Until(t, "3 overflows", func() bool {
				sample, _ := s.Sample()
				overflows += sample.HostListenOverflows.Value
				return overflows >= 3
			})
		})
	}
}

func TestPortWithoutListenerHasNoQueue(t *testing.T) {
	port, err := procs.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	if length, limit, _ := acceptQueue(port); length.Known || limit.Known {
		t.Errorf("its queue is %+v of %+v", length, limit)
	}
}

// listenWith listens on loopback and never accepts.
func listenWith(t *testing.T, family, backlog int) (port int) {
	t.Helper()
	socket, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { unix.Close(socket) })
	if err := unix.Bind(socket, loopback(family, 0)); err != nil {
		t.Skip(err)
	}
	if err := unix.Listen(socket, backlog); err != nil {
		t.Fatal(err)
	}
	switch address, _ := unix.Getsockname(socket); address := address.(type) {
	case *unix.SockaddrInet4:
		return address.Port
	case *unix.SockaddrInet6:
		return address.Port
	}
	t.Fatal("no port")
	return 0
}

// knock connects without waiting for an answer.
func knock(t *testing.T, family, port int) {
	t.Helper()
	socket, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(socket) })
	if err := unix.Connect(socket, loopback(family, port)); err != nil && err != unix.EINPROGRESS {
		t.Fatalf("connect to %s: %v", net.JoinHostPort("loopback", strconv.Itoa(port)), err)
	}
}

func loopback(family, port int) unix.Sockaddr {
	if family == unix.AF_INET {
		return &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}
	}
	return &unix.SockaddrInet6{Port: port, Addr: [16]byte{15: 1}}
}
