package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// closedLoop is the closed model: each connection sends its next request when the
// reply to the last is in.
func (l *load) closedLoop(ctx context.Context) {
	workload := l.job.Workload
	var begun atomic.Uint64
	var workers sync.WaitGroup
	for i := range workload.Connections {
		workers.Go(func() {
			c := l.connection(l.shard(i))
			defer c.close()
			due := l.since()
			for ctx.Err() == nil {
				if workload.Duration > 0 && l.since() >= workload.Duration {
					return
				}
				if workload.Requests > 0 && begun.Add(1) > workload.Requests {
					return
				}
				reused := c.net != nil
				end := c.request(l.request.bytes, due, reused)
				if reused && c.net == nil || c.net == nil && c.replied {
					c.shard.reconnect()
				}
				if c.net == nil && !c.replied {
					pauseAfterFailure(ctx)
					end = l.since()
				}
				due = end
			}
		})
	}
	workers.Wait()
}

// pauseAfterFailure keeps a closed loop from spinning on a port that refuses.
func pauseAfterFailure(ctx context.Context) {
	select {
	case <-time.After(10 * time.Millisecond):
	case <-ctx.Done():
	}
}

// users is the open model of virtual users.
func (l *load) users(ctx context.Context) {
	workload := l.job.Workload
	pace := newPacer(l)
	defer pace.close()
	var users sync.WaitGroup
	for i := range workload.Users {
		due := dueUser(i, workload.Users, workload.RampOver)
		if !pace.until(ctx, due) {
			break
		}
		users.Go(func() { l.user(ctx, i, due) })
	}
	users.Wait()
}

// user is one virtual user: it connects, sends its requests and closes.
func (l *load) user(ctx context.Context, i int, due time.Duration) {
	c := l.connection(l.shard(i))
	defer c.close()
	c.shard.late(l.since() - due)
	cache := userCache{on: l.job.Workload.HTTPCache}
	intended := due
	for n := range l.job.Workload.Repeat {
		if ctx.Err() != nil {
			return
		}
		if n > 0 && c.net == nil && c.replied {
			c.shard.reconnect()
		}
		had := c.net != nil
		intended = c.request(cache.request(l.request), intended, had)
		cache.learn(&c.parser)
	}
}

// userCache is what a browser remembers of a reply so as to ask whether it still
// holds. It keeps validators only: a reply that Cache-Control or Expires calls
// fresh is asked for again all the same.
type userCache struct {
	on     bool
	known  bool
	buffer []byte
}

// request is the request with what the cache adds to it.
func (u *userCache) request(p *prepared) []byte {
	if !u.known {
		return p.bytes
	}
	whole := make([]byte, 0, len(p.bytes)+len(u.buffer))
	whole = append(whole, p.bytes[:p.tail]...)
	whole = append(whole, u.buffer...)
	return append(whole, p.bytes[p.tail:]...)
}

// learn takes the validators of a reply; a 304 leaves the ones that are known.
func (u *userCache) learn(p *replyParser) {
	if !u.on || p.state != replyDone || p.status != 200 || len(p.etag)+len(p.lastModified) == 0 {
		return
	}
	u.buffer = u.buffer[:0]
	if len(p.etag) > 0 {
		u.buffer = append(append(append(u.buffer, "If-None-Match: "...), p.etag...), "\r\n"...)
	}
	if len(p.lastModified) > 0 {
		u.buffer = append(append(append(u.buffer, "If-Modified-Since: "...), p.lastModified...), "\r\n"...)
	}
	u.known = true
}

// openLoop is the open models of a rate: requests are due by a schedule, and a
// free connection takes the next one. One connection at a time waits for the
// next due time; when it comes it sends at once, and the next connection takes
// over the waiting.
func (l *load) openLoop(ctx context.Context) {
	schedule := newSchedule(l.job.Workload)
	var turn sync.Mutex
	var next uint64
	pace := newPacer(l)
	defer pace.close()
	var workers sync.WaitGroup
	for i := range l.job.Workload.Connections {
		workers.Go(func() {
			c := l.connection(l.shard(i))
			defer c.close()
			for ctx.Err() == nil {
				turn.Lock()
				if next >= schedule.count || l.pastDeadline() {
					turn.Unlock()
					return
				}
				due := schedule.due(next)
				next++
				waited := l.since() < due
				reached := pace.until(ctx, due)
				l.backlog.Store(int64(schedule.dueBy(l.since())) - int64(next))
				turn.Unlock()
				if !reached {
					return
				}
				had := c.net != nil
				if !had && waited {
					c.shard.late(l.since() - due)
				}
				c.request(l.request.bytes, due, had && waited)
				if c.net == nil && c.replied {
					c.shard.reconnect()
				}
			}
		})
	}
	workers.Wait()
	l.backlog.Store(0)
	if ctx.Err() != nil {
		return
	}
	// What was due and never got a connection in all that time has timed out.
	now := l.since()
	for ; next < schedule.count; next++ {
		l.shard(0).failed(now-schedule.due(next), fixed(CauseTimeout), now, nil,
			"it was due, and no connection became free before the load was given up")
	}
}

func (l *load) pastDeadline() bool { return l.deadline > 0 && l.since() >= l.deadline }
