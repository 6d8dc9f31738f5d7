package engine

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// event is what the poller tells of one descriptor.
type event unix.EpollEvent

func (e *event) fd() int { return int(e.Fd) }
func (e *event) readable() bool {
	return e.Events&(unix.EPOLLIN|unix.EPOLLHUP|unix.EPOLLERR|unix.EPOLLRDHUP) != 0
}
func (e *event) writable() bool { return e.Events&(unix.EPOLLOUT) != 0 }
func (e *event) broken() bool   { return e.Events&(unix.EPOLLHUP|unix.EPOLLERR) != 0 }

// poller waits for many sockets at once, with epoll.
type poller struct {
	epoll  int
	waker  int // an eventfd
	events []event
}

const eventsAtOnce = 256

func newPoller() (poller, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return poller{}, err
	}
	waker, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		unix.Close(epoll)
		return poller{}, err
	}
	p := poller{epoll: epoll, waker: waker, events: make([]event, eventsAtOnce)}
	// The waker is registered under a number that no connection has.
	event := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: -1}
	if err := unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, waker, &event); err != nil {
		p.close()
		return poller{}, err
	}
	return p, nil
}

func (p *poller) close() {
	unix.Close(p.waker)
	unix.Close(p.epoll)
}

// wake ends the wait under way, or the next one. Any goroutine may call it.
func (p *poller) wake() {
	one := [8]byte{1}
	_, _ = unix.Write(p.waker, one[:]) // it can only fail when it is awake already
}

// add registers a socket once for reading, and for writing if it is still connecting.
func (p *poller) add(fd int, connecting bool) syscall.Errno {
	events := uint32(unix.EPOLLIN)
	if connecting {
		events = unix.EPOLLOUT
	}
	return p.control(unix.EPOLL_CTL_ADD, fd, events)
}

func (p *poller) readOnly(fd int)  { p.control(unix.EPOLL_CTL_MOD, fd, unix.EPOLLIN) }
func (p *poller) readWrite(fd int) { p.control(unix.EPOLL_CTL_MOD, fd, unix.EPOLLIN|unix.EPOLLOUT) }

func (p *poller) control(op, fd int, events uint32) syscall.Errno {
	e := unix.EpollEvent{Events: events, Fd: int32(fd)}
	_, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(p.epoll), uintptr(op), uintptr(fd), uintptr(unsafe.Pointer(&e)), 0, 0)
	return errno
}

// wait returns what is ready, after at most the time given; epoll_pwait2 counts
// it in ns, where epoll_wait would round to ms.
func (p *poller) wait(atMost time.Duration) []event {
	if atMost <= 0 {
		// It can't block, so it need not tell Go's scheduler.
		n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, 0, 0, 0)
		return p.got(n, errno)
	}
	timeout := unix.NsecToTimespec(int64(atMost))
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if errno == syscall.ENOSYS || errno == syscall.EPERM { // before Linux 5.11, or behind an old seccomp filter
		ms := (atMost + time.Millisecond - 1) / time.Millisecond
		n, _, errno = syscall.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, uintptr(ms), 0, 0)
	}
	return p.got(n, errno)
}

func (p *poller) got(n uintptr, errno syscall.Errno) []event {
	if errno != 0 { // EINTR: a signal came; the loop looks at everything anyway
		return nil
	}
	return p.events[:n]
}
