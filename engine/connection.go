package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// connection is a connection slot of the portable client: a goroutine owns it and
// waits for each reply. It may be closed and opened again.
type connection struct {
	load    *load
	shard   *shard
	checker *checker
	net     net.Conn   // nil: not open
	socket  net.Conn   // the TCP connection: net itself, or what lies below TLS
	http2   *http2Conn // nil: HTTP/1.1
	raw     rawConn
	stamps  *stampedConn // nil: replies end when they are read
	below   *belowTLS    // nil: no TLS, or HTTP/2
	arrival arrivalClock
	arrived int64 // of the reply's last byte so far, by the kernel: ns since 1970; 0: not told
	turn    turn
	doing   activity
	parser  replyParser
	buffer  []byte
	dialAt  time.Duration
	endAt   time.Duration // when the server had closed it, as far as was seen; only if dropped
	freeAt  time.Duration // when its last request ended
	freed   time.Duration // when the server left it free: as that reply arrived
	armed   time.Duration // the deadline that net has; 0: none
	first   bool          // no request has ended on this connection yet
	replied bool          // this connection got a whole reply
	dropped bool          // the server closed the connection before this one
	idled   bool          // and had left it free for longFree when that was found
	ours    bool          // its last request failed for want of what the generator needs
	served  int64         // replies on this connection
	written int           // bytes of the request under way that went out
	expired measure.Cause // by which the request timed out; "": it did not
}

const readBuffer = 4 << 10

// connection takes a slot from those that are free, or makes one.
func (l *load) connection(shard *shard) *connection {
	c, _ := l.slots.Get().(*connection)
	if c == nil {
		c = &connection{load: l, checker: newChecker(l.job.Checks), buffer: make([]byte, readBuffer)}
		c.parser.bodyLimit, c.parser.budget = c.checker.bodyLimit(), &l.bodies
	}
	c.shard = shard
	c.arrival.began, c.arrival.wall = l.began, l.job.wall
	c.freeAt, c.replied, c.dropped = 0, false, false
	return c
}

// release closes the connection and leaves its slot to others.
func (c *connection) release() {
	c.shard.turn(&c.doing, unwanted, c.load.since())
	c.close()
	c.load.slots.Put(c)
}

// dial opens the connection.
func (c *connection) dial() error {
	if c.dropped {
		c.dropped = false
		c.shard.reconnect(c.served, c.endAt-c.dialAt, c.idled)
	}
	c.served = 0
	c.first, c.replied, c.armed = true, false, 0
	c.dialAt = c.load.since()
	c.shard.dialing(&c.doing, c.dialAt)
	conn, err := c.load.request.dial(c.load.dialing, &c.load.dialer)
	if err == nil && c.load.request.http2 != nil {
		c.http2, err = c.load.request.http2.connect(c.load.dialing, conn)
	}
	took := c.connectTook(conn)
	c.shard.dialled(&c.doing, c.load.since(), took, err == nil)
	if err != nil {
		return err
	}
	c.net, c.socket, c.stamps, c.below = conn.Conn, conn.socket, conn.stamps, conn.below
	c.raw = newRawConn(conn.socket)
	c.load.open.add(conn.socket)
	return nil
}

// connectTook is how long the connect took that has just ended: to its answer, or
// with TLS to the arrival of what ended the handshake.
func (c *connection) connectTook(conn dialled) time.Duration {
	if !c.load.arrives {
		return c.load.since() - c.dialAt
	}
	now := c.arrival.turn()
	if c.load.request.tls != nil {
		at, _ := c.arrival.end(conn.shaken, c.dialAt, now)
		return at - c.dialAt
	}
	if took, told := conn.stamps.connectTime(); told {
		return min(took, now-c.dialAt)
	}
	return now - c.dialAt
}

func (c *connection) close() {
	if c.net == nil {
		return
	}
	c.parser.drop()
	c.load.open.remove(c.socket)
	if c.http2 != nil {
		_ = c.http2.client.Close() // it closes net too
		c.http2 = nil
	}
	c.net.Close()
	c.net, c.socket, c.stamps, c.below, c.raw = nil, nil, nil, nil, rawConn{}
	c.shard.closed(c.replied)
}

