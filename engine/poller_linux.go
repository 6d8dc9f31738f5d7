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

// epollPoller waits for many sockets at once, with epoll.
type epollPoller struct {
	epoll  int
	waker  int // an eventfd
	events []event
}

type poller = epollPoller

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

func (p *epollPoller) close() {
	unix.Close(p.waker)
	unix.Close(p.epoll)
}

// wake ends the wait under way, or the next one. Any goroutine may call it.
func (p *epollPoller) wake() {
	one := [8]byte{1}
	_, _ = unix.Write(p.waker, one[:]) // it can only fail when it is awake already
}

// add registers a socket once for reading, and for writing if it is still connecting.
func (p *epollPoller) add(fd int, connecting bool) syscall.Errno {
	events := uint32(unix.EPOLLIN)
	if connecting {
		events = unix.EPOLLOUT
	}
	return p.control(unix.EPOLL_CTL_ADD, fd, events)
}

func (p *epollPoller) readOnly(fd int) { p.control(unix.EPOLL_CTL_MOD, fd, unix.EPOLLIN) }
func (p *epollPoller) readWrite(fd int) {
	p.control(unix.EPOLL_CTL_MOD, fd, unix.EPOLLIN|unix.EPOLLOUT)
}

func (p *epollPoller) control(op, fd int, events uint32) syscall.Errno {
	e := unix.EpollEvent{Events: events, Fd: int32(fd)}
	_, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(p.epoll), uintptr(op), uintptr(fd), uintptr(unsafe.Pointer(&e)), 0, 0)
	return errno
}

// kernelTime is a time as epoll_pwait2 takes it: of 64 bits on every machine, which
// the C library's and so Go's is not on those of 32.
type kernelTime struct{ seconds, nanoseconds int64 }

func timeOf(d time.Duration) kernelTime {
	return kernelTime{int64(d / time.Second), int64(d % time.Second)}
}

// briefWait is how long a wait may be that Go's scheduler is not told of. Telling
// it costs more than the wait itself, mostly in the scheduler's monitor, which then
// looks after the waiting thread: 4 µs a request at 6,400 requests/s. A wait this
// short can't hold up the garbage collector noticeably, and the signal by which
// Go asks a thread to stop ends it at once.
const briefWait = time.Millisecond

// wait returns what is ready, after at most the time given. soon says that
// something is likely to come within briefWait.
func (p *epollPoller) wait(atMost time.Duration, soon bool) []event {
	if atMost <= briefWait {
		return p.got(p.brief(max(0, atMost)))
	}
	if soon {
		if n, errno := p.brief(briefWait); n > 0 || errno != 0 {
			return p.got(n, errno)
		}
		atMost -= briefWait
	}
	return p.got(p.long(atMost))
}

// brief waits without a word to Go's scheduler.
func (p *epollPoller) brief(atMost time.Duration) (uintptr, syscall.Errno) {
	timeout := timeOf(atMost)
	n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if noPwait2(errno) {
		n, _, errno = syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, 0, 0, 0)
	}
	return n, errno
}

// long waits as Go's scheduler wants it, so that others can use the thread's place.
func (p *epollPoller) long(atMost time.Duration) (uintptr, syscall.Errno) {
	timeout := timeOf(atMost)
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, uintptr(unsafe.Pointer(&timeout)), 0, 0)
	if noPwait2(errno) {
		ms := (atMost + time.Millisecond - 1) / time.Millisecond
		n, _, errno = syscall.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(p.epoll), uintptr(unsafe.Pointer(&p.events[0])), eventsAtOnce, uintptr(ms), 0, 0)
	}
	return n, errno
}

// noPwait2 says that the kernel is older than Linux 5.11, or an old seccomp filter
// stands before it: then waits are counted in ms, and brief ones not at all.
func noPwait2(errno syscall.Errno) bool { return errno == syscall.ENOSYS || errno == syscall.EPERM }

func (p *epollPoller) got(n uintptr, errno syscall.Errno) []event {
	if errno != 0 { // EINTR: a signal came; the loop looks at everything anyway
		return nil
	}
	return p.events[:n]
}
