//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// loop is the fast client: one thread that owns its connections, waits for all of
// them at once, and records without a lock. There are a few of them in a load.
//
// Everything it does between two waits is the hot path: no allocation once its
// buffers have grown, no lock, no log, and only system calls that can't block.
type loop struct {
	load      *load
	number    int // of this loop, from 0
	of        int // how many loops share the load
	poller    poller
	addresses []socketAddress // of the host
	turnOf    int             // of them for the next connection
	checker   *checker
	buffer    []byte // what is read goes through here; parsers keep what they need
	in        receiver
	arrival   arrivalClock

	// lastOK is the last whole reply that was OK, which came in one piece: the
	// same bytes again need no parsing.
	lastOK       []byte
	lastOKKeep   bool
	lastOKOld    bool // it is HTTP/1.0
	lastOKStatus int
	lastOKTo     []byte // where it redirects to
	words        words  // in which its failures are told
	compares     bool   // not with an HTTP cache, which needs every reply's headers

	now      time.Duration // since the load began, as last read
	polled   time.Duration // when the poller returned last
	unread   time.Duration // how long what came with this event lay unread, as the poller tells
	driver   driver
	upcoming upcoming // of an open load
	conns    []*conn  // every one that exists
	spare    []*conn  // closed, to be used again
	byFD     []*conn
	inFlight int         // requests that wait for a reply, or for a connect
	waiting  connList    // connecting or awaiting a reply, the longest first
	pausing  connList    // closed loops that failed to connect, the longest first
	stop     atomic.Bool // the load ends early

	// What is measured: the loop adds to tally, and at each interval hands it
	// over and takes the spare that the collector has emptied.
	tally     *tally
	standing  standing
	spent     activityTimes
	turns     measure.LoopTime // of this interval; its wall is known when it ends
	began     time.Duration    // the interval
	publishAt time.Duration
	thread    *threadClock
	out       atomic.Pointer[published]
	free      atomic.Pointer[published]
	shown     published // the collector's: what stood when the loop last told
	ended     atomic.Bool
	heard     atomic.Int64 // when its last whole reply came, since the load began; only if the load's end depends on it
}

// socketPoller is what a loop asks of the system: poller is the one of this platform.
// The loop calls it directly, so that it costs no more than the system call.
type socketPoller interface {
	// add registers a socket once: for reading, or while it is connecting for writing.
	add(fd int, connecting bool) syscall.Errno
	// readOnly and readWrite change what a socket is watched for.
	readOnly(fd int)
	readWrite(fd int)
	// wait returns what is ready, after at most the time given, no descriptor
	// twice; soon says that something is likely to come within a ms. What it
	// returns holds until the next wait.
	wait(atMost time.Duration, soon bool) []event
	// wake ends the wait under way, or the next one. Any goroutine may call it.
	wake()
	close()
}

var _ socketPoller = (*poller)(nil)

// published is what a loop hands to the collector.
type published struct {
	tally    *tally
	standing standing
	spent    measure.ConnectionTime
	turns    measure.LoopTime
	at       time.Duration
}

// driver is a load model, as a loop follows it.
type driver interface {
	// next is when the driver wants to act next; never if not by time.
	next() time.Duration
	// act starts what is due.
	act()
	// finished takes over a connection whose request has ended; it may be closed.
	finished(c *conn)
	// resume goes on with a connection whose pause is over.
	resume(c *conn)
	// done says that nothing more will be started.
	done() bool
	// abandon counts as failed what was due and will not be sent any more.
	abandon()
}

// loopsAvailable says whether this platform has event loops.
const loopsAvailable = true

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
	again   bool // the request under way was sent before, on a connection that closed
	ours    bool // the last dial failed for want of what the generator needs
	writing bool // the poller watches for room to write

	intended time.Duration // of the request under way
	sendable time.Duration // since when nothing but the generator keeps it from being sent; never: its lateness is not recorded
	freed    time.Duration // when the server left the connection free: as its last reply arrived
	sent     time.Duration
	dialAt   time.Duration
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

// runLoops runs the load on event loops.
func (l *load) runLoops(ctx context.Context) error {
	for i, one := range l.loops {
		if err := one.open(); err != nil {
			for _, opened := range l.loops[:i] {
				opened.poller.close()
			}
			return err
		}
	}
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(woken)
		for _, one := range l.loops {
			one.stop.Store(true)
			one.poller.wake()
		}
	})
	takePlaces(len(l.loops))
	defer returnPlaces(len(l.loops))
	var running sync.WaitGroup
	for _, one := range l.loops {
		running.Go(func() {
			// Never unlocked, so that the thread ends with the loop: what promptThread
			// makes of it would pass to whatever is started from it later.
			runtime.LockOSThread()
			promptThread()
			one.run()
		})
	}
	running.Wait()
	if !stop() {
		<-woken // before its descriptor may be someone else's
	}
	for _, one := range l.loops {
		one.poller.close()
	}
	l.queue.taken.Store(l.queue.count) // when it was ended early, nothing is due any more
	return nil
}

