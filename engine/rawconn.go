//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"io"
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// rawConn is the socket below a connection, for what net.Conn has no words for.
type rawConn struct {
	raw syscall.RawConn // nil: there is none
}

func newRawConn(conn net.Conn) rawConn {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return rawConn{raw}
		}
	}
	return rawConn{}
}

// rawState is what a look at a connection that is free has found.
type rawState uint8

const (
	rawQuiet  rawState = iota
	rawEnded           // the server has closed it, or it broke
	rawSpeaks          // something has come
)

// state looks without taking anything. Go's sockets do not block, so it returns at once.
func (r rawConn) state() rawState {
	if r.raw == nil {
		return rawQuiet
	}
	found := rawEnded
	var one [1]byte
	err := r.raw.Control(func(fd uintptr) {
		n, _, err := unix.Recvfrom(int(fd), one[:], unix.MSG_PEEK)
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
			found = rawQuiet
		case n > 0:
			found = rawSpeaks
		}
	})
	if err != nil {
		return rawEnded
	}
	return found
}

// turn is one request and the first bytes of its reply. Written and read apart,
// each request would cost a third system call: a read that finds nothing yet,
// because it is how Go learns that it has to wait. Here the request goes out after
// Go has made ready to wait for reading, so the first read is when there is something.
type turn struct {
	step func(fd uintptr) bool // take, bound once, so that it need not be allocated

	request []byte
	buffer  []byte
	out     bool // the request is out
	written int
	in      receiver
	read    int
	arrived int64 // of the last byte read, ns since 1970; 0: not told
	errno   syscall.Errno
}

// exchange sends the request and waits for the first bytes of the reply. If the
// request could not be written whole, nothing was waited for.
func (t *turn) exchange(conn rawConn, request, buffer []byte) (written, read int, err error) {
	if t.step == nil {
		t.step = t.take
	}
	t.request, t.buffer, t.out, t.written, t.read, t.arrived, t.errno = request, buffer, false, 0, 0, 0, 0
	err = conn.raw.Read(t.step)
	switch {
	case err != nil || !t.out:
	case t.errno != 0:
		err = t.errno
	case t.read == 0:
		err = io.EOF
	}
	return t.written, t.read, err
}

// take does what can be done now; it returns false to be called when there is
// something to read.
func (t *turn) take(fd uintptr) bool {
	if !t.out {
		n, errno := writeSocket(int(fd), t.request)
		if errno == 0 {
			t.written = n
		}
		t.out = t.written == len(t.request)
		return !t.out // the caller's plain write goes on, and meets the error if there is one
	}
	n, arrived, errno := t.in.receive(int(fd), t.buffer)
	switch errno {
	case 0:
		t.read, t.arrived = n, arrived
	case syscall.EAGAIN, syscall.EINTR:
		return false
	default:
		t.errno = errno
	}
	return true
}