// gone says whether a connection that is free is of no more use; dropped then tells
// whether it was the server who closed it.
func (c *connection) gone() bool {
	switch {
	case c.http2 != nil:
		c.dropped = true
		return c.http2.gone()
	case c.load.request.tls == nil:
		state := c.raw.state()
		c.dropped = state == rawEnded
		if state == rawSpeaks {
			c.shard.spoke()
		}
		return state != rawQuiet
	}
	c.dropped = true
	// What has come may be TLS's own, such as session tickets, or its good-bye.
	if c.raw.state() == rawQuiet {
		return false
	}
	_ = c.net.SetReadDeadline(time.Now().Add(time.Millisecond))
	n, err := c.net.Read(c.buffer[:1])
	c.arm(c.armed)
	if n > 0 {
		c.dropped = false
		c.shard.spoke()
	}
	return n > 0 || !errors.Is(err, os.ErrDeadlineExceeded)
}

// failure is why a request got no whole reply.
type failure struct {
	cause measure.Cause
	err   error
	why   string // err as it is told; "": by its own words
	// unsent: the connection closed under the request, before any byte of a
	// reply. If it had served others, the request may be sent once more.
	unsent bool
}

// words say why.
func (f failure) words() string {
	if f.why != "" {
		return f.why
	}
	return whyBroken(f.err)
}

// whyDial says why a connect failed.
func whyDial(err error) string {
	var handshake *handshakeError
	switch {
	case dialCause(err) != measure.CauseConnectTimeout:
		return whyBroken(err)
	case errors.As(err, &handshake):
		return whyUnshaken
	}
	return whyConnectTimeout
}

// errAfter tells that bytes came after the end of a reply.
var errAfter = errors.New("bytes after the reply")

// idleFor is how long a connection must have been free to be looked at before the
// next request: one that goes out at once would hardly find it closed.
const idleFor = 200 * time.Microsecond

// request sends one request and records how it ended. intended is when it was due;
// sendable, since when the generator alone kept it from being sent; never: it came by
// no schedule, and its lateness is not worth recording. It returns the time of its end.
func (c *connection) request(ctx context.Context, bytes []byte, intended, sendable time.Duration) (end time.Duration) {
	c.freed = never
	end, c.ours = c.try(ctx, bytes, intended, sendable)
	c.freeAt, c.freed = end, min(c.freed, end)
	return end
}

// try says beside the time of its end whether the request failed for want of what the
// generator needs.
func (c *connection) try(ctx context.Context, bytes []byte, intended, sendable time.Duration) (end time.Duration, ours bool) {
	c.expired = ""
	now := c.load.since()
	late := time.Duration(-1)
	if sendable != never {
		late = max(0, now-sendable)
	}
	if c.net != nil && now-c.freeAt > idleFor {
		if c.gone() {
			c.idled, c.endAt = now-c.freeAt >= longFree, now // or for less, and before: nobody was there to see
			c.close()
		} else {
			c.dropped = false
		}
	}
	for again := false; ; again = true {
		if c.net == nil {
			if late >= 0 { // lateness is until the connect begins; the rest is the server's
				c.shard.late(late)
				late = -1
			}
			if err := c.dial(); err != nil {
				end = c.load.since()
				cause := dialCause(err)
				if cause == measure.CauseConnectTimeout {
					c.expired = cause
				}
				if ctx.Err() == nil {
					c.shard.failed(&c.doing, failedRequest{cause: cause, why: whyDial(err), response: end - intended, at: end})
				}
				return end, cause.Generators()
			}
			now = c.load.since()
		}
		sent, reused, first := now, c.replied, c.first
		c.shard.sending(&c.doing, sent, again, first, late)
		late = -1
		c.first = false
		fail := c.exchange(ctx, bytes, sent)
		end = c.now()
		if fail.err == nil {
			c.finish(intended, sent, end, first)
			return end, false
		}
		c.close()
		switch {
		case fail.unsent && reused && !again && c.load.request.idempotent && ctx.Err() == nil:
			c.shard.unsent(&c.doing, end, first)
			c.shard.resending(c.served, end-c.dialAt, c.written)
			now = end
		case ctx.Err() != nil: // cut off by us: neither OK nor KO
			c.shard.unsent(&c.doing, end, first)
			return end, false
		default:
			if fail.cause == measure.CauseTimeout {
				c.expired = fail.cause
			}
			if fail.cause == measure.CauseClosedBeforeReply && reused && !c.load.request.idempotent {
				fail.why = whyDropped
			}
			c.shard.failed(&c.doing, failedRequest{cause: fail.cause, why: fail.words(), response: end - intended, at: end,
				sample: c.parser.begun, received: c.parser.total, written: c.written, sent: true, first: first,
				cutShort: c.written < len(bytes) && !c.parser.started()})
			return end, false
		}
	}
}

