package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// load is one job under way: what its connections share.
type load struct {
	job      Job
	bodies   bodyBudget
	request  *prepared
	dialer   net.Dialer
	began    time.Time
	deadline time.Duration // when what is still open is given up; 0: never
	timeout  time.Duration
	// arrives: replies end when they arrived, where the kernel tells; else when they
	// are read.
	arrives bool
	// ends is when the load's own time is over, and what comes after is waited for;
	// never if that depends on the replies.
	ends time.Duration
	// listens: when the last reply came is kept, for users who give up a mute server.
	listens bool
	// manySegments: a request may not fit into one TCP segment.
	manySegments bool

	schedule schedule // of a rate or ramp
	queue    queue    // what is due; of a closed load, how many requests were begun

	loops     []*loop       // of the fast client
	published chan struct{} // a loop has handed over an interval

	// What follows is the portable client's.
	shards    []*shard
	slots     sync.Pool       // of *connection that are free
	open      openConns       // to be closed when the load ends early
	dialing   context.Context // ends connects with the load
	lastReply atomic.Int64    // when the last whole reply came, since the load began
}

// since is the time since the load began.
func (l *load) since() time.Duration { return time.Since(l.began) }

func (l *load) shard(i int) *shard { return l.shards[i%len(l.shards)] }

// Run puts the job's load on its target and blocks until it is done or ctx ends.
// observe, if not nil, gets the Measures of each interval, in order, from one
// goroutine that is not on the path of the load; the value is the receiver's to
// keep. Run returns the merged Measures of the whole, also when ctx ended it
// early (then with ctx's error).
func Run(ctx context.Context, job Job, observe func(measure.Measures)) (measure.Measures, error) {
	if err := Check(job); err != nil {
		return measure.Measures{}, err
	}
	l, err := newLoad(ctx, job)
	if err != nil {
		return measure.Measures{}, err
	}
	return l.run(ctx, observe)
}

func (l *load) run(ctx context.Context, observe func(measure.Measures)) (measure.Measures, error) {
	if observe == nil {
		observe = func(measure.Measures) {}
	}
	collecting := newCollector(l, observe)
	l.began = time.Now()
	collecting.start()
	var err error
	if l.loops != nil {
		err = l.runLoops(ctx)
	} else {
		l.runPortable(ctx)
	}
	total := collecting.finish()
	if err == nil {
		err = ctx.Err()
	}
	return total, err
}

// arrivalsTold says whether this platform's kernel tells when what is read from a
// TCP socket had arrived.
const arrivalsTold = runtime.GOOS == "linux"

// interval is how often measures are handed out.
func (l *load) interval() time.Duration {
	if l.job.Interval > 0 {
		return l.job.Interval
	}
	return measure.DefaultInterval
}

// dueAt is when a request of an open load is due: that of a schedule by its number,
// a user's first by the user's; never if there is none.
func (l *load) dueAt(request uint64) time.Duration {
	if request >= l.queue.count {
		return never
	}
	if w := l.job.Workload; w.Model == traffic.Users {
		return l.tick(dueUser(int(request), w.Users, w.RampOver))
	}
	return l.tick(l.schedule.due(request))
}

// mute says that no whole reply has come for longer than users bear.
func (l *load) mute(now time.Duration) bool {
	last := time.Duration(l.lastReply.Load())
	for _, one := range l.loops {
		last = max(last, one.lastReplyAt())
	}
	return l.listens && now-last >= l.job.Patience
}

// allTaken says that nothing of an open load is still to begin.
func (l *load) allTaken() bool { return l.queue.taken.Load() >= l.queue.count }

// tick is when what the schedule has at a moment is due: then, or at the end of its tick.
func (l *load) tick(due time.Duration) time.Duration {
	tick := l.job.Tick
	if tick <= 0 || due == never {
		return due
	}
	return (due + tick - 1) / tick * tick
}

// oneSegment is what every TCP segment holds, whatever the path: IPv6 promises an
// MTU of 1280 bytes, less up to 100 of headers.
const oneSegment = 1180

const never = time.Duration(1<<63 - 1)

// mostShards bounds the memory that histograms take on a machine of many cores.
const mostShards = 8

