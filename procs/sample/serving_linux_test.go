package sample

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/benchtui/benchtui/procs/system"
)

// A shell that waits for its only child is not who serves, and not what is measured.
func TestServerIsFoundBelowItsStarters(t *testing.T) {
	port := proctest.FreePort(t)
	starter := proctest.StartCommand(t, procs.Command{
		Path: "sh", Args: []string{"-c", `sh -c '"$0"; true' "$0"; true`, os.Args[0]},
		Env: []string{proctest.As(proctest.Listens, proctest.Options{Port: port})},
	})
	starter.Await(t, "ready")
	serving := ServingOn(port, starter.PID())
	if len(serving.Roots) != 1 || serving.Roots[0] == starter.PID() || serving.Hidden || len(serving.Outside) != 0 || serving.StarterName != "sh" {
		t.Fatalf("started %d: %+v", starter.PID(), serving)
	}
	sampler, err := NewSampler(starter.PID())
	if err != nil {
		t.Fatal(err)
	}
	if sample, _ := sampler.Sample(); sample.Processes != 3 {
		t.Errorf("%d processes before, want two shells and the server", sample.Processes)
	}
	sampler.Follow(serving.Roots)
	if sample, gone := sampler.Sample(); sample.Processes != 1 || gone {
		t.Errorf("%d processes after, gone %v; want the server alone", sample.Processes, gone)
	}
}

// A shell with a second child may be part of what serves: all of it counts.
func TestStarterWithSeveralChildrenIsPartOfTheServer(t *testing.T) {
	port := proctest.FreePort(t)
	starter := proctest.StartCommand(t, procs.Command{
		Path: "sh", Args: []string{"-c", `sleep 60 & "$0"; true`, os.Args[0]},
		Env: []string{proctest.As(proctest.Listens, proctest.Options{Port: port})},
	})
	starter.Await(t, "ready")
	if serving := ServingOn(port, starter.PID()); !slices.Equal(serving.Roots, []int{starter.PID()}) {
		t.Errorf("%+v, want the shell %d", serving, starter.PID())
	}
}

// What was started asks somebody else to serve, as docker and systemd-run do.
func TestServerOutsideOfTheFamilyIsFound(t *testing.T) {
	port := proctest.FreePort(t)
	starter := proctest.Start(t, proctest.WaitsForTerm)
	starter.Await(t, "ready")
	server := proctest.Start(t, proctest.Listens, proctest.Options{Port: port})
	server.Await(t, "ready")
	serving := ServingOn(port, starter.PID())
	if !slices.Equal(serving.Roots, []int{server.PID()}) || !slices.Equal(serving.Outside, []int{server.PID()}) {
		t.Errorf("%+v, want the server %d outside", serving, server.PID())
	}
	if nobody := ServingOn(proctest.FreePort(t), starter.PID()); nobody.Listens || nobody.Hidden {
		t.Errorf("where nobody listens: %+v", nobody)
	}
}

// A container's server is behind docker's proxy, in a network of its own.
func TestServerBehindDockersProxyIsFound(t *testing.T) {
	port, inner := proctest.FreePort(t), 8080
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), proctest.As(proctest.ListensInNetwork, proctest.Options{Port: inner}))
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	if err := command.Start(); err != nil {
		t.Skipf("NOT CHECKED: a server in a container: %v", err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	proxy := proctest.StartCommand(t, procs.Command{
		Path: os.Args[0], Args: []string{"-container-ip", "127.0.0.1", "-container-port", strconv.Itoa(inner)},
		Env: []string{proctest.As(proctest.DockerProxy, proctest.Options{Port: port})},
	})
	proxy.Await(t, "ready")
	docker := proctest.Start(t, proctest.WaitsForTerm)
	docker.Await(t, "ready")
	proctest.Until(t, "the server behind the proxy", func() bool {
		serving := ServingOn(port, docker.PID())
		return !serving.Hidden && slices.Equal(serving.Roots, []int{command.Process.Pid})
	})
	_ = command.Process.Kill()
	_ = command.Wait()
	if serving := ServingOn(port, docker.PID()); !serving.Hidden {
		t.Errorf("without it: %+v, want hidden", serving)
	}
}

// Of several listeners the fullest counts, against its own limit.
func TestFullestOfSeveralAcceptQueuesCounts(t *testing.T) {
	port := proctest.FreePort(t)
	for _, backlog := range []int{200, 2} {
		socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(socket) })
		if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
			t.Fatal(err)
		}
		if err := unix.Bind(socket, &unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}); err != nil {
			t.Fatal(err)
		}
		if err := unix.Listen(socket, backlog); err != nil {
			t.Fatal(err)
		}
	}
	proctest.Until(t, "a full queue", func() bool {
		conn, err := net.DialTimeout("tcp4", fmt.Sprintf("127.0.0.1:%d", port), 50*time.Millisecond)
		if err == nil {
			t.Cleanup(func() { conn.Close() })
		}
		length, limit, listeners := acceptQueue(port)
		if listeners != 2 {
			t.Fatalf("%d listeners, want 2", listeners)
		}
		return limit == figure.Of(2) && length.Value >= 2
	})
}

func TestDescriptorsAreHeldAgainstTheirOwnLimit(t *testing.T) {
	child := proctest.StartCommand(t, procs.Command{Path: "sh", Args: []string{"-c", `ulimit -n 40; exec "$0"`, os.Args[0]}, Env: []string{proctest.As(proctest.WaitsForTerm)}})
	child.Await(t, "ready")
	sampler, err := NewSampler(child.PID())
	if err != nil {
		t.Fatal(err)
	}
	sample, _ := sampler.Sample()
	if sample.DescriptorLimit != figure.Of(40) || !sample.DescriptorsOfFullest.Known || sample.DescriptorsOfFullest.Value < 3 || sample.DescriptorsOfFullest.Value > 39 {
		t.Errorf("%+v of %+v files are open, want some of 40", sample.DescriptorsOfFullest, sample.DescriptorLimit)
	}
	text, err := os.ReadFile(system.Path(child.PID(), "limits"))
	if err != nil {
		t.Fatal(err)
	}
	if limit, ok := parseDescriptorLimit(text); !ok || limit != 40 {
		t.Errorf("the file says %g, %v", limit, ok)
	}
}

// One that is closed while its owner is looked for is nobody's, and not hidden.
func TestSocketThatIsClosedMeanwhileIsNotShared(t *testing.T) {
	one, other := system.ListenSocket{Inode: 1}, system.ListenSocket{Inode: 2}
	for _, c := range []struct {
		these, those []system.ListenSocket
		want         bool
	}{
		{[]system.ListenSocket{one}, nil, false},
		{[]system.ListenSocket{one}, []system.ListenSocket{other}, false},
		{[]system.ListenSocket{one, other}, []system.ListenSocket{other}, true},
	} {
		if got := shared(c.these, c.those); got != c.want {
			t.Errorf("of %v there is one among %v: %t", c.these, c.those, got)
		}
	}
}
