package engine

import (
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// activity is what a connection is doing, seen as whose turn it is.
type activity uint8

const (
	unwanted   activity = iota // there is none: a user that has gone, a pool that is not needed any more
	connecting                 // the server's turn
	waiting                    // the server's
	held                       // the generator's: it has a request to send, and nothing that hinders it
	idle                       // nobody's
	activities
)

// activityTimes integrates over time how many connections do what. To begin at a
// moment takes that moment off a sum, and to end adds it: so each change costs an
// addition, and the integral is exact at any time.
type activityTimes struct {
	of [activities]activityTime
}

type activityTime struct {
	count int64
	sum   time.Duration
}

// turn has a connection change from one activity to another. The moment may lie in
// the past, also before the interval began: a generator that reads replies late finds
// out late whose turn it was, and the later the more of it is its own. The interval
// then takes back what those before it told, so that the sum is right.
func (a *activityTimes) turn(c *activity, to activity, at time.Duration) {
	from := *c
	a.of[from].count--
	a.of[from].sum += at
	a.of[to].count++
	a.of[to].sum -= at
	*c = to
}

// begin adds connections that are no slots yet; fewer than none takes them off.
func (a *activityTimes) begin(n int, as activity, at time.Duration) {
	a.of[as].count += int64(n)
	a.of[as].sum -= time.Duration(n) * at
}

// take returns what was spent until a moment, from which it begins anew.
func (a *activityTimes) take(at time.Duration) measure.ConnectionTime {
	spent := func(as activity) time.Duration {
		upTo := time.Duration(a.of[as].count) * at
		all := a.of[as].sum + upTo
		a.of[as].sum = -upTo
		return all
	}
	return measure.ConnectionTime{Connecting: spent(connecting), Waiting: spent(waiting), Held: spent(held), Idle: spent(idle)}
}

// vacancy knows, of a pool that serves a schedule, when none of its connections was
// free: a request that came due then waited for the server, and any other for the
// generator alone.
type vacancy struct {
	free             int
	fullFrom, fullTo time.Duration // the last stretch in which none was free; it may go on
}

// freed adds a connection that became free.
func (v *vacancy) freed(at time.Duration) {
	if v.free == 0 {
		v.fullTo = at
	}
	v.free++
}

// taken takes a free connection for a request, and returns since when that could have
// been sent: since it was due, or since the server left a connection free.
func (v *vacancy) taken(due, at time.Duration) (since time.Duration) {
	v.free--
	since = due
	if due >= v.fullFrom && due < v.fullTo {
		since = v.fullTo
	}
	if v.free > 0 {
		return since
	}
	if due >= v.fullTo { // else it was waited for when one became free: the stretch goes on
		v.fullFrom = at
	}
	v.fullTo = never
	return since
}