// now is the time since the load began, and where replies end at their arrival the
// start of a turn of the two clocks.
func (c *connection) now() time.Duration {
	if c.load.arrives {
		return c.arrival.turn()
	}
	return c.load.since()
}

// finish records a whole reply, which was read just now.
func (c *connection) finish(intended, sent, read time.Duration, first bool) {
	end := replyEnd{at: read, read: read}
	if c.load.arrives {
		end.at, end.byArrival = c.arrival.end(c.arrived, sent, read)
	}
	r := wholeReply{intended: intended, sent: sent, end: end, arrives: c.load.arrives, first: first, received: c.parser.total, written: c.written}
	c.freed = end.at
	if c.load.listens {
		c.load.lastReply.Store(int64(read))
	}
	c.served++
	if !c.replied {
		c.replied = true
		r.firstReply = end.at - c.dialAt
	}
	if cause, ok := c.checker.judge(&c.parser); !ok {
		r.cause, r.sample, r.why = cause, c.parser.begun, c.checker.whyNot(cause, &c.parser)
	}
	c.shard.replied(&c.doing, r, &c.parser)
	if !c.parser.keep {
		c.dropped, c.idled, c.endAt = c.parser.ends(), false, end.read
		c.close()
	}
}

// exchange writes the request and reads the reply.
func (c *connection) exchange(ctx context.Context, bytes []byte, sent time.Duration) failure {
	limit := sent + c.load.timeout
	if c.load.deadline > 0 {
		limit = min(limit, c.load.deadline)
	}
	if c.http2 != nil {
		ctx, cancel := context.WithDeadline(ctx, c.load.began.Add(limit))
		defer cancel()
		c.parser.begin(c.load.request.head)
		c.written = len(bytes)
		fail := c.http2.exchange(ctx, c.load.request.validators(bytes), &c.parser, c.buffer)
		c.arrived = c.http2.ends.ended.Load()
		return fail
	}
	if c.armed == 0 || c.armed > limit {
		c.arm(limit)
	}
	c.parser.begin(c.load.request.head)
	c.arrived = 0
	read, rest, err := c.send(bytes, limit)
	fail := c.reply(read, err, rest, limit)
	if rest.stop() != nil { // the request was cut off: nothing more may go out behind it
		c.parser.keep = false
		c.socket.Close() // TLS would wait for room to say good-bye
	}
	c.written += rest.written()
	return fail
}

