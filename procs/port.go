package procs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/procs/system"
)

// FreePort picks a TCP port that is free on IPv4 and IPv6. Where it can, it picks
// one that the kernel gives to no outgoing connection: else a client that tries
// to reach a server before it listens can get the server's port as its own, be
// connected to itself, and so keep the server from listening.
func FreePort() (int, error) {
	const tries = 50
	last := errors.New("none is free")
	for try := range tries {
		port := quietPort()
		if port == 0 || try >= tries/2 {
			listener, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				return 0, fmt.Errorf("find a free port: %w", err)
			}
			port = listener.Addr().(*net.TCPAddr).Port
			listener.Close()
		}
		if last = tryListen(port); last == nil {
			return port, nil
		}
	}
	return 0, fmt.Errorf("find a free port: %w", last)
}

// quietPort draws a port from below or above those of outgoing connections; 0 if
// they are unknown, or leave too few. Drawn, so that two benchtui at the same
// time hardly get the same one.
func quietPort() int {
	const (
		lowest  = 10_000 // below it are the ports that people know
		highest = 65_535
		enough  = 1000
	)
	first, last, ok := system.OutgoingPorts()
	switch {
	case !ok:
		return 0
	case first-lowest >= enough:
		return lowest + rand.IntN(first-lowest)
	case highest-last >= enough:
		return last + 1 + rand.IntN(highest-last)
	}
	return 0
}

// tryListen says whether a server could listen on the port on every address.
func tryListen(port int) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("", strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return listener.Close()
}

// PortOwner tells who has a TCP port: "node (pid 412)". ok is false if nobody
// does. The owner is "" where it can't be seen.
func PortOwner(port int) (owner string, ok bool) {
	err := tryListen(port)
	if err == nil {
		return "", false
	}
	listener, found := system.ListenerOf(port)
	// It may also be taken by a socket that does not listen; and what we may not
	// listen on, as a port below 1024, need not be taken.
	return listener.String(), found || inUse(err)
}

// takenError says who has a port for which there was no more time to wait.
type takenError struct {
	port  int
	owner system.Owner
	why   error // of the context
}

func (e *takenError) Error() string {
	if e.owner.PID == 0 {
		return fmt.Sprintf("port %d is still taken by somebody", e.port)
	}
	return fmt.Sprintf("port %d is still taken by %s; to end it: %s", e.port, e.owner, e.owner.HowToEnd())
}

func (e *takenError) Unwrap() error { return e.why }

// WaitPortFree waits until nobody has the port any more.
func WaitPortFree(ctx context.Context, port int) error {
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		err := tryListen(port)
		if err == nil {
			return nil
		}
		if !inUse(err) {
			if _, taken := system.ListenerOf(port); !taken {
				return nil // not for us to listen on, but nobody else does
			}
		}
		select {
		case <-ctx.Done():
			owner, _ := system.ListenerOf(port)
			return &takenError{port, owner, ctx.Err()}
		case <-look.C:
		}
	}
}
