package procs_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/system"
)

func TestFreePortCanBeListenedOn(t *testing.T) {
	first, last, known := system.OutgoingPorts()
	for range 20 {
		port, err := procs.FreePort()
		if err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{"127.0.0.1", "::"} {
			listener, err := net.Listen("tcp", net.JoinHostPort(address, strconv.Itoa(port)))
			if err != nil {
				t.Fatalf("port %d: %v", port, err)
			}
			listener.Close()
		}
		if _, taken := procs.PortOwner(port); taken {
			t.Errorf("port %d has an owner", port)
		}
		if known && first > 20_000 && port >= first && port <= last {
			t.Errorf("port %d may become that of an outgoing connection", port)
		}
	}
}

func TestOwnerOfAPortIsNamed(t *testing.T) {
	for _, network := range []string{"tcp4", "tcp6"} {
		host := map[string]string{"tcp4": "127.0.0.1", "tcp6": "::1"}[network]
		listener, err := net.Listen(network, net.JoinHostPort(host, "0"))
		if err != nil {
			t.Logf("%s is not to be had here: %v", network, err)
			continue
		}
		port := listener.Addr().(*net.TCPAddr).Port
		owner, ok := procs.PortOwner(port)
		if want := "(pid " + strconv.Itoa(os.Getpid()) + ")"; !ok || !strings.HasSuffix(owner, want) {
			t.Errorf("the owner of a %s port is %q, %v; want %s", network, owner, ok, want)
		}
		listener.Close()
		if owner, ok := procs.PortOwner(port); ok {
			t.Errorf("a free %s port has the owner %q", network, owner)
		}
	}
}

func TestWaitForAPortThatBecomesFree(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	limit, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = procs.WaitPortFree(limit, port)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "(pid "+strconv.Itoa(os.Getpid())+")") {
		t.Errorf("a taken port: %v", err)
	}
	waited := make(chan error)
	go func() { waited <- procs.WaitPortFree(t.Context(), port) }()
	listener.Close()
	select {
	case err := <-waited:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("the port is free, and still waited for")
	}
}
