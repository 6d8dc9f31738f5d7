package engine

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls below are on non-blocking sockets, so they can't block and go to the
// kernel without telling Go's scheduler, which saves 7 % of the cost of a request.

// openSocket makes a socket. manySegments: what is sent on it may take more than
// one segment, whose last must not wait for the acknowledgement of those before it
// (Nagle's algorithm). A request of one segment never waits: the reply before it
// has acknowledged the last.
func openSocket(family int, manySegments bool) (int, syscall.Errno) {
	fd, _, errno := syscall.RawSyscall(unix.SYS_SOCKET, uintptr(family), unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, unix.IPPROTO_TCP)
	if errno != 0 {
		return -1, errno
	}
	if manySegments {
		on := int32(1)
		_, _, _ = syscall.RawSyscall6(unix.SYS_SETSOCKOPT, fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on), 0)
	}
	return int(fd), 0
}

func connectSocket(fd int, address *socketAddress) syscall.Errno {
	_, _, errno := syscall.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&address.raw[0])), uintptr(address.length))
	return errno
}

func closeSocket(fd int) { _, _, _ = syscall.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0) }

// writeSocket sends; a peer that has gone is an error, not a SIGPIPE.
func writeSocket(fd int, data []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd), uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), unix.MSG_NOSIGNAL, 0, 0)
	return int(n), errno
}

// connectedToItself says whether both ends of a socket are the same. Where nobody
// listens on a port from which the kernel takes those of clients, it may one day give
// a client that very port: the connect succeeds, and what is sent comes back.
func connectedToItself(fd int) bool {
	own, known := nameOfSocket(fd, unix.SYS_GETSOCKNAME)
	peer, open := nameOfSocket(fd, unix.SYS_GETPEERNAME)
	return known && open && own == peer
}

func nameOfSocket(fd int, end uintptr) (name [unix.SizeofSockaddrInet6]byte, known bool) {
	length := uint32(len(name))
	_, _, errno := syscall.RawSyscall(end, uintptr(fd), uintptr(unsafe.Pointer(&name[0])), uintptr(unsafe.Pointer(&length)))
	return name, errno == 0
}

// socketAddress is an address as the kernel takes it.
type socketAddress struct {
	family int
	raw    [unix.SizeofSockaddrInet6]byte
	length int
}