func newLoops(l *load, count int) []*loop {
	loops := make([]*loop, count)
	for i := range loops {
		one := &loop{
			load: l, number: i, of: count,
			checker:  newChecker(l.job.Checks),
			buffer:   make([]byte, 64<<10),
			tally:    newTally(),
			compares: !l.job.Workload.HTTPCache,
		}
		one.free.Store(&published{tally: newTally()})
		loops[i] = one
	}
	return loops
}

func (l *loop) open() (err error) {
	targets := l.load.request.addresses
	if len(targets) == 0 {
		targets = []string{l.load.request.address}
	}
	l.addresses = make([]socketAddress, len(targets))
	for i, target := range targets {
		if l.addresses[i], err = parseAddress(target); err != nil {
			return err
		}
	}
	l.turnOf = l.number // so that loops with few connections begin with different ones
	l.poller, err = newPoller()
	return err
}

// nextAddress is where the next connection goes: to each of the host's in turn.
func (l *loop) nextAddress() *socketAddress {
	address := &l.addresses[l.turnOf%len(l.addresses)]
	l.turnOf++
	return address
}

// share is this loop's part of a number.
func (l *loop) share(n int) int { return (n + l.of - 1 - l.number) / l.of }

// upcoming is the next request of an open load, as a loop last saw it.
type upcoming struct {
	request uint64
	due     time.Duration
	known   bool
}

// takeAt takes the next request of an open load if it is due by the given moment
// and no other loop was faster.
func (l *loop) takeAt(now time.Duration) (due time.Duration, taken bool) {
	queue := &l.load.queue
	for {
		next := queue.taken.Load()
		if l.load.job.SkipLate {
			next = l.load.skipTo(next, now)
		}
		if !l.upcoming.known || l.upcoming.request != next {
			l.upcoming = upcoming{next, l.load.dueAt(next), true}
		}
		due = l.upcoming.due
		if due > now || due == never {
			return 0, false
		}
		if queue.taken.CompareAndSwap(next, next+1) {
			return due, true
		}
	}
}

func (l *loop) clock() time.Duration {
	l.now = time.Since(l.load.began)
	return l.now
}

// turn reads the clock at the start of a turn, and where replies end at their
// arrival the wall clock with it.
func (l *loop) turn() {
	if l.load.arrives {
		l.now = l.arrival.turn()
	} else {
		l.clock()
	}
}

// readyAtOnce is how many replies are handled between two looks at what is due: a
// server that answers hundreds at once would otherwise make the next arrivals late.
const readyAtOnce = 8

// run is the loop itself.
func (l *loop) run() {
	l.driver = newDriver(l)
	every := l.load.interval()
	l.publishAt = every
	l.arrival.began, l.arrival.wall = l.load.began, l.load.job.wall
	l.turn()
	l.thread = newThreadClock(l.now)
	for !l.stop.Load() {
		l.driver.act()
		if l.inFlight == 0 && l.driver.done() {
			break
		}
		if l.load.deadline > 0 && l.now >= l.load.deadline {
			l.giveUp()
			break
		}
		l.expire()
		if l.now >= l.publishAt {
			l.publish()
			l.publishAt = (l.now/every + 1) * every
		}
		events := l.wait()
		behind := l.unread
		for i := range events {
			l.unread = behind + l.now - l.polled
			l.ready(&events[i])
			if i%readyAtOnce == readyAtOnce-1 && l.driver.next() <= l.now {
				l.driver.act()
			}
		}
		if len(events) == 0 {
			l.clock()
		}
	}
	l.closeAll()
	l.thread.addTo(&l.turns, l.now)
	l.thread.close()
	l.thread = nil
	l.ended.Store(true)
}

// wait waits for what is ready, and measures the loop itself: the time that it spends
// otherwise, and where it comes back too late.
func (l *loop) wait() []event {
	last := l.polled
	from := l.clock()
	until := l.wakeAt()
	events := l.poller.wait(until-from, l.inFlight > 0)
	l.turn()
	l.polled = l.now
	l.turns.Busy += from - last
	l.unread = 0
	if l.polled-from < notWaited {
		// What is there came while the loop had its hands full: at some moment of that.
		l.unread = (from - last) / 2
	}
	if late := l.polled - max(from, until); late > absence && !l.thread.explains(late) {
		l.turns.Stop(late)
	}
	return events
}

// notWaited is how long the poller takes at most to find something that is there.
const notWaited = 5 * time.Microsecond

