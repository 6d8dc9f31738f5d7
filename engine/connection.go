package engine

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// connection is one TCP connection of the portable client: a goroutine owns it
// and waits for each reply.
type connection struct {
	load    *load
	shard   *shard
	checker *checker
	net     net.Conn // nil: not open
	parser  replyParser
	buffer  []byte
	dialAt  time.Duration
	first   bool // no request was sent yet
	replied bool // it got a whole reply
}

const readBuffer = 4 << 10

func (l *load) connection(shard *shard) *connection {
	c := &connection{load: l, shard: shard, checker: newChecker(l.job.Checks), buffer: make([]byte, readBuffer)}
	c.parser.bodyLimit = c.checker.bodyLimit()
	return c
}

// dial opens the connection.
func (c *connection) dial() error {
	c.dialAt = c.load.since()
	c.shard.dialing()
	conn, err := c.load.dialer.Dial(c.load.network, c.load.request.address)
	c.shard.dialled(c.load.since()-c.dialAt, err == nil)
	if err != nil {
		return err
	}
	c.net, c.first, c.replied = conn, true, false
	c.load.open.add(conn)
	return nil
}

func (c *connection) close() {
	if c.net == nil {
		return
	}
	c.load.open.remove(c.net)
	c.net.Close()
	c.net = nil
	c.shard.closed(c.replied)
}

// failure is why a request got no whole reply.
type failure struct {
	cause Cause
	err   error
	// unsent: a kept-alive connection closed under the request, before any byte
	// of a reply. The request may be sent once more.
	unsent bool
}

// request sends one request and records how it ended. intended is when it was
// due; late, if not negative, is the generator's own lateness. It returns the time
// of its end.
func (c *connection) request(bytes []byte, intended time.Duration, wasWaiting bool) (end time.Duration) {
	again := false
	for {
		if c.net == nil {
			if err := c.dial(); err != nil {
				end = c.load.since()
				if !c.load.stopping.Load() {
					c.shard.failed(end-intended, fixed(dialCause(err)), end, nil, err.Error())
				}
				return end
			}
			wasWaiting = false // the connect came between
		}
		sent := c.load.since()
		if wasWaiting {
			c.shard.late(sent - intended)
		}
		reused := c.replied
		c.shard.sending(len(bytes), again)
		first := c.first
		c.first = false
		c.shard.awaiting(1, first)
		received, fail := c.exchange(bytes, sent)
		end = c.load.since()
		c.shard.awaiting(-1, first)
		if fail == nil {
			c.finish(received, intended, sent, end)
			return end
		}
		sample := append([]byte(nil), c.buffer[:min(received, int64(len(c.buffer)))]...)
		c.close()
		if c.load.stopping.Load() {
			return end // cut off by us: neither OK nor KO
		}
		if fail.unsent && reused && !again {
			again = true
			continue
		}
		c.shard.failed(end-intended, fixed(fail.cause), end, sample, fail.err.Error())
		return end
	}
}

// finish records a whole reply.
func (c *connection) finish(received int64, intended, sent, end time.Duration) {
	r := replied{response: end - intended, service: end - sent, bytes: received, at: end}
	if !c.replied {
		c.replied = true
		r.firstReply = end - c.dialAt
	}
	if cause, ok := c.checker.judge(&c.parser); !ok {
		r.cause, r.sample = cause, c.buffer[:min(received, int64(len(c.buffer)))]
	}
	c.shard.replied(r)
	if !c.parser.keep {
		c.close()
	}
}

// exchange writes the request and reads the reply.
func (c *connection) exchange(bytes []byte, sent time.Duration) (received int64, fail *failure) {
	limit := sent + c.load.timeout
	if c.load.deadline > 0 {
		limit = min(limit, c.load.deadline)
	}
	if err := c.net.SetDeadline(c.load.began.Add(limit)); err != nil {
		return 0, c.failure(err)
	}
	c.parser.begin(c.load.request.head)
	if _, err := c.net.Write(bytes); err != nil {
		return 0, c.failure(err)
	}
	for {
		n, err := c.net.Read(c.buffer)
		received += int64(n)
		if n > 0 {
			used, done, err := c.parser.feed(c.buffer[:n])
			switch {
			case err != nil:
				return int64(n), &failure{cause: CauseMalformed, err: err}
			case done && used < n:
				return int64(n), &failure{cause: CauseMalformed, err: errGarbage}
			case done:
				return received, nil
			}
		}
		if err != nil {
			if errors.Is(err, io.EOF) && c.parser.closed() {
				return received, nil
			}
			return received, c.failure(err)
		}
	}
}

// failure names what went wrong with an open connection.
func (c *connection) failure(err error) *failure {
	begun := c.parser.started()
	fail := &failure{err: err}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		fail.cause = CauseTimeout
	case errors.Is(err, io.EOF) && begun:
		fail.cause = CauseClosedMidReply
	case errors.Is(err, io.EOF):
		fail.cause, fail.unsent = CauseClosedBeforeReply, true
	default: // ECONNRESET, EPIPE and their kin
		fail.cause, fail.unsent = CauseConnectionReset, !begun
	}
	return fail
}

// dialCause names what went wrong with a connect.
func dialCause(err error) Cause {
	var timeout net.Error
	switch {
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return CauseNoDescriptors
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return CauseNoPorts
	case errors.As(err, &timeout) && timeout.Timeout():
		return CauseConnectTimeout
	case errors.Is(err, syscall.ECONNRESET):
		return CauseConnectionReset
	}
	return CauseConnectRefused
}
