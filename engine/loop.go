//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
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
	lastReply atomic.Int64 // when its last whole reply came, since the load began; only if the load's end depends on it
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
	stop := context.AfterFunc(ctx, crash.Guarded(func() {
		defer close(woken)
		for _, one := range l.loops {
			one.stop.Store(true)
			one.poller.wake()
		}
	}))
	takePlaces(len(l.loops))
	defer returnPlaces(len(l.loops))
	var running sync.WaitGroup
	for _, one := range l.loops {
		running.Go(crash.Guarded(func() {
			// Never unlocked, so that the thread ends with the loop: what promptThread
			// makes of it would pass to whatever is started from it later.
			runtime.LockOSThread()
			promptThread()
			one.run()
		}))
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
			c.dropped, c.idled, c.endAt = true, l.now-l.unread-c.freed >= longFree, l.now
		}
		l.close(c)
	}
}

// lastReplyAt is when its last whole reply came, since the load began.
func (l *loop) lastReplyAt() time.Duration { return time.Duration(l.lastReply.Load()) }

// giveUp ends a load whose drain is over: what is under way or due has timed out.
func (l *loop) giveUp() {
	l.driver.abandon()
	for c := l.waiting.head; c != nil; c = l.waiting.head {
		l.timeOut(c)
	}
}
