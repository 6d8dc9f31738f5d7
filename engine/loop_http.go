//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// begin sends the request of a connection, which it opens if need be. sendable is since
// when the generator alone keeps it from being sent; never: by no schedule.
func (l *loop) begin(c *conn, request []byte, intended, sendable time.Duration) {
	l.inFlight++
	l.tally.active = l.now
	c.request, c.intended, c.sendable, c.again = request, intended, sendable, false
	if c.state == connClosed {
		l.dial(c)
	} else {
		l.send(c, 0)
	}
}

// send sends the request, of which so much is out already.
func (l *loop) send(c *conn, written int) {
	if c.again {
		l.tally.retried++
	} else {
		l.tally.sent++
	}
	l.late(c)
	l.does(c, waiting)
	c.state, c.sent, c.since = connAwaiting, l.now, l.now
	c.written, c.bytes, c.cut, c.arrived = written, 0, 0, 0
	l.tally.written += uint64(written)
	l.standing.inFlight++
	if c.first {
		l.standing.awaitingFirst++
	}
	l.waiting.push(c)
	c.parser.begin(l.load.request.head)
	l.write(c)
}

func (l *loop) write(c *conn) {
	for c.written < len(c.request) {
		n, errno := writeSocket(c.fd, c.request[c.written:])
		switch errno {
		case 0:
			c.written += n
			l.tally.written += uint64(n)
		case syscall.EAGAIN:
			if !c.writing {
				c.writing = true
				l.poller.readWrite(c.fd)
			}
			return
		case syscall.EINTR:
		default:
			// What the server said before it closed may still be there to read;
			// if it said nothing, reading tells so.
			c.cut = errno
			if c.writing {
				c.writing = false
				l.poller.readOnly(c.fd)
			}
			return
		}
	}
	if c.writing {
		c.writing = false
		l.poller.readOnly(c.fd)
	}
}

func (l *loop) read(c *conn) {
	n, arrived, errno := l.in.receive(c.fd, l.buffer)
	l.clock()
	c.arrived = arrived // of a close, 0: the kernel does not tell when it came
	switch {
	case errno == syscall.EAGAIN || errno == syscall.EINTR:
		return
	case errno != 0:
		l.broken(c, errno)
		return
	case n == 0:
		if c.parser.closed(false) {
			l.replied(c, nil, false)
			return
		}
		l.broken(c, 0)
		return
	}
	data := l.buffer[:n]
	whole := c.bytes == 0
	c.bytes += int64(n)
	l.tally.received += uint64(n)
	if whole && len(data) == len(l.lastOK) && string(data) == string(l.lastOK) {
		c.parser.keep, c.parser.old, c.parser.status = l.lastOKKeep, l.lastOKOld, l.lastOKStatus
		c.parser.location = append(c.parser.location[:0], l.lastOKTo...)
		l.ok(c)
		return
	}
	used, done, err := c.parser.feed(data)
	switch {
	case err != nil:
		l.end(c)
		l.close(c)
		l.fail(c, fixed(measure.CauseMalformed), c.parser.begun, c.parser.malformed(err))
	case done && used < n:
		l.end(c)
		l.close(c)
		l.tally.outOfTurn++
		l.fail(c, fixed(measure.CauseMalformed), c.parser.begun, c.parser.after(data[used:]))
	case done:
		l.replied(c, data, whole)
	}
}

// replied judges a reply that was parsed to its end. data is its last piece,
// or all of it if whole.
func (l *loop) replied(c *conn, data []byte, whole bool) {
	cause, ok := l.checker.judge(&c.parser)
	if ok {
		if whole && l.compares {
			l.lastOK = append(l.lastOK[:0], data...)
			l.lastOKKeep, l.lastOKOld, l.lastOKStatus = c.parser.keep, c.parser.old, c.parser.status
			l.lastOKTo = append(l.lastOKTo[:0], c.parser.location...)
		}
		l.okReply(c)
	} else {
		l.end(c)
		t := l.tally
		t.ko++
		end := l.endOf(c)
		t.record(t.responseKO, end.at-c.intended)
		l.took(c, end, false)
		t.fail(cause, l.now, c.parser.begun, l.checker.whyNot(cause, &c.parser))
		t.settle(false, end.at, l.load.ends)
	}
	// What judging took is the generator's own time, and no part of the next request's.
	l.clock()
	l.handOn(c)
}

// ok ends a request whose reply is known to be good at once.
func (l *loop) ok(c *conn) {
	l.okReply(c)
	l.handOn(c)
}

func (l *loop) okReply(c *conn) {
	l.end(c)
	t := l.tally
	t.ok++
	end := l.endOf(c)
	t.record(t.responseOK, end.at-c.intended)
	l.took(c, end, true)
	t.settle(true, end.at, l.load.ends)
}

