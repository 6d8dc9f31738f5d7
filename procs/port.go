package procs

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"
)

// FreePort picks a TCP port on loopback that is free on IPv4 and IPv6.
func FreePort() (int, error) {
	const tries = 20
	var last error
	for range tries {
		listener, err := net.Listen("tcp4", "127.0.0.1:0")
		if err != nil {
			return 0, fmt.Errorf("find a free port: %w", err)
		}
		port := listener.Addr().(*net.TCPAddr).Port
		listener.Close()
		if last = tryListen(port); last == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("find a free port: %w", last)
}

// tryListen says whether a server could listen on the port on every address.
func tryListen(port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return listener.Close()
}

// PortOwner tells who listens on a TCP port: "node (pid 412)". ok is false if
// nobody does. The owner is "" where it can't be seen.
func PortOwner(port int) (owner string, ok bool) {
	if tryListen(port) == nil {
		return "", false
	}
	return listenerOf(port)
}

// WaitPortFree waits until nobody listens on the port any more.
func WaitPortFree(ctx context.Context, port int) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		owner, taken := PortOwner(port)
		if !taken {
			return nil
		}
		select {
		case <-ctx.Done():
			if owner == "" {
				owner = "somebody"
			}
			return fmt.Errorf("port %d is still taken by %s: %w", port, owner, ctx.Err())
		case <-look.C:
		}
	}
}
