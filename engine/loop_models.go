//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

package engine

import "time"

func newDriver(l *loop) driver {
	switch l.load.job.Workload.Model {
	case Users:
		return newUsersDriver(l)
	case Closed:
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
	left    uint64 // requests still to begin; only if limited
	limited bool
	toStart int // connections that have not begun
}

func newClosedDriver(l *loop) *closedDriver {
	w := l.load.job.Workload
	d := &closedDriver{l: l, end: never, toStart: l.share(w.Connections)}
	if w.Duration > 0 {
		d.end = w.Duration
	}
	if w.Requests > 0 {
		d.limited, d.left = true, uint64(l.share(int(w.Requests)))
	}
	l.spent.begin(d.wanted(), held, 0)
	return d
}

// wanted is how many connections are still to be opened.
func (d *closedDriver) wanted() int {
	if d.limited {
		return int(min(uint64(d.toStart), d.left))
	}
	return d.toStart
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
		d.l.spent.end(d.wanted(), held, d.l.now)
		d.toStart--
		d.begin(d.l.slot())
		d.l.spent.begin(d.wanted(), held, d.l.now)
	}
}

func (d *closedDriver) begin(c *conn) {
	if d.done() {
		d.l.does(c, unwanted)
		return
	}
	if d.limited {
		d.left--
	}
	d.l.begin(c, d.l.load.request.bytes, d.l.now, never)
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
	return d.l.now >= d.end || d.limited && d.left == 0
}

func (d *closedDriver) overdue() int64 { return 0 }
func (d *closedDriver) abandon()       {}

// usersDriver is the open model of virtual users.
type usersDriver struct {
	l      *loop
	nextID int // of the next user; this loop's are those that leave its number when divided by the loops
	due    time.Duration
	// failed are users whose last request found no connection, and who go on with
	// their next: from here, so that refusals do not call each other ever deeper.
	failed []*conn
}

func newUsersDriver(l *loop) *usersDriver {
	d := &usersDriver{l: l, nextID: l.number}
	d.schedule()
	return d
}

func (d *usersDriver) schedule() {
	w := d.l.load.job.Workload
	if d.nextID >= w.Users {
		d.due = never
		return
	}
	d.due = dueUser(d.nextID, w.Users, w.RampOver)
}

func (d *usersDriver) next() time.Duration {
	if len(d.failed) > 0 {
		return 0
	}
	return d.l.load.tick(d.due)
}

func (d *usersDriver) act() {
	for n := min(len(d.failed), startAtOnce); n > 0; n-- {
		last := len(d.failed) - 1
		c := d.failed[last]
		d.failed = d.failed[:last]
		d.goOn(c)
	}
	for n := 0; d.due <= d.l.now && n < startAtOnce; n++ {
		c := d.l.slot()
		c.left, c.dropped = d.l.load.job.Workload.Repeat, false
		c.cache = userCache{on: d.l.load.job.Workload.HTTPCache, buffer: c.cache.buffer[:0]}
		due := d.due
		d.nextID += d.l.of
		d.schedule()
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

func (d *usersDriver) done() bool { return d.due == never && len(d.failed) == 0 }

func (d *usersDriver) overdue() int64 {
	if d.due > d.l.now {
		return 0
	}
	return 1 // more would be counted at the next turn; a user never waits for another
}

func (d *usersDriver) abandon() {}

// rateDriver is the open models of a rate: requests are due by a schedule, and a
// free connection takes the next; while none is free, they wait.
type rateDriver struct {
	l        *loop
	schedule schedule
	k        uint64 // the next request; this loop's are those that leave its number when divided by the loops
	due      time.Duration
	free     []*conn // a ring of the connections that are free, the longest free first
	head     int
	vacancy  vacancy // how many there are, and when there were none
}

func newRateDriver(l *loop) *rateDriver {
	d := &rateDriver{l: l, schedule: newSchedule(l.load.job.Workload), k: uint64(l.number)}
	d.free = make([]*conn, max(1, l.share(l.load.job.Workload.Connections)))
	for i := range d.free {
		d.free[i] = l.slot()
		l.does(d.free[i], idle)
		d.vacancy.freed(0)
	}
	d.plan()
	return d
}

func (d *rateDriver) plan() {
	if d.k >= d.schedule.count {
		d.due = never
		for i := range d.vacancy.free { // nothing will be due any more
			d.l.does(d.free[(d.head+i)%len(d.free)], unwanted)
		}
		return
	}
	d.due = d.schedule.due(d.k)
}

func (d *rateDriver) advance() {
	d.k += uint64(d.l.of)
	d.plan()
}

func (d *rateDriver) next() time.Duration {
	if d.vacancy.free == 0 {
		return never // a reply frees a connection before anything can be sent
	}
	return d.l.load.tick(d.due)
}

func (d *rateDriver) act() {
	for n := 0; d.due <= d.l.now && d.vacancy.free > 0 && n < startAtOnce; n++ {
		c := d.free[d.head]
		d.head = (d.head + 1) % len(d.free)
		due := d.due
		sendable := d.vacancy.taken(due, d.l.now)
		d.l.spent.since(&c.doing, held, max(sendable, c.freed))
		d.advance()
		d.l.begin(c, d.l.load.request.bytes, due, sendable)
		d.l.clock()
	}
}

func (d *rateDriver) finished(c *conn) {
	// A refusal goes through act: or else refusals would call each other ever deeper.
	refused := c.state == connClosed && !c.replied
	if d.vacancy.free == 0 && d.due <= d.l.now && !refused {
		// It was due while every connection was busy, and waited for the server; unless
		// that was so only because the generator had been late before.
		due := d.due
		d.vacancy.freed(c.freed)
		sendable := d.vacancy.taken(due, d.l.now)
		d.l.spent.since(&c.doing, idle, c.freed)
		d.l.spent.since(&c.doing, held, max(sendable, c.freed))
		d.advance()
		d.l.begin(c, d.l.load.request.bytes, due, sendable)
		return
	}
	d.free[(d.head+d.vacancy.free)%len(d.free)] = c
	d.vacancy.freed(c.freed)
	if d.done() {
		d.l.does(c, unwanted)
		return
	}
	d.l.spent.since(&c.doing, idle, c.freed)
}

func (d *rateDriver) resume(c *conn) { d.finished(c) }

func (d *rateDriver) done() bool { return d.due == never }

func (d *rateDriver) overdue() int64 {
	due := d.schedule.dueBy(d.l.now)
	if due <= d.k {
		return 0
	}
	return int64((due - d.k + uint64(d.l.of) - 1) / uint64(d.l.of))
}

func (d *rateDriver) abandon() {
	for d.due != never {
		d.l.tally.ko++
		waited := max(0, d.l.now-d.due)
		d.l.tally.record(d.l.tally.responseKO, waited)
		d.l.tally.fail(fixed(CauseTimeout), d.l.now, nil, errNeverFree)
		d.advance()
	}
}
