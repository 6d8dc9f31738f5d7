package runtimes

import (
	"bytes"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// What a Go server's GODEBUG must hold for it to tell of each of its collections, and of
// its scheduler four times a second. It does so on the stderr that it logs to. The latter
// keeps the thread that watches over its runtime from sleeping, so that a server with
// little to do takes a third less CPU for a request: only who can't tell of its scheduler
// in its memory is asked.
const (
	goDebugGC        = "gctrace=1"
	goDebugScheduler = "schedtrace=250"
	tracesEvery      = 250 * time.Millisecond
)

// WithGoDebug is a value of GODEBUG with that added, of the scheduler if asked; of settings
// that are there twice, the last counts.
func WithGoDebug(old string, scheduler bool) string {
	added := goDebugGC
	if scheduler {
		added += "," + goDebugScheduler
	}
	if old == "" {
		return added
	}
	return old + "," + added
}

// GoTraces takes the lines that GODEBUG asks for out of what a server logs, and passes
// everything else on. It is safe for concurrent use.
type GoTraces struct {
	mu     sync.Mutex
	queues bool // it was asked to tell of its scheduler
	next   io.Writer
	held   []byte // of a line that may become a trace
	plain  bool   // the rest of the line is none
	clock  func() time.Time

	heard  bool
	awake  bool // it tells of its scheduler
	asked  time.Time
	since  measure.Runtime
	pauses []goPause
	queue  float64 // sum of what waited, over the traces
	looks  int
	lately []traced
}

// traced is how many traces of a scheduler had come since the moment before.
type traced struct {
	at    time.Time
	looks int
}

// goPause is a pause that waits for somebody to ask.
type goPause struct {
	at     time.Time
	length time.Duration
}

// NewGoTraces passes on what is none of its own to next. scheduler says that the program
// was asked to tell of its scheduler.
func NewGoTraces(next io.Writer, scheduler bool) *GoTraces {
	return &GoTraces{next: next, queues: scheduler, clock: time.Now}
}

// TellsOfScheduler says that the program was asked to: what it tells is of all processes.
func (g *GoTraces) TellsOfScheduler() bool { return g != nil && g.queues }

// longestTrace bounds what is held back: a trace of a machine with 256 cores is shorter.
const longestTrace = 8 << 10

// Write never errs: a full disk is no reason to stop a server.
func (g *GoTraces) Write(data []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	rest := data
	for len(rest) > 0 {
		end := bytes.IndexByte(rest, '\n')
		piece := rest
		if end >= 0 {
			piece = rest[:end+1]
		}
		rest = rest[len(piece):]
		if g.plain {
			_, _ = g.next.Write(piece)
			g.plain = end < 0
			continue
		}
		g.held = append(g.held, piece...)
		switch {
		case end >= 0:
			if !g.take(string(bytes.TrimRight(g.held, "\r\n"))) {
				_, _ = g.next.Write(g.held)
			}
			g.held = g.held[:0]
		case !mayBeTrace(g.held) || len(g.held) > longestTrace:
			_, _ = g.next.Write(g.held)
			g.held, g.plain = g.held[:0], true
		}
	}
	return len(data), nil
}

// Flush passes on what is held back, when nothing more comes. A trace that its writer did
// not live to end is none of the program's own lines.
func (g *GoTraces) Flush() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.held) > 0 && !cutTrace.Match(g.held) {
		_, _ = g.next.Write(g.held)
	}
	g.held = g.held[:0]
}

// mayBeTrace says that a trace can begin so. The runtime writes one in many pieces.
func mayBeTrace(begin []byte) bool {
	for _, prefix := range []string{"SCHED ", "gc "} {
		if n := min(len(prefix), len(begin)); string(begin[:n]) == prefix[:n] {
			return len(begin) <= len(prefix) || begin[len(prefix)] >= '0' && begin[len(prefix)] <= '9'
		}
	}
	return false
}

var (
	// gc 1 @1.394s 2%: 0.054+0.32+0.006 ms clock, 0.10+0.079/0.082/0.062+0.012 ms cpu, 3->3->3 MB, 4 MB goal, …
	gcTrace = regexp.MustCompile(`^gc \d+ @[\d.]+s (\d+)%: ([\d.]+)\+([\d.]+)\+([\d.]+) ms clock, [\d.+/]+ ms cpu, \d+->(\d+)->\d+ MB, `)
	// SCHED 256ms: gomaxprocs=2 idleprocs=2 threads=6 … runqueue=0 [ 0 0 ] schedticks=[ 1 5 ]
	schedTrace = regexp.MustCompile(`^SCHED \d+ms: gomaxprocs=\d+ .*\brunqueue=(\d+)(?: \[([\d ]*)\])?`)
	// The beginning of either, as far as one is known by it.
	cutTrace = regexp.MustCompile(`^(?:gc (?:\d+(?: (?:@.*)?)?)?|SCHED (?:\d+m?|\d+ms(?::.*)?)?)$`)
)

