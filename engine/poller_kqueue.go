//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"errors"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// event is what the poller tells of one descriptor.
type event struct {
	descriptor     int
	canRead, write bool
	ended          bool // the peer has gone
}

func (e *event) fd() int        { return e.descriptor }
func (e *event) readable() bool { return e.canRead || e.ended }
func (e *event) writable() bool { return e.write }
func (e *event) broken() bool   { return e.ended }

// kqueuePoller waits for many sockets at once, with kqueue.
type kqueuePoller struct {
	queue    int
	waker    [2]int // a pipe
	told     [eventsAtOnce]unix.Kevent_t
	events   []event
	position []int // by descriptor: 1 + where in events it stands in this batch
}

type poller = kqueuePoller

const eventsAtOnce = 256

func newPoller() (poller, error) {
	queue, err := unix.Kqueue()
	if err != nil {
		return poller{}, err
	}
	unix.CloseOnExec(queue)
	p := poller{queue: queue, events: make([]event, 0, eventsAtOnce)}
	if err := unix.Pipe(p.waker[:]); err != nil {
		unix.Close(queue)
		return poller{}, err
	}
	for _, fd := range p.waker {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			p.close()
			return poller{}, err
		}
	}
	if errno := p.change(p.waker[0], unix.EVFILT_READ, unix.EV_ADD|unix.EV_CLEAR); errno != 0 {
		p.close()
		return poller{}, errno
	}
	return p, nil
}

func (p *kqueuePoller) close() {
	unix.Close(p.waker[0])
	unix.Close(p.waker[1])
	unix.Close(p.queue)
}

// wake ends the wait under way, or the next one. Any goroutine may call it.
func (p *kqueuePoller) wake() {
	_, _ = unix.Write(p.waker[1], []byte{1}) // it can only fail when it is awake already
}

// add registers a socket once for reading, and for writing if it is still connecting.
// A connect that is over takes the second change, so that a socket has one filter
// but while a request is cut short by a full buffer.
func (p *kqueuePoller) add(fd int, connecting bool) syscall.Errno {
	if connecting {
		return p.change(fd, unix.EVFILT_WRITE, unix.EV_ADD)
	}
	return p.change(fd, unix.EVFILT_READ, unix.EV_ADD)
}

func (p *kqueuePoller) readOnly(fd int) {
	p.change(fd, unix.EVFILT_WRITE, unix.EV_DELETE)
	p.change(fd, unix.EVFILT_READ, unix.EV_ADD)
}

func (p *kqueuePoller) readWrite(fd int) {
	p.change(fd, unix.EVFILT_READ, unix.EV_ADD)
	p.change(fd, unix.EVFILT_WRITE, unix.EV_ADD)
}

func (p *kqueuePoller) change(fd, filter, flags int) syscall.Errno {
	var one [1]unix.Kevent_t
	unix.SetKevent(&one[0], fd, filter, flags)
	_, err := unix.Kevent(p.queue, one[:], nil, nil)
	return errnoOf(err)
}

// wait returns what is ready, after at most the time given. What epoll gains by
// knowing that something comes soon is not to be had here.
func (p *kqueuePoller) wait(atMost time.Duration, _ bool) []event {
	timeout := unix.NsecToTimespec(int64(max(0, atMost)))
	n, err := unix.Kevent(p.queue, nil, p.told[:], &timeout)
	if err != nil { // EINTR: a signal came; the loop looks at everything anyway
		return nil
	}
	p.events = p.events[:0]
	for i := range p.told[:n] {
		p.merge(&p.told[i])
	}
	for i := range p.events {
		p.position[p.events[i].descriptor] = 0
	}
	return p.events
}

// merge makes one event of what the two filters of a socket tell: after the first,
// the loop may have closed it and opened another under the same number.
func (p *kqueuePoller) merge(told *unix.Kevent_t) {
	fd := int(told.Ident)
	for fd >= len(p.position) {
		p.position = append(p.position, 0)
	}
	if p.position[fd] == 0 {
		p.events = append(p.events, event{descriptor: fd})
		p.position[fd] = len(p.events)
	}
	e := &p.events[p.position[fd]-1]
	// A half-closed socket that was read to its end tells EOF; with data still to
	// read it does too, and reading comes first.
	e.ended = e.ended || told.Flags&(unix.EV_EOF|unix.EV_ERROR) != 0
	switch int(told.Filter) {
	case unix.EVFILT_READ:
		e.canRead = true
	case unix.EVFILT_WRITE:
		e.write = true
	}
}

func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if err == nil {
		return 0
	}
	if errors.As(err, &errno) {
		return errno
	}
	return syscall.EINVAL
}