// endOf is when the reply that was just read ended.
func (l *loop) endOf(c *conn) replyEnd {
	if !l.load.arrives {
		return replyEnd{at: l.now, read: l.now}
	}
	at, byArrival := l.arrival.end(c.arrived, c.sent, l.now)
	return replyEnd{at, l.now, byArrival}
}

// took records what every whole reply has, OK or KO.
func (l *loop) took(c *conn, end replyEnd, ok bool) {
	t := l.tally
	t.record(t.service, end.at-c.sent)
	if l.load.arrives {
		t.ended(end, c.intended, c.sent, ok)
	}
	c.freed = end.at
	if !end.byArrival {
		c.freed = max(c.sent, l.now-l.unread)
	}
	l.spent.turn(&c.doing, held, c.freed)
	t.reply(&c.parser)
	t.active = l.now
	if l.load.listens {
		l.lastReply.Store(int64(l.now))
	}
	c.served++
	if !c.replied {
		c.replied = true
		t.record(t.firstReply, end.at-c.dialAt)
	}
}

// handOn ends a request with a whole reply: the connection stays open or not, and
// the model takes over.
func (l *loop) handOn(c *conn) {
	l.inFlight--
	c.state = connIdle
	if !c.parser.keep || c.written < len(c.request) {
		c.dropped, c.idled, c.endAt = c.parser.ends(), false, l.now
		l.close(c)
	}
	l.driver.finished(c)
}

// end takes the request off the gauges and the list of those that may time out.
func (l *loop) end(c *conn) {
	l.waiting.remove(c)
	l.standing.inFlight--
	if c.first {
		c.first = false
		l.standing.awaitingFirst--
	}
}

// broken ends a connection under a request; errno 0 is an orderly close.
func (l *loop) broken(c *conn, errno syscall.Errno) {
	begun := c.bytes > 0
	if errno == 0 && !begun && c.cut != syscall.EPIPE { // which says no more than the close
		errno = c.cut
	}
	l.end(c)
	reused := c.replied
	l.close(c)
	if reused && !begun && !c.again && l.load.request.idempotent {
		c.again = true
		l.tally.servedUntilClose(c.served, l.now-c.dialAt, false)
		l.dial(c)
		return
	}
	l.cutShort(c)
	switch {
	case errno != 0:
		l.fail(c, fixed(measure.CauseConnectionReset), c.parser.begun, errno.Error())
	case begun:
		l.fail(c, fixed(measure.CauseClosedMidReply), c.parser.begun, c.parser.unfinished())
	default:
		l.fail(c, fixed(measure.CauseClosedBeforeReply), nil, whyClosed(reused && !l.load.request.idempotent))
	}
}

// cutShort counts a request that ends before it was written whole, or replied to.
func (l *loop) cutShort(c *conn) {
	if c.written < len(c.request) && c.bytes == 0 {
		l.tally.cutShort++
	}
}

// fail ends a request without a whole reply; the connection is closed already.
func (l *loop) fail(c *conn, cause causeKey, sample []byte, why string) {
	t := l.tally
	t.ko++
	t.record(t.responseKO, l.now-c.intended)
	t.fail(cause, l.now, sample, why)
	t.settle(false, l.now, l.load.ends)
	l.inFlight--
	c.freed = l.now
	l.does(c, held)
	l.driver.finished(c)
}

// expire ends what took too long, and the pauses that are over.
func (l *loop) expire() {
	for c := l.waiting.head; c != nil && l.now-c.since >= l.load.timeout; c = l.waiting.head {
		l.timeOut(c)
	}
	for c := l.pausing.head; c != nil && l.now-c.since >= connectPause; c = l.pausing.head {
		l.pausing.remove(c)
		l.driver.resume(c)
	}
}

func (l *loop) timeOut(c *conn) {
	// A user whose request timed out while nobody else got a reply either leaves. What
	// it would still have sent fails in the same way.
	left, waited := 0, l.now-c.intended
	if c.left > 0 && l.load.mute(l.now) {
		left, c.left = c.left, 0
	}
	cause := measure.CauseTimeout
	if c.state == connConnecting {
		cause = measure.CauseConnectTimeout
		l.waiting.remove(c)
		l.standing.connecting--
		l.byFD[c.fd] = nil
		closeSocket(c.fd)
		c.state = connClosed
		l.fail(c, fixed(cause), nil, whyConnectTimeout)
	} else {
		l.end(c)
		l.cutShort(c)
		l.close(c)
		l.fail(c, fixed(cause), c.parser.begun, c.parser.late())
	}
	l.tally.lose(left, cause, waited, l.now, l.load.ends)
}
