package procs

import (
	"context"
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
)

func itoa(n int) string { return strconv.Itoa(n) }

func freePort(t *testing.T) int {
	t.Helper()
	port, err := FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func listens(port int) bool {
	sockets, _ := listenSockets(port)
	return len(sockets) > 0
}

// A shell that waits for its only child is not who serves, and not what is measured.
func TestServerIsFoundBelowItsStarters(t *testing.T) {
	port := freePort(t)
	starter := startWith(t, Command{
		Path: "sh", Args: []string{"-c", `sh -c '"$0" "$1"; true' "$0" "$1"; true`, os.Args[0], itoa(port)},
		Env: []string{roleVariable + "=server"},
	})
	starter.await(t, "ready")
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
	port := freePort(t)
	starter := startWith(t, Command{
		Path: "sh", Args: []string{"-c", `sleep 60 & "$0" "$1"; true`, os.Args[0], itoa(port)},
		Env: []string{roleVariable + "=server"},
	})
	starter.await(t, "ready")
	if serving := ServingOn(port, starter.PID()); !slices.Equal(serving.Roots, []int{starter.PID()}) {
		t.Errorf("%+v, want the shell %d", serving, starter.PID())
	}
}

// What was started asks somebody else to serve, as docker and systemd-run do.
func TestServerOutsideOfTheFamilyIsFound(t *testing.T) {
	port := freePort(t)
	starter := start(t, "quiet")
	starter.await(t, "ready")
	server := start(t, "server", itoa(port))
	server.await(t, "ready")
	serving := ServingOn(port, starter.PID())
	if !slices.Equal(serving.Roots, []int{server.PID()}) || !slices.Equal(serving.Outside, []int{server.PID()}) {
		t.Errorf("%+v, want the server %d outside", serving, server.PID())
	}
	if nobody := ServingOn(freePort(t), starter.PID()); nobody.Listens || nobody.Hidden {
		t.Errorf("where nobody listens: %+v", nobody)
	}
}

// A container's server is behind docker's proxy, in a network of its own.
func TestServerBehindDockersProxyIsFound(t *testing.T) {
	port, inner := freePort(t), 8080
	command := exec.Command(os.Args[0], itoa(inner))
	command.Env = append(os.Environ(), roleVariable+"=server-in-a-network")
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET}
	if err := command.Start(); err != nil {
		t.Skipf("NOT CHECKED: a server in a container: %v", err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	proxy := startWith(t, Command{
		Path: os.Args[0], Args: []string{itoa(port), "-container-ip", "127.0.0.1", "-container-port", itoa(inner)},
		Env: []string{roleVariable + "=docker-proxy"},
	})
	proxy.await(t, "ready")
	docker := start(t, "quiet")
	docker.await(t, "ready")
	until(t, "the server behind the proxy", func() bool {
		serving := ServingOn(port, docker.PID())
		return !serving.Hidden && slices.Equal(serving.Roots, []int{command.Process.Pid})
	})
	_ = command.Process.Kill()
	_ = command.Wait()
	if serving := ServingOn(port, docker.PID()); !serving.Hidden {
		t.Errorf("without it: %+v, want hidden", serving)
	}
}

// A server that goes to the background and keeps answering has not ended, and ends
// with us all the same.
func TestServerInTheBackgroundGoesOnServing(t *testing.T) {
	port := freePort(t)
	child := start(t, "daemonizes-server", itoa(port))
	service := child.Serve(port)
	child.awaitEnd(t)
	until(t, "a listener", func() bool { return listens(port) })
	service.Ready()
	until(t, "an heir", func() bool { return service.PID() != child.PID() })
	select {
	case <-service.Done():
		t.Fatalf("it is said to have ended: %s", service.Exit())
	case <-time.After(5 * heirEvery):
	}
	if serving := ServingOn(port, child.PID()); !slices.Equal(serving.Roots, []int{service.PID()}) {
		t.Errorf("%+v serves, want %d", serving, service.PID())
	}
	if err := service.Stop(context.Background(), time.Second); err != nil {
		t.Error(err)
	}
	if listens(port) {
		t.Error("it still listens")
	}
}

// A log that nobody reads any more would end a server that writes to it.
func TestServerInTheBackgroundIsStillHeard(t *testing.T) {
	port := freePort(t)
	child := start(t, "daemonizes-server", itoa(port), "talkative")
	service := child.Serve(port)
	child.awaitEnd(t)
	until(t, "an heir", func() bool { return service.PID() != child.PID() })
	service.Ready()
	// Longer than the log of an ended child was ever read.
	until(t, "words", func() bool {
		return slices.Contains(child.lines(), "word 80")
	})
	select {
	case <-service.Done():
		t.Errorf("it ended: %s", service.Exit())
	default:
	}
}

func TestServerInTheBackgroundThatDiesHasEnded(t *testing.T) {
	port := freePort(t)
	child := start(t, "daemonizes-server", itoa(port))
	service := child.Serve(port)
	until(t, "an heir", func() bool { return service.PID() != child.PID() })
	service.Ready()
	if err := syscall.Kill(service.PID(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	select {
	case <-service.Done():
	case <-time.After(patience):
		t.Fatal("nobody noticed")
	}
	if exit := service.Exit(); exit.Signal != "SIGKILL" {
		t.Errorf("it ended %q", exit)
	}
}

func TestServerThatEndsAfterItServedHasEndedAtOnce(t *testing.T) {
	child := start(t, "exits")
	service := child.Serve(freePort(t))
	select {
	case <-service.Done():
	case <-time.After(patience):
		t.Fatal("nobody noticed")
	}
	if exit := service.Exit(); exit.Code != 3 {
		t.Errorf("it ended %q", exit)
	}
}

// Of several listeners the fullest counts, against its own limit.
func TestFullestOfSeveralAcceptQueuesCounts(t *testing.T) {
	port := freePort(t)
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
	until(t, "a full queue", func() bool {
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
	child := startWith(t, Command{Path: "sh", Args: []string{"-c", `ulimit -n 40; exec "$0"`, os.Args[0]}, Env: []string{roleVariable + "=quiet"}})
	child.await(t, "ready")
	sampler, err := NewSampler(child.PID())
	if err != nil {
		t.Fatal(err)
	}
	sample, _ := sampler.Sample()
	if sample.DescriptorLimit != figure.Of(40) || !sample.DescriptorsOfFullest.Known || sample.DescriptorsOfFullest.Value < 3 || sample.DescriptorsOfFullest.Value > 39 {
		t.Errorf("%+v of %+v files are open, want some of 40", sample.DescriptorsOfFullest, sample.DescriptorLimit)
	}
	text, err := os.ReadFile(procPath(child.PID(), "limits"))
	if err != nil {
		t.Fatal(err)
	}
	if limit, ok := parseDescriptorLimit(text); !ok || limit != 40 {
		t.Errorf("the file says %g, %v", limit, ok)
	}
}
