//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"syscall"
	"time"
)

type connState uint8

const (
	connClosed connState = iota
	connConnecting
	connIdle     // open, no request under way
	connAwaiting // a request is being sent or was sent
)

// conn is a connection slot: a user, or one of a pool. It may be closed and
// opened again.
type conn struct {
	fd      int
	state   connState
	doing   activity
	first   bool // no request was sent on this connection yet
	replied bool // this connection got a whole reply
	dropped bool // the server closed the connection before this one
	idled   bool // and had left it free for longFree by then
	again   bool // the request under way was sent before, on a connection that closed
	ours    bool // the last dial failed for want of what the generator needs
	writing bool // the poller watches for room to write

	intended time.Duration // of the request under way
	sendable time.Duration // since when nothing but the generator keeps it from being sent; never: its lateness is not recorded
	freed    time.Duration // when the server left the connection free: as its last reply arrived
	sent     time.Duration
	dialAt   time.Duration
	endAt    time.Duration // when the server closed it; only if dropped
	since    time.Duration // when the wait that may time out began

	request []byte
	written int
	cut     syscall.Errno // why the request could not be written whole; 0: it was, or is being written
	bytes   int64         // of the reply so far
	arrived int64         // of the reply's last byte so far, by the kernel: ns since 1970; 0: not told
	served  int64         // replies on this connection
	parser  replyParser

	left  int // of a user: requests still to send
	cache userCache

	prev, next *conn // in waiting or pausing
}

// connList is a list of connections in the order they joined it.
type connList struct{ head, tail *conn }

func (l *connList) push(c *conn) {
	c.prev, c.next = l.tail, nil
	if l.tail != nil {
		l.tail.next = c
	} else {
		l.head = c
	}
	l.tail = c
}

func (l *connList) remove(c *conn) {
	if c.prev != nil {
		c.prev.next = c.next
	} else {
		l.head = c.next
	}
	if c.next != nil {
		c.next.prev = c.prev
	} else {
		l.tail = c.prev
	}
	c.prev, c.next = nil, nil
}

// nextAddress is where the next connection goes: to each of the host's in turn.
func (l *loop) nextAddress() *socketAddress {
	address := &l.addresses[l.turnOf%len(l.addresses)]
	l.turnOf++
	return address
}

// does has a connection do something else from now on.
func (l *loop) does(c *conn, to activity) { l.spent.turn(&c.doing, to, l.now) }

func (l *loop) dial(c *conn) {
	if c.dropped {
		c.dropped = false
		l.tally.reconnects++
		l.tally.servedUntilClose(c.served, c.endAt-c.dialAt, c.idled)
	}
	c.served = 0
	l.late(c) // until the connect begins; the connect itself is the server's
	l.does(c, connecting)
	c.ours = false
	c.first, c.replied, c.writing = true, false, false
	c.dialAt = l.now
	address := l.nextAddress()
	fd, errno := openSocket(address.family, l.load.manySegments)
	if errno != 0 {
		l.failDial(c, errno)
		return
	}
	if l.load.arrives {
		stampArrivals(fd)
	}
	errno = connectSocket(fd, address)
	written := 0
	if errno == syscall.EINPROGRESS {
		// On loopback the handshake is over before connect returns, though it does not
		// say so. Sending tells, and costs nothing where it is so.
		l.clock()
		written, errno = writeSocket(fd, c.request)
		if errno == syscall.EAGAIN || errno == syscall.ENOTCONN {
			errno = syscall.EINPROGRESS
		}
	}
	if errno == 0 && connectedToItself(fd) {
		errno = syscall.ECONNREFUSED // nobody listens there
	}
	if errno != 0 && errno != syscall.EINPROGRESS {
		closeSocket(fd)
		l.failDial(c, errno)
		return
	}
	c.fd = fd
	l.know(c)
	if err := l.poller.add(fd, errno != 0); err != 0 {
		l.byFD[fd] = nil
		closeSocket(fd)
		l.failDial(c, err)
		return
	}
	if errno == syscall.EINPROGRESS {
		c.state, c.since, c.writing = connConnecting, l.now, true
		l.standing.connecting++
		l.waiting.push(c)
		return
	}
	l.established(c, l.now-c.dialAt, written)
}

// connected ends a connect that took its time.
func (l *loop) connected(c *conn) {
	l.clock()
	l.waiting.remove(c)
	l.standing.connecting--
	errno := socketError(c.fd)
	if errno == 0 && connectedToItself(c.fd) {
		errno = syscall.ECONNREFUSED // nobody listens there
	}
	if errno != 0 {
		l.byFD[c.fd] = nil
		closeSocket(c.fd)
		c.state = connClosed
		l.failDial(c, errno)
		return
	}
	c.writing = false
	l.poller.readOnly(c.fd)
	took := l.now - c.dialAt
	if l.load.arrives {
		if told, ok := connectTime(c.fd); ok {
			took = min(took, told)
		}
	}
	l.established(c, took, 0)
}

// established goes on with a connection that is open, whose connect took so long;
// written is how much of its request is out already.
func (l *loop) established(c *conn, took time.Duration, written int) {
	l.standing.connections++
	l.tally.record(l.tally.connect, took)
	c.state = connIdle
	l.send(c, written)
}

func (l *loop) failDial(c *conn, errno syscall.Errno) {
	l.clock()
	cause := dialCause(errno)
	c.ours = cause.Generators()
	l.fail(c, fixed(cause), nil, errno.Error())
}

// late records how late the generator is with a request, once.
func (l *loop) late(c *conn) {
	if c.sendable != never {
		l.tally.record(l.tally.lateness, max(0, l.now-c.sendable))
		c.sendable = never
	}
}

// know makes the connection found by its descriptor.
func (l *loop) know(c *conn) {
	for c.fd >= len(l.byFD) {
		l.byFD = append(l.byFD, nil)
	}
	l.byFD[c.fd] = c
}

// close closes the connection; the slot stays.
func (l *loop) close(c *conn) {
	if c.state == connClosed {
		return
	}
	if !c.replied {
		l.tally.unanswered++
	}
	l.standing.connections--
	l.byFD[c.fd] = nil
	closeSocket(c.fd)
	c.parser.drop()
	c.state = connClosed
}

// closeAll ends the loop; requests under way are neither OK nor KO.
func (l *loop) closeAll() {
	for _, c := range l.conns {
		switch c.state {
		case connClosed:
		case connConnecting:
			l.standing.connecting--
			closeSocket(c.fd)
			c.state = connClosed
		default:
			if c.state == connAwaiting {
				l.end(c)
			}
			l.close(c)
		}
	}
}

// slot returns a closed connection to use.
func (l *loop) slot() *conn {
	if n := len(l.spare); n > 0 {
		c := l.spare[n-1]
		l.spare = l.spare[:n-1]
		return c
	}
	c := &conn{}
	c.parser.bodyLimit, c.parser.budget = l.checker.bodyLimit(), &l.load.bodies
	c.parser.words = &l.words
	l.conns = append(l.conns, c)
	return c
}
