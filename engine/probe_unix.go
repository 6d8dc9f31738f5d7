//go:build unix

package engine

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// probe looks at a connection that is free: has the server closed it, or spoken
// out of turn?
type probe struct {
	raw syscall.RawConn
}

func newProbe(conn net.Conn) probe {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return probe{raw}
		}
	}
	return probe{}
}

// gone says whether the connection is of no more use. Go's sockets do not block,
// so this returns at once.
func (p probe) gone(buffer []byte) bool {
	if p.raw == nil {
		return false
	}
	open := false
	err := p.raw.Control(func(fd uintptr) {
		_, err := unix.Read(int(fd), buffer[:1])
		open = err == unix.EAGAIN || err == unix.EINTR
	})
	return err != nil || !open
}
