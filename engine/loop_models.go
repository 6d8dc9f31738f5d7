//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

func newDriver(l *loop) driver {
	switch l.load.job.Workload.Model {
	case traffic.Users:
		return newUsersDriver(l)
	case traffic.Closed:
		return newClosedDriver(l)
	default:
		return newRateDriver(l)
	}
}

// closedDriver is the closed model: each connection sends its next request when
// the reply to the last is in.
type closedDriver struct {
	l       *loop
	end     time.Duration
	most    uint64 // requests that all loops begin together; 0: no limit
	toStart int    // connections that have not begun
	wanted  int    // of these, those that will
}

func newClosedDriver(l *loop) *closedDriver {
	w := l.load.job.Workload
	d := &closedDriver{l: l, end: never, most: w.Requests, toStart: l.share(w.Connections)}
	if w.Duration > 0 {
		d.end = w.Duration
	}
	d.count(0)
	return d
}

// count tells how many connections are still to be opened.
func (d *closedDriver) count(at time.Duration) {
	now := d.toStart
	if d.most > 0 {
		begun := min(d.l.load.queue.taken.Load(), d.most)
		now = int(min(uint64(now), d.most-begun))
	}
	d.l.spent.begin(now-d.wanted, held, at)
	d.wanted = now
}

func (d *closedDriver) next() time.Duration {
	if d.toStart > 0 && !d.done() {
		return 0
	}
	return never
}

// startAtOnce is how many connections are opened between two looks at the
// replies, so that the first of them need not wait for the last.
const startAtOnce = 64

func (d *closedDriver) act() {
	for n := 0; d.toStart > 0 && n < startAtOnce && !d.done(); n++ {
		d.toStart--
		d.begin(d.l.slot())
		d.count(d.l.now)
	}
	if d.wanted > 0 {
		d.count(d.l.now)
	}
}

func (d *closedDriver) begin(c *conn) {
	if d.done() || !d.take() {
		d.l.does(c, unwanted)
		return
	}
	d.l.begin(c, d.l.load.request.bytes, d.l.now, never)
}

// take counts a request that begins, and says whether it is still one of those
// asked for. All loops share the count, so that no connection is idle while there
// is something left.
func (d *closedDriver) take() bool {
	return d.most == 0 || d.l.load.queue.taken.Add(1) <= d.most
}

func (d *closedDriver) finished(c *conn) {
	if c.state == connClosed && !c.replied {
		if !c.ours {
			d.l.does(c, connecting)
		}
		c.since = d.l.now
		d.l.pausing.push(c)
		return
	}
	d.begin(c)
}

func (d *closedDriver) resume(c *conn) { d.begin(c) }

func (d *closedDriver) done() bool {
	return d.l.now >= d.end || d.most > 0 && d.l.load.queue.taken.Load() >= d.most
}

func (d *closedDriver) abandon() {}

// usersDriver is the open model of virtual users. Any loop may take the next that
// arrives; the one in which the user is at home wakes for it.
type usersDriver struct {
	l *loop
	// failed are users whose last request found no connection, and who go on with
	// their next: from here, so that refusals do not call each other ever deeper.
	failed []*conn
}

func newUsersDriver(l *loop) *usersDriver { return &usersDriver{l: l} }

func (d *usersDriver) next() time.Duration {
	if len(d.failed) > 0 {
		return 0
	}
	queue := &d.l.load.queue
	return d.l.load.dueAt(queue.atHome(d.l.number, queue.taken.Load()))
}

func (d *usersDriver) act() {
	for n := min(len(d.failed), startAtOnce); n > 0; n-- {
		last := len(d.failed) - 1
		c := d.failed[last]
		d.failed = d.failed[:last]
		d.goOn(c)
	}
	for n := 0; n < startAtOnce; n++ {
		due, arrived := d.l.takeAt(d.l.now)
		if !arrived {
			return
		}
		c := d.l.slot()
		c.left, c.dropped = d.l.load.job.Workload.Repeat, false
		c.cache = userCache{on: d.l.load.job.Workload.HTTPCache, buffer: c.cache.buffer[:0]}
		c.left--
		d.l.spent.turn(&c.doing, held, due)
		d.l.begin(c, d.l.load.request.bytes, due, due)
		d.l.clock()
	}
}

func (d *usersDriver) finished(c *conn) {
	if c.cache.on {
		c.cache.learn(&c.parser)
	}
	if c.left == 0 {
		d.l.does(c, unwanted)
		d.l.close(c)
		d.l.spare = append(d.l.spare, c)
		return
	}
	if c.state == connClosed && !c.replied {
		d.failed = append(d.failed, c)
		return
	}
	d.goOn(c)
}

func (d *usersDriver) resume(c *conn) { d.goOn(c) }

// goOn sends a user's next request.
func (d *usersDriver) goOn(c *conn) {
	c.left--
	request := d.l.load.request.bytes
	if c.cache.known {
		request = c.cache.request(d.l.load.request)
	}
	d.l.begin(c, request, d.l.now, never)
}