// take reads a line and says whether it is a trace.
func (g *GoTraces) take(line string) bool {
	if !mayBeTrace([]byte(line)) {
		return false
	}
	if found := gcTrace.FindStringSubmatch(line); found != nil {
		return g.collected(found[1:])
	}
	if found := schedTrace.FindStringSubmatch(line); found != nil {
		return g.scheduled(found[1], found[2])
	}
	return false
}

// collected takes a collection, which ends as its trace is written: it stops all twice,
// when it begins and when it has marked everything.
func (g *GoTraces) collected(fields []string) bool {
	var numbers [5]float64
	for i, field := range fields {
		value, err := strconv.ParseFloat(field, 64)
		if err != nil || value > 1e12 {
			return false
		}
		numbers[i] = value
	}
	millisecond := float64(time.Millisecond)
	now := g.clock()
	first, between, last := time.Duration(numbers[1]*millisecond), time.Duration(numbers[2]*millisecond), time.Duration(numbers[3]*millisecond)
	g.heard = true
	add(&g.since.PauseCount, 2)
	add(&g.since.PauseSeconds, (first + last).Seconds())
	g.since.GCCPUShare = figure.Of(min(1, numbers[0]/100))
	g.since.HeapUsedBytes = figure.Of(numbers[4] * (1 << 20)) // at its end, with what is collected next; "MB" are MiB there
	if len(g.pauses) < mostPauses {
		g.pauses = append(g.pauses, goPause{now.Add(-first - between - last), first}, goPause{now.Add(-last), last})
	}
	return true
}

// scheduled takes what waited for a thread of the scheduler, in its queue and in those
// of each of its processors.
func (g *GoTraces) scheduled(global, each string) bool {
	waited, err := strconv.ParseUint(global, 10, 32)
	if err != nil {
		return false
	}
	sum := float64(waited)
	for _, field := range strings.Fields(each) {
		waited, err := strconv.ParseUint(field, 10, 32)
		if err != nil {
			return false
		}
		sum += float64(waited)
	}
	g.heard, g.awake = true, true
	g.queue += sum
	g.looks++
	return true
}

// Since is what was told since the call before. serves says that a program in Go is among
// those that serve: one that has written nothing yet has had no pause, any other is not
// known to tell.
func (g *GoTraces) Since(now time.Time, serves bool) measure.Runtime {
	if g == nil {
		return measure.Runtime{}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.heard && !serves {
		return measure.Runtime{}
	}
	told := g.since
	told.Names, told.Processes, told.MonitorAwake = []string{Go}, 1, g.awake
	if !g.asked.IsZero() {
		told.Over = now.Sub(g.asked)
	}
	writers := g.writers(now)
	if g.looks > 0 && g.queues { // else the person asked, for a time between two that is not known
		told.RunQueue = figure.Of(g.queue / float64(g.looks) * writers)
	}
	add(&told.PauseCount, 0) // who tells of its scheduler tells of collections, too
	add(&told.PauseSeconds, 0)
	for _, pause := range g.pauses {
		told.Pauses = append(told.Pauses, measure.Pause{Ago: now.Sub(pause.at), Duration: pause.length, Kind: measure.PauseConcurrent})
	}
	measure.SortPauses(told.Pauses)
	g.asked, g.pauses, g.queue, g.looks = now, nil, 0, 0
	g.since = measure.Runtime{GCCPUShare: told.GCCPUShare, HeapUsedBytes: told.HeapUsedBytes} // as last told
	return told
}

// writers is how many processes write traces of their schedulers: what a program in Go
// starts does so, too, and to the same log. The command go, say, that runs a server.
func (g *GoTraces) writers(now time.Time) float64 {
	const enough, memory = time.Second, 2 * time.Second
	g.lately = append(g.lately, traced{now, g.looks})
	for now.Sub(g.lately[0].at) > memory {
		g.lately = g.lately[1:]
	}
	over, looks := now.Sub(g.lately[0].at), 0
	for _, one := range g.lately[1:] {
		looks += one.looks
	}
	if over < enough {
		return 1
	}
	return max(1, math.Round(float64(looks)*tracesEvery.Seconds()/over.Seconds()))
}
