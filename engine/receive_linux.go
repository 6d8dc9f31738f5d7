package engine

import (
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stampOption asks for the time of arrival of what is read, as two 64-bit numbers:
// by the old option where its numbers have 64 bits, by the new one (Linux 5.1)
// elsewhere.
const stampOption = unix.SO_TIMESTAMPNS + (unix.SO_TIMESTAMPNS_NEW-unix.SO_TIMESTAMPNS)*(8-unsafe.Sizeof(uintptr(0)))/4

// stampArrivals has the kernel stamp what comes in on a socket. One that refuses
// gives no stamps, and its replies end when they are read.
func stampArrivals(fd int) {
	on := int32(1)
	_, _, _ = syscall.RawSyscall6(unix.SYS_SETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, stampOption, uintptr(unsafe.Pointer(&on)), unsafe.Sizeof(on), 0)
}

// keepStamping has the kernel stamp packets from now on, for as long as the program
// runs. It begins to only some time after the first socket has asked for it, and
// ends with the last: a load's first replies would have no stamps.
var keepStamping = sync.OnceFunc(func() {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		stampArrivals(fd)
	}
})

// receiver reads from sockets and tells when what it read had arrived.
type receiver struct {
	message unix.Msghdr
	vector  unix.Iovec
	control struct {
		header unix.Cmsghdr
		stamp  [2]int64 // s and ns since 1970
		_      [8]uint64
	}
}

// receive reads what is there into the buffer. arrived is when its last byte came
// in, in ns since 1970; 0: not told.
func (r *receiver) receive(fd int, buffer []byte) (n int, arrived int64, errno syscall.Errno) {
	r.vector.Base = &buffer[0]
	r.vector.SetLen(len(buffer))
	r.message.Iov = &r.vector
	r.message.SetIovlen(1)
	r.message.Control = (*byte)(unsafe.Pointer(&r.control))
	r.message.SetControllen(int(unsafe.Sizeof(r.control)))
	got, _, errno := syscall.RawSyscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&r.message)), 0)
	if errno != 0 {
		return 0, 0, errno
	}
	const whole = unsafe.Sizeof(r.control.header) + unsafe.Sizeof(r.control.stamp)
	if uintptr(r.message.Controllen) >= whole && r.control.header.Level == unix.SOL_SOCKET && r.control.header.Type == int32(stampOption) {
		arrived = r.control.stamp[0]*1e9 + r.control.stamp[1]
	}
	return int(got), arrived, 0
}

// stampedConn is a TCP connection that knows when what was last read from it had
// arrived. One goroutine at a time reads from it.
type stampedConn struct {
	net.Conn
	raw  syscall.RawConn
	in   receiver
	step func(fd uintptr) bool // take, bound once, so that it need not be allocated

	buffer []byte
	read   int
	errno  syscall.Errno
	last   int64 // when the last byte that was read had arrived, ns since 1970; 0: not told
}

// stamped has the kernel stamp what comes in on a connection; nil: it can't.
func stamped(conn net.Conn) *stampedConn {
	below, ok := conn.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := below.SyscallConn()
	if err != nil {
		return nil
	}
	if err := raw.Control(func(fd uintptr) { stampArrivals(int(fd)) }); err != nil {
		return nil
	}
	c := &stampedConn{Conn: conn, raw: raw}
	c.step = c.take
	return c
}

// SyscallConn is the socket below.
func (c *stampedConn) SyscallConn() (syscall.RawConn, error) { return c.raw, nil }

// arrived is when the last byte that was read had arrived, ns since 1970; 0: not told.
func (c *stampedConn) arrived() int64 {
	if c == nil {
		return 0
	}
	return c.last
}

func (c *stampedConn) take(fd uintptr) bool {
	c.read, c.last, c.errno = c.in.receive(int(fd), c.buffer)
	return c.errno != syscall.EAGAIN && c.errno != syscall.EINTR
}

func (c *stampedConn) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	c.buffer = b
	err := c.raw.Read(c.step)
	c.buffer = nil
	switch {
	case err != nil:
		return 0, err
	case c.errno != 0:
		return 0, &net.OpError{Op: "read", Net: c.LocalAddr().Network(), Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: os.NewSyscallError("read", c.errno)}
	case c.read == 0:
		return 0, io.EOF
	}
	return c.read, nil
}

// connectTime is how long the kernel says that a connect took, from its SYN to the
// answer: until the loop gets round to it, more time goes by. It is not told where
// a SYN was lost, for then the kernel can't say which one was answered.
func connectTime(fd int) (took time.Duration, told bool) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil || info.Total_retrans > 0 || info.Rtt == 0 {
		return 0, false
	}
	return time.Duration(info.Rtt) * time.Microsecond, true
}

// connectTime is how long the connect of this connection took.
func (c *stampedConn) connectTime() (took time.Duration, told bool) {
	if c == nil {
		return 0, false
	}
	_ = c.raw.Control(func(fd uintptr) { took, told = connectTime(int(fd)) })
	return took, told
}

// TellsArrival says whether the kernel tells here when what is read had arrived,
// by trying it on a connection of its own.
func TellsArrival() bool {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return false
	}
	defer listener.Close()
	keepStamping()
	from, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return false
	}
	defer from.Close()
	to, err := listener.Accept()
	if err != nil {
		return false
	}
	defer to.Close()
	watched := stamped(to)
	if watched == nil {
		return false
	}
	_ = to.SetDeadline(time.Now().Add(time.Second))
	var one [1]byte
	// The first bytes may come before the kernel has begun to stamp, which it does when
	// it gets round to it.
	const patience = 250 * time.Millisecond
	for began := time.Now(); time.Since(began) < patience; {
		if _, err := from.Write(one[:]); err != nil {
			return false
		}
		if _, err := watched.Read(one[:]); err != nil {
			return false
		}
		if watched.arrived() != 0 {
			return true
		}
	}
	return false
}