// reply reads the reply, of which some may have been read already; err is what ended
// that. rest is what of the request is still being sent.
func (c *connection) reply(read int, err error, rest *upload, limit time.Duration) failure {
	for {
		if read > 0 {
			used, done, bad := c.parser.feed(c.buffer[:read])
			switch {
			case bad != nil:
				return failure{cause: measure.CauseMalformed, err: bad, why: c.parser.malformed(bad)}
			case done && used < read:
				c.shard.spoke()
				return failure{cause: measure.CauseMalformed, err: errAfter, why: c.parser.after(c.buffer[used:read])}
			case done:
				return failure{}
			}
		}
		if err != nil && !c.early(err, limit) {
			if errors.Is(err, io.EOF) && c.parser.closed(c.below.cutOff()) {
				return failure{}
			}
			if unwritten := rest.stop(); unwritten != nil && !errors.Is(unwritten, os.ErrDeadlineExceeded) && !c.parser.started() &&
				!(errors.Is(err, io.EOF) && errors.Is(unwritten, syscall.EPIPE)) {
				err = unwritten
			}
			return c.failure(err)
		}
		read, err = c.net.Read(c.buffer)
		// Of a close the kernel does not tell when it came. TLS tells of one together with
		// the bytes before it, if both were in one read: those have a time.
		if c.arrived = 0; err == nil || read > 0 {
			c.arrived = c.stamps.arrived()
		}
	}
}

// send writes the request, and where that can be had for less together, reads the
// first bytes of the reply. rest is what did not go out at once; what the server says
// to a part of a request is read meanwhile. err ends the exchange.
func (c *connection) send(bytes []byte, limit time.Duration) (read int, rest *upload, err error) {
	c.written = 0
	if c.raw.raw != nil && c.load.request.tls == nil {
		c.written, read, err = c.turn.exchange(c.raw, bytes, c.buffer)
		c.arrived = c.turn.arrived
		if c.written == len(bytes) || err != nil && !c.early(err, limit) {
			return read, nil, err
		}
	} else if len(bytes) <= mostAtOnce {
		for c.written < len(bytes) {
			n, err := c.net.Write(bytes[c.written:])
			c.written += n
			switch {
			case err == nil || c.early(err, limit):
			case errors.Is(err, os.ErrDeadlineExceeded):
				return 0, nil, err
			default:
				return 0, unsent(err), nil
			}
		}
		return 0, nil, nil
	}
	c.arm(limit) // exactly: two goroutines can't both see to a deadline that comes too early
	return 0, newUpload(c.net, bytes[c.written:]), nil
}

// arm sets the deadline of the open connection.
func (c *connection) arm(limit time.Duration) {
	c.armed = limit
	_ = c.net.SetDeadline(c.load.began.Add(limit)) // it fails only when closed, as the next call will
}

// early says whether the error is a deadline that came before the request's limit,
// and sets it right. A deadline stays as it is while requests come and go, which
// saves setting it for each.
func (c *connection) early(err error, limit time.Duration) bool {
	if !errors.Is(err, os.ErrDeadlineExceeded) || c.load.since() >= limit {
		return false
	}
	c.arm(limit)
	return true
}

// failure names what went wrong with an open connection.
func (c *connection) failure(err error) failure {
	begun := c.parser.started()
	// TLS calls a close without its good-bye unexpected.
	closed := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return failure{cause: measure.CauseTimeout, err: errTimeout, why: c.parser.late()}
	case closed && begun:
		return failure{cause: measure.CauseClosedMidReply, err: err, why: c.parser.unfinished()}
	case closed:
		return failure{cause: measure.CauseClosedBeforeReply, err: err, why: whyClosedBefore, unsent: true}
	default: // ECONNRESET, EPIPE and their kin
		return failure{cause: measure.CauseConnectionReset, err: err, unsent: !begun}
	}
}

// dialCause names what went wrong with a connect.
func dialCause(err error) measure.Cause {
	var timeout net.Error
	var handshake *handshakeError
	switch {
	case isNoDescriptors(err):
		return measure.CauseNoDescriptors
	case isNoPorts(err):
		return measure.CauseNoPorts
	case errors.As(err, &timeout) && timeout.Timeout():
		return measure.CauseConnectTimeout
	case isReset(err):
		return measure.CauseConnectionReset
	case errors.As(err, &handshake):
		return measure.CauseTLSHandshake
	case isRefused(err):
		return measure.CauseConnectRefused
	}
	return measure.CauseConnectFailed
}