func newLoad(ctx context.Context, job Job) (*load, error) {
	request, err := prepare(job.Request)
	if err != nil {
		return nil, err
	}
	if request.addresses, err = resolve(ctx, net.DefaultResolver.LookupHost, request.address); err != nil {
		return nil, err
	}
	request.address = request.addresses[0]
	l := &load{job: job, request: request, timeout: job.Workload.Timeout, ends: endOf(job.Workload)}
	if l.timeout == 0 {
		l.timeout = traffic.DefaultTimeout
	}
	if l.arrives = arrivalsTold && !job.EndsAtReading; l.arrives {
		keepStamping()
		request.arrives = true
	}
	l.manySegments = len(request.bytes) > oneSegment || job.Workload.HTTPCache // which adds to it
	l.dialer = net.Dialer{Timeout: l.timeout, KeepAlive: -1}
	span := job.Workload.Span()
	l.listens = job.Workload.Model == traffic.Users && job.Patience > 0
	if job.Workload.Model != traffic.Users && span > 0 {
		drain := job.Drain
		if drain == 0 {
			drain = l.timeout
		}
		l.deadline = span + drain
	}
	switch job.Workload.Model {
	case traffic.Rate, traffic.Ramp:
		l.schedule = newSchedule(job.Workload)
		l.queue.count = l.schedule.count
	case traffic.Users:
		l.queue.count = uint64(job.Workload.Users)
	}
	if onLoops(job, request) {
		l.loops = newLoops(l, loopCount(job, request.address))
		l.queue.share(len(l.loops), job.Workload.Connections)
		l.published = make(chan struct{}, len(l.loops))
		return l, nil
	}
	for range min(runtime.GOMAXPROCS(0), mostShards) {
		l.shards = append(l.shards, newShard(l.ends))
	}
	return l, nil
}

// endOf is when a load's own time is over; never if that depends on the replies.
func endOf(w traffic.Load) time.Duration {
	switch {
	case w.Model == traffic.Rate || w.Model == traffic.Ramp:
		return newSchedule(w).over
	case w.Model == traffic.Closed && w.Duration > 0:
		return w.Duration
	}
	return never
}

// onLoops says whether event loops serve the job.
func onLoops(job Job, request *prepared) bool {
	return loopsAvailable && job.Client != Portable && request.plain()
}

// resolve looks the host up once, before the load, so that no request waits for a name.
// A name may have several addresses: all that take a connection are told, in the
// order of the answer; if none does, the first.
func resolve(ctx context.Context, lookup func(context.Context, string) ([]string, error), address string) ([]string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if net.ParseIP(host) != nil {
		return []string{address}, nil
	}
	hosts, err := lookup(ctx, host)
	if err == nil && len(hosts) == 0 {
		err = errors.New("the answer is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("the host %s has no address: %w; is the name right?", host, err)
	}
	addresses := make([]string, len(hosts))
	served := make([]bool, len(hosts))
	var trying sync.WaitGroup
	for i, one := range hosts {
		addresses[i] = net.JoinHostPort(one, port)
		if len(hosts) == 1 { // whatever it does, there is no other
			return addresses, nil
		}
		// A name such as localhost may have addresses of which only one is served.
		trying.Go(crash.Guarded(func() {
			dialer := net.Dialer{Timeout: time.Second}
			if conn, err := dialer.DialContext(ctx, "tcp", addresses[i]); err == nil {
				conn.Close()
				served[i] = true
			}
		}))
	}
	trying.Wait()
	var all []string
	for i, one := range addresses {
		if served[i] && !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return addresses[:1], nil
	}
	return all, nil
}

// openConns are the connections to close when the load ends early.
type openConns struct {
	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed bool
}

func (o *openConns) add(conn net.Conn) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		conn.Close()
		return
	}
	if o.conns == nil {
		o.conns = map[net.Conn]struct{}{}
	}
	o.conns[conn] = struct{}{}
}

func (o *openConns) remove(conn net.Conn) {
	o.mu.Lock()
	delete(o.conns, conn)
	o.mu.Unlock()
}

func (o *openConns) closeAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	for conn := range o.conns {
		conn.Close()
	}
}
