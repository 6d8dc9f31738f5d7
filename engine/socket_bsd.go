//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"fmt"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// openSocket makes a socket. manySegments: what is sent on it may take more than
// one segment, whose last must not wait for the acknowledgement of those before it
// (Nagle's algorithm). A request of one segment never waits: the reply before it
// has acknowledged the last.
func openSocket(family int, manySegments bool) (int, syscall.Errno) {
	// Between the two calls a child could be started and inherit it: Go's lock keeps that off.
	syscall.ForkLock.RLock()
	fd, err := unix.Socket(family, unix.SOCK_STREAM, unix.IPPROTO_TCP)
	if err == nil {
		unix.CloseOnExec(fd)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return -1, errnoOf(err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		unix.Close(fd)
		return -1, errnoOf(err)
	}
	if manySegments {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	}
	return fd, 0
}

func connectSocket(fd int, address *socketAddress) syscall.Errno {
	return errnoOf(unix.Connect(fd, address.to))
}

func closeSocket(fd int) { _ = unix.Close(fd) }

func readSocket(fd int, buffer []byte) (int, syscall.Errno) {
	n, err := unix.Read(fd, buffer)
	return max(0, n), errnoOf(err)
}

// receiver reads from sockets; here the kernel does not tell when what it read had
// arrived.
type receiver struct{}

func (*receiver) receive(fd int, buffer []byte) (n int, arrived int64, errno syscall.Errno) {
	n, errno = readSocket(fd, buffer)
	return n, 0, errno
}

// writeSocket sends. A peer that has gone is an error: Go's runtime takes the
// SIGPIPE of any descriptor but standard output and standard error.
func writeSocket(fd int, data []byte) (int, syscall.Errno) {
	n, err := unix.Write(fd, data)
	return max(0, n), errnoOf(err)
}

// connectedToItself says whether both ends of a socket are the same. Where nobody
// listens on a port from which the kernel takes those of clients, it may one day give
// a client that very port: the connect succeeds, and what is sent comes back.
func connectedToItself(fd int) bool {
	own, err := unix.Getsockname(fd)
	peer, closed := unix.Getpeername(fd)
	if err != nil || closed != nil {
		return false
	}
	switch own := own.(type) {
	case *unix.SockaddrInet4:
		peer, same := peer.(*unix.SockaddrInet4)
		return same && own.Port == peer.Port && own.Addr == peer.Addr
	case *unix.SockaddrInet6:
		peer, same := peer.(*unix.SockaddrInet6)
		return same && own.Port == peer.Port && own.Addr == peer.Addr
	}
	return false
}

// socketAddress is an address as the kernel takes it.
type socketAddress struct {
	family int
	to     unix.Sockaddr
}

// parseAddress reads ip:port.
func parseAddress(text string) (socketAddress, error) {
	at, err := netip.ParseAddrPort(text)
	if err != nil {
		return socketAddress{}, fmt.Errorf("the address %q: %w", text, err)
	}
	ip := at.Addr().Unmap()
	if ip.Is4() {
		return socketAddress{unix.AF_INET, &unix.SockaddrInet4{Port: int(at.Port()), Addr: ip.As4()}}, nil
	}
	if ip.Zone() != "" {
		return socketAddress{}, fmt.Errorf("the address %q: a zone is not supported; use an address of global scope", text)
	}
	return socketAddress{unix.AF_INET6, &unix.SockaddrInet6{Port: int(at.Port()), Addr: ip.As16()}}, nil
}

// promptThread: these systems wake a thread on time by themselves.
func promptThread() {}