// wakeAt is when the loop has something to do even if no connection is ready.
func (l *loop) wakeAt() time.Duration {
	at := min(l.publishAt, l.driver.next())
	if head := l.waiting.head; head != nil {
		at = min(at, head.since+l.load.timeout)
	}
	if head := l.pausing.head; head != nil {
		at = min(at, head.since+connectPause)
	}
	if l.load.deadline > 0 {
		at = min(at, l.load.deadline)
	}
	return at
}

// ready handles what the poller says of a connection.
func (l *loop) ready(e *event) {
	fd := e.fd()
	if fd < 0 || fd >= len(l.byFD) || l.byFD[fd] == nil {
		return // the wake-up, or a connection that this batch has closed
	}
	c := l.byFD[fd]
	switch c.state {
	case connConnecting:
		if e.writable() || e.broken() {
			l.connected(c)
		}
	case connAwaiting:
		if c.writing && e.writable() {
			l.write(c)
		}
		if c.state == connAwaiting && e.readable() {
			l.read(c)
		}
	case connIdle:
		// Nothing was asked: the server closes, or speaks out of turn, and then it is
		// we who close.
		l.clock()
		if n, _, errno := l.in.receive(c.fd, l.buffer); errno == 0 && n > 0 {
			l.tally.outOfTurn++
		} else {
			c.dropped = true
		}
		l.close(c)
	}
}

// does has a connection do something else from now on.
func (l *loop) does(c *conn, to activity) { l.spent.turn(&c.doing, to, l.now) }

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

func (l *loop) dial(c *conn) {
	if c.dropped {
		c.dropped = false
		l.tally.reconnects++
		l.tally.servedUntilClose(c.served)
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
		if c.parser.closed() {
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
		l.heard.Store(int64(l.now))
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
		c.dropped = true
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
		l.tally.servedUntilClose(c.served)
		l.dial(c)
		return
	}
	switch {
	case errno != 0:
		l.fail(c, fixed(measure.CauseConnectionReset), c.parser.begun, errno.Error())
	case begun:
		l.fail(c, fixed(measure.CauseClosedMidReply), c.parser.begun, c.parser.unfinished())
	default:
		l.fail(c, fixed(measure.CauseClosedBeforeReply), nil, whyClosed(reused && !l.load.request.idempotent))
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
		l.close(c)
		l.fail(c, fixed(cause), c.parser.begun, c.parser.late())
	}
	l.tally.lose(left, cause, waited, l.now, l.load.ends)
}

// heardAt is when its last whole reply came, since the load began.
func (l *loop) heardAt() time.Duration { return time.Duration(l.heard.Load()) }

// giveUp ends a load whose drain is over: what is under way or due has timed out.
func (l *loop) giveUp() {
	l.driver.abandon()
	for c := l.waiting.head; c != nil; c = l.waiting.head {
		l.timeOut(c)
	}
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

// publish hands what was measured to the collector, unless that still has the
// last: then the next interval is longer.
func (l *loop) publish() {
	next := l.free.Load()
	if next == nil || l.out.Load() != nil {
		return
	}
	l.free.Store(nil)
	empty := next.tally
	next.tally, next.standing = l.tally, l.standing
	next.at = l.now
	next.spent, next.turns = l.interval()
	l.tally = empty
	l.out.Store(next)
	select {
	case l.load.published <- struct{}{}:
	default: // the collector has more than enough to wake for
	}
}

// interval ends an interval of what the loop measures of its connections and of itself.
func (l *loop) interval() (spent measure.ConnectionTime, turns measure.LoopTime) {
	l.thread.addTo(&l.turns, l.now)
	spent, turns = l.spent.take(l.now), l.turns
	turns.Wall = l.now - l.began
	turns.Busy = min(turns.Busy, turns.Wall)
	l.turns, l.began = measure.LoopTime{}, l.now
	return spent, turns
}

// take adds what the loop published to the measures. The collector calls it.
// It returns when what it adds was measured until; 0 if there is nothing new.
func (l *loop) take(into *measure.Measures, checks traffic.Checks) (until time.Duration) {
	if p := l.out.Swap(nil); p != nil {
		p.tally.addTo(into, checks)
		p.tally.reset()
		l.shown.standing = p.standing
		into.ConnectionTime.Add(p.spent)
		into.LoopTime.Add(p.turns)
		until = p.at
		l.free.Store(p)
	}
	if l.ended.Load() { // nobody else touches the tally any more
		l.tally.addTo(into, checks)
		l.tally.reset()
		l.shown.standing = l.standing
		spent, turns := l.interval()
		into.ConnectionTime.Add(spent)
		into.LoopTime.Add(turns)
		until = l.now
	}
	l.shown.standing.addTo(into)
	return until
}

// absence is how late a loop must come back to count as absent: longer than the kernel
// and Go's runtime keep it.
const absence = 10 * time.Millisecond
