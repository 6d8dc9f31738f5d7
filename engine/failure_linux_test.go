package engine

import (
	"context"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// deaf is an address whose accept queue is full: connects to it get no answer.
func deaf(t *testing.T) (url string) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*unix.SockaddrInet4).Port)
	// The queue holds one more than was asked for; of a machine that stands still a
	// connect may time out while there is room, once.
	for tries, failed := 0, 0; tries < 12; tries++ {
		conn, err := net.DialTimeout("tcp", address, 50*time.Millisecond)
		if err == nil {
			t.Cleanup(func() { conn.Close() })
			continue
		}
		if failed++; failed == 2 {
			return "http://" + address
		}
	}
	t.Fatal("the accept queue does not fill")
	return ""
}

func TestConnectThatGetsNoAnswerTimesOut(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		url := deaf(t)
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: url}, Workload: traffic.Load{
			Model: traffic.Users, Users: 3, Repeat: 4, Timeout: 50 * time.Millisecond}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, m, tallied{ko: 12, cause: measure.CauseConnectTimeout})
		if low := time.Duration(m.ResponseKO.Min()) * time.Microsecond; low < 49*time.Millisecond || m.To > 30*time.Second {
			t.Errorf("the first gave up after %s, the last after %s; want 50 and 200 ms", low, m.To)
		}
	})
}

func TestConnectUnderWayEndsWithTheLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	eachClient(t, func(t *testing.T, client Client) {
		url := deaf(t)
		for name, workload := range map[string]traffic.Load{
			"cancelled": {Model: traffic.Users, Users: 3, Repeat: 4},
			"drained":   {Model: traffic.Rate, Rate: 100, Duration: 50 * time.Millisecond, Connections: 2},
		} {
			ctx, cancel := context.WithCancel(t.Context())
			if workload.Model == traffic.Users {
				time.AfterFunc(60*time.Millisecond, cancel)
			}
			began := time.Now()
			m, err := Run(ctx, Job{Client: client, Request: traffic.Request{URL: url}, Workload: workload, Drain: 20 * time.Millisecond}, nil)
			cancel()
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("%s: it took %s", name, took)
			}
			switch {
			case workload.Model == traffic.Users && (err != context.Canceled || m.KO != 0):
				t.Errorf("%s: %v, %+v", name, err, m.Failures)
			case workload.Model == traffic.Rate && (err != nil || m.KO != 5):
				t.Errorf("%s: %v, KO %d; want 5: %+v", name, err, m.KO, m.Failures)
			}
			if m.Connecting != 0 {
				t.Errorf("%s: %d still connect", name, m.Connecting)
			}
		}
	})
}

func TestWhatTheGeneratorLacksIsItsOwnFault(t *testing.T) {
	for errno, want := range map[syscall.Errno]measure.Cause{
		syscall.EMFILE:        measure.CauseNoDescriptors,
		syscall.ENFILE:        measure.CauseNoDescriptors,
		syscall.EADDRNOTAVAIL: measure.CauseNoPorts,
		syscall.ETIMEDOUT:     measure.CauseConnectTimeout,
		syscall.ECONNRESET:    measure.CauseConnectionReset,
		syscall.ECONNREFUSED:  measure.CauseConnectRefused,
	} {
		err := &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", errno)}
		if got := dialCause(err); got != want {
			t.Errorf("%v: %q; want %q", err, got, want)
		}
		if got := dialCause(errno); got != want {
			t.Errorf("%v by itself: %q; want %q", errno, got, want)
		}
	}
}

// Only a refusal is one: anything else that the system says of a connect is told so.
func TestFailedConnectIsNotCalledRefused(t *testing.T) {
	for errno, cause := range map[syscall.Errno]measure.Cause{
		syscall.ECONNREFUSED:  measure.CauseConnectRefused,
		syscall.ENETUNREACH:   measure.CauseConnectFailed,
		syscall.EHOSTUNREACH:  measure.CauseConnectFailed,
		syscall.EACCES:        measure.CauseConnectFailed,
		syscall.ETIMEDOUT:     measure.CauseConnectTimeout,
		syscall.EADDRNOTAVAIL: measure.CauseNoPorts,
	} {
		if got := dialCause(errno); got != cause {
			t.Errorf("%v: %s; want %s", errno, got, cause)
		}
	}
	eachClient(t, func(t *testing.T, client Client) {
		// No TCP connection leads to the address of all.
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: "http://255.255.255.255:80/"},
			Workload: traffic.Load{Model: traffic.Closed, Connections: 1, Requests: 2}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if m.KO != 2 || len(m.Failures) != 1 || m.Failures[0].Cause != measure.CauseConnectFailed || m.Failures[0].Sample == "" {
			t.Errorf("KO %d, %+v; want the system's words", m.KO, m.Failures)
		}
	})
}

// Where nobody listens on a port of those that the kernel gives to clients, a connect
// to it may get that very port, and then it reaches itself.
func TestConnectToItselfIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it loads a real server, or waits")
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	own, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	if connectedToItself(fd) {
		t.Error("a socket that is not connected passes for one that is, to itself")
	}
	if err := unix.Connect(fd, own); err != nil {
		t.Fatal(err)
	}
	if !connectedToItself(fd) {
		t.Error("a connection to itself passes for one to a server")
	}

	// A load goes through so many of the kernel's ports that it meets the server's.
	eachClient(t, func(t *testing.T, client Client) {
		m, err := Run(t.Context(), Job{Client: client, Request: traffic.Request{URL: "http://" + unusedOfClients(t)}, Workload: traffic.Load{
			Model: traffic.Rate, Rate: 20_000, Connections: 4, Requests: 24_000}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, m, tallied{ko: 24_000, cause: measure.CauseConnectRefused})
	})
}

// unusedOfClients is an address where nobody listens, of a port which the kernel gives
// to clients: an even one, for it gives them those first.
func unusedOfClients(t *testing.T) (address string) {
	t.Helper()
	for {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := listener.Addr().(*net.TCPAddr).Port &^ 1
		listener.Close()
		address := fmt.Sprintf("127.0.0.1:%d", port)
		if listener, err = net.Listen("tcp", address); err == nil {
			listener.Close()
			return address
		}
	}
}
