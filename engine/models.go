package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// runPortable runs the load on a goroutine for each connection.
func (l *load) runPortable(ctx context.Context) {
	if l.deadline > 0 { // a connect must not outlive the load either
		limited, cancel := context.WithDeadlineCause(ctx, l.began.Add(l.deadline), errTimeout)
		defer cancel()
		l.dialing = limited
	} else {
		l.dialing = ctx
	}
	closing := make(chan struct{})
	stop := context.AfterFunc(ctx, crash.Guarded(func() {
		l.open.closeAll()
		close(closing)
	}))
	switch l.job.Workload.Model {
	case traffic.Users:
		l.users(ctx)
	case traffic.Closed:
		l.closedLoop(ctx)
	default:
		l.openLoop(ctx)
	}
	if !stop() {
		<-closing
	}
}

// closedLoop is the closed model: each connection sends its next request when the
// reply to the last is in.
func (l *load) closedLoop(ctx context.Context) {
	workload := l.job.Workload
	var begun atomic.Uint64
	var workers sync.WaitGroup
	for i := range workload.Connections {
		workers.Go(crash.Guarded(func() {
			c := l.connection(l.shard(i))
			defer c.release()
			due := l.since()
			c.shard.turn(&c.doing, held, 0)
			for ctx.Err() == nil {
				if workload.Duration > 0 && due >= workload.Duration {
					return
				}
				if workload.Requests > 0 && begun.Add(1) > workload.Requests {
					return
				}
				due = c.request(ctx, l.request.bytes, due, never)
				if c.net == nil && !c.replied {
					if !c.ours {
						c.shard.turn(&c.doing, connecting, due)
					}
					pauseAfterFailure(ctx)
					due = l.since()
				}
			}
		}))
	}
	workers.Wait()
}

// connectPause keeps a closed loop from spinning on a port that refuses.
const connectPause = 10 * time.Millisecond

func pauseAfterFailure(ctx context.Context) {
	select {
	case <-time.After(connectPause):
	case <-ctx.Done():
	}
}

// users is the open model of virtual users.
func (l *load) users(ctx context.Context) {
	workload := l.job.Workload
	pace := newPacer(l)
	var users sync.WaitGroup
	for i := range workload.Users {
		due := l.dueAt(uint64(i))
		if !pace.until(ctx, due) {
			break
		}
		users.Go(crash.Guarded(func() { l.user(ctx, i, due) }))
	}
	users.Wait()
}

// user is one virtual user: it connects, sends its requests and closes.
func (l *load) user(ctx context.Context, i int, due time.Duration) {
	c := l.connection(l.shard(i))
	defer c.release()
	cache := userCache{on: l.job.Workload.HTTPCache}
	c.shard.turn(&c.doing, held, due)
	intended, sendable := due, due
	for n := range l.job.Workload.Repeat {
		if ctx.Err() != nil {
			return
		}
		began := intended
		intended, sendable = c.request(ctx, cache.request(l.request), intended, sendable), never
		if c.expired != "" && l.mute(intended) { // nobody would ever reply
			c.shard.lose(l.job.Workload.Repeat-n-1, c.expired, intended-began, intended)
			return
		}
		cache.learn(&c.parser)
	}
}

// openLoop is the open models of a rate: requests are due by a schedule, and a
// free connection takes the next one. One connection at a time waits for the
// next due time; when it comes it sends at once, and the next connection takes
// over the waiting: so no request waits for a goroutine to be woken.
func (l *load) openLoop(ctx context.Context) {
	var turn sync.Mutex
	pool := pool{}
	pool.free = l.job.Workload.Connections
	pace := newPacer(l)
	var workers sync.WaitGroup
	for i := range l.job.Workload.Connections {
		workers.Go(crash.Guarded(func() {
			c := l.connection(l.shard(i))
			defer c.release()
			c.shard.turn(&c.doing, idle, 0)
			for ctx.Err() == nil {
				turn.Lock()
				next := l.queue.taken.Load()
				if l.job.SkipLate {
					next = l.skipTo(next, l.since())
				}
				if next >= l.queue.count || l.pastDeadline() {
					turn.Unlock()
					return
				}
				due := l.dueAt(next)
				l.queue.taken.Store(next + 1)
				reached := pace.until(ctx, due)
				now := l.since()
				sendable := pool.taken(due, now)
				turn.Unlock()
				if !reached {
					return
				}
				c.shard.turn(&c.doing, held, min(now, max(sendable, c.freed)))
				c.request(ctx, l.request.bytes, due, sendable)
				pool.freed(c.freed)
				c.shard.turn(&c.doing, idle, c.freed)
			}
		}))
	}
	workers.Wait()
	// The load takes its time, though it may have nothing to do in the last of it.
	pace.until(ctx, l.schedule.over)
	if ctx.Err() == nil && !l.job.SkipLate {
		// What was due and never got a connection in all that time has timed out.
		now := l.since()
		for next := l.queue.taken.Load(); next < l.queue.count; next++ {
			l.shard(0).lost(failedRequest{cause: measure.CauseTimeout, why: whyNeverFree, response: now - l.dueAt(next), at: now})
		}
	}
	l.queue.taken.Store(l.queue.count)
}

// pool is the vacancy of a pool whose connections are goroutines.
type pool struct {
	mu sync.Mutex
	vacancy
}

func (p *pool) freed(at time.Duration) {
	p.mu.Lock()
	p.vacancy.freed(at)
	p.mu.Unlock()
}

func (p *pool) taken(due, at time.Duration) (since time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.vacancy.taken(due, at)
}

// skipped is how late a request may be that is not left out, if late ones are: those
// that are due at the same time need not be sent in the same µs.
const skipped = 5 * time.Millisecond

// skipTo leaves out of a schedule what is late, and returns the next request that is not.
func (l *load) skipTo(next uint64, now time.Duration) uint64 {
	punctual := l.schedule.dueBy(now - skipped - l.job.Tick)
	if punctual <= next || !l.queue.taken.CompareAndSwap(next, punctual) {
		return l.queue.taken.Load()
	}
	return punctual
}

func (l *load) pastDeadline() bool { return l.deadline > 0 && l.since() >= l.deadline }

// backlog is how many requests of an open load are due and not taken by a connection.
func (l *load) backlog() int {
	if l.job.SkipLate {
		return 0
	}
	now := l.since()
	if l.job.Tick > 0 {
		now = now.Truncate(l.job.Tick)
	}
	due, taken := l.schedule.dueBy(now), l.queue.taken.Load()
	if due <= taken {
		return 0
	}
	return int(due - taken)
}