func (d *usersDriver) done() bool { return d.l.load.allTaken() && len(d.failed) == 0 }

func (d *usersDriver) abandon() {}

// rateDriver is the open models of a rate: requests are due by a schedule, and a
// free connection takes the next, in whichever loop it is; while none is free, they
// wait.
type rateDriver struct {
	l       *loop
	free    []*conn // a ring of the connections that are free, the longest free first
	head    int
	vacancy vacancy // how many there are, and when there were none
	over    bool    // nothing will be due any more

	watched uint64 // the request that is waited for, and when it is due
	due     time.Duration
}

func newRateDriver(l *loop) *rateDriver {
	d := &rateDriver{l: l, watched: nothing, due: never}
	d.free = make([]*conn, max(1, l.share(l.load.job.Workload.Connections)))
	for i := range d.free {
		d.free[i] = l.slot()
		l.does(d.free[i], idle)
		d.vacancy.freed(0)
	}
	return d
}

func (d *rateDriver) next() time.Duration {
	if since := int64(d.vacancy.fullTo); d.vacancy.free > 0 {
		if watch := &d.l.load.queue.watches[d.l.number]; watch.since.Load() != since {
			watch.since.Store(since)
		}
	}
	request, standIn := d.l.load.queue.watch(d.l.number, d.vacancy.free > 0)
	if standIn >= 0 {
		d.l.load.loops[standIn].poller.wake()
	}
	if request != d.watched {
		d.watched, d.due = request, d.l.load.dueAt(request)
	}
	if over := d.l.load.schedule.over; d.due == never && d.l.now < over {
		return over
	}
	return d.due
}

func (d *rateDriver) act() {
	for n := 0; d.vacancy.free > 0 && n < startAtOnce; n++ {
		due, taken := d.l.takeAt(d.l.now)
		if !taken {
			break
		}
		c := d.free[d.head]
		d.head = (d.head + 1) % len(d.free)
		d.send(c, due)
		d.l.clock()
	}
	if !d.over && d.l.load.allTaken() {
		d.rest()
	}
}

// send sends a request that was taken for a connection, which is free or just became it.
func (d *rateDriver) send(c *conn, due time.Duration) {
	sendable := d.vacancy.taken(due, d.l.now)
	if elsewhere := d.l.load.queue.freeSince(d.l.number); elsewhere < sendable {
		sendable = max(due, elsewhere) // another loop could have sent it, whatever kept this one
	}
	d.l.spent.turn(&c.doing, held, max(sendable, c.freed))
	d.l.begin(c, d.l.load.request.bytes, due, sendable)
}

// rest lets the free connections go, once the last request was due.
func (d *rateDriver) rest() {
	d.over = true
	last := d.l.now
	if count := d.l.load.queue.count; count > 0 { // another loop took it, maybe long ago
		last = min(last, d.l.load.dueAt(count-1))
	}
	for i := range d.vacancy.free {
		c := d.free[(d.head+i)%len(d.free)]
		d.l.spent.turn(&c.doing, unwanted, max(last, c.freed))
	}
}

func (d *rateDriver) finished(c *conn) {
	// A refusal goes through act: or else refusals would call each other ever deeper.
	refused := c.state == connClosed && !c.replied
	if d.vacancy.free == 0 && !refused {
		if due, taken := d.l.takeAt(d.l.now); taken {
			// It was due while every connection was busy, and waited for the server; unless
			// that was so only because the generator had been late before.
			d.vacancy.freed(c.freed)
			d.l.spent.turn(&c.doing, idle, c.freed)
			d.send(c, due)
			return
		}
	}
	d.free[(d.head+d.vacancy.free)%len(d.free)] = c
	d.vacancy.freed(c.freed)
	if d.over || d.l.load.allTaken() {
		d.l.does(c, unwanted)
		return
	}
	d.l.spent.turn(&c.doing, idle, c.freed)
}

func (d *rateDriver) resume(c *conn) { d.finished(c) }

// done is at the end of the schedule, not with its last request: a load of two
// requests per second takes its time, though it has nothing to do in the last half
// of a second.
func (d *rateDriver) done() bool { return d.l.load.allTaken() && d.l.now >= d.l.load.schedule.over }

func (d *rateDriver) abandon() {
	if d.l.load.job.SkipLate {
		d.l.load.queue.taken.Store(d.l.load.queue.count)
		return
	}
	for {
		due, left := d.l.takeAt(never)
		if !left {
			return
		}
		d.l.tally.ko++
		d.l.tally.record(d.l.tally.responseKO, max(0, d.l.now-due))
		d.l.tally.fail(fixed(measure.CauseTimeout), d.l.now, nil, whyNeverFree)
		d.l.tally.settle(false, d.l.now, d.l.load.ends)
	}
}
