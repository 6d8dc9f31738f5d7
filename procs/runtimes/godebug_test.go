package runtimes

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// As go1.26 wrote it, between a server's own lines.
const goLog = `listening
SCHED 0ms: gomaxprocs=2 idleprocs=1 threads=5 spinningthreads=0 needspinning=0 idlethreads=2 runqueue=0 [ 0 0 ] schedticks=[ 0 2 ]
gc 1 @1.394s 0%: 0.054+0.32+0.006 ms clock, 0.10+0.079/0.082/0.062+0.012 ms cpu, 3->3->3 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P
gc 7 is what I call this line
SCHED 256ms: gomaxprocs=2 idleprocs=0 threads=6 spinningthreads=0 needspinning=0 idlethreads=2 runqueue=12 [ 3 5 ] schedticks=[ 1 5 ]
SCHEDULE of trains
gc 2 @1.794s 3%: 0.095+6.0+0.004 ms clock, 0.19+0.024/0.14/0.12+0.008 ms cpu, 6->6->5 MB, 6 MB goal, 0 MB stacks, 0 MB globals, 2 P (forced)
no end`

const goLogOfItsOwn = "listening\ngc 7 is what I call this line\nSCHEDULE of trains\nno end"

func TestTracesOfGoAreTakenOutOfItsLog(t *testing.T) {
	for _, size := range []int{1, 7, 100, len(goLog)} { // the runtime writes a line in many pieces
		var log bytes.Buffer
		now := time.Now()
		g := NewGoTraces(&log, true)
		g.clock = func() time.Time { return now }
		if told := g.Since(now, false); told.Told() {
			t.Errorf("told %+v before there was anything", told)
		}
		for rest := []byte(goLog); len(rest) > 0; rest = rest[min(size, len(rest)):] {
			if n, err := g.Write(rest[:min(size, len(rest))]); err != nil || n != min(size, len(rest)) {
				t.Fatal(n, err)
			}
		}
		g.Flush()
		if log.String() != goLogOfItsOwn {
			t.Errorf("in pieces of %d the log is %q", size, &log)
		}
		told := g.Since(now, false)
		if told.PauseCount != figure.Of(4) || math.Abs(told.PauseSeconds.Value-159e-6) > 1e-9 || told.RunQueue != figure.Of(10) ||
			told.GCCPUShare != figure.Of(0.03) || told.HeapUsedBytes != figure.Of(6<<20) || told.HeapLimitBytes.Known || len(told.Pauses) != 4 {
			t.Errorf("told %+v", told)
		}
		first := measure.Pause{Ago: 6099 * time.Microsecond, Duration: 95 * time.Microsecond, Kind: measure.PauseConcurrent}
		if told.Pauses[0] != first {
			t.Errorf("the first pause is %+v, want %+v", told.Pauses[0], first)
		}
		if again := g.Since(now.Add(time.Second), false); again.PauseCount != figure.Of(0) || again.RunQueue.Known || again.Over != time.Second || len(again.Pauses) != 0 {
			t.Errorf("told twice: %+v", again)
		}
	}
}

// A server is ended whatever it is doing, and its runtime writes a trace in many pieces.
func TestTraceThatItsWriterDidNotEndIsNoLineOfTheLog(t *testing.T) {
	for _, trace := range strings.Split(goLog, "\n") {
		if !gcTrace.MatchString(trace) && !schedTrace.MatchString(trace) {
			continue
		}
		for end := strings.Index(trace, " ") + 1; end < len(trace); end++ {
			var log bytes.Buffer
			g := NewGoTraces(&log, true)
			_, _ = g.Write([]byte("listening\n" + trace[:end]))
			g.Flush()
			if log.String() != "listening\n" {
				t.Fatalf("ended within a trace, it logged %q", &log)
			}
		}
	}
	for _, own := range []string{"g", "gc", "SCHED", "gc of", "gc 7 is", "SCHED 3 times", "SCHED 3 ms", "gcc 3", "gc 7\n"} {
		var log bytes.Buffer
		g := NewGoTraces(&log, true)
		_, _ = g.Write([]byte(own))
		g.Flush()
		if log.String() != own {
			t.Errorf("of %q it passed on %q", own, &log)
		}
	}
}

func TestGoDebugIsAdded(t *testing.T) {
	for _, c := range []struct {
		old       string
		scheduler bool
		want      string
	}{
		{"http2client=0,gctrace=0", true, "http2client=0,gctrace=0,gctrace=1,schedtrace=250"},
		{"http2client=0", false, "http2client=0,gctrace=1"},
		{"", true, "gctrace=1,schedtrace=250"},
		{"", false, "gctrace=1"},
	} {
		if got := WithGoDebug(c.old, c.scheduler); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// One that was asked and has written nothing had no pause; of a program that is none in Go
// that is not known.
func TestGoServerThatDidNotCollectHadNoPause(t *testing.T) {
	now := time.Now()
	g := NewGoTraces(new(bytes.Buffer), false)
	if told := g.Since(now, false); told.Told() || told.PauseCount.Known {
		t.Errorf("told %+v of who is not there", told)
	}
	g.Since(now, true)
	if told := g.Since(now.Add(time.Second), true); told.PauseCount != figure.Of(0) || told.PauseSeconds != figure.Of(0) || told.Over != time.Second || told.RunQueue.Known || told.MonitorAwake || told.Processes != 1 {
		t.Errorf("told %+v", told)
	}
	_, _ = g.Write([]byte("SCHED 0ms: gomaxprocs=2 idleprocs=1 threads=5 runqueue=0 [ 0 0 ]\n"))
	if told := g.Since(now, false); !told.MonitorAwake {
		t.Errorf("told %+v", told)
	}
}

// The command go writes traces, too, beside the server that it runs: the queue is the sum of
// both, not their mean.
func TestRunQueueOfSeveralWhoWriteTracesIsTheirSum(t *testing.T) {
	const second = time.Second
	for name, c := range map[string]struct {
		asked   bool
		writers int
		want    figure.Value
	}{
		"a server alone":                {true, 1, figure.Of(8)},
		"a server and who started it":   {true, 2, figure.Of(8)},
		"a person who asked more often": {false, 3, figure.Value{}},
	} {
		g, now := NewGoTraces(new(bytes.Buffer), c.asked), time.Now()
		var told measure.Runtime
		for range 10 {
			now = now.Add(second / 4)
			for i := range c.writers {
				waits := []string{"8", "0", "0"}[i]
				_, _ = g.Write([]byte("SCHED 250ms: gomaxprocs=2 idleprocs=1 threads=5 runqueue=" + waits + " [ 0 0 ]\n"))
			}
			told = g.Since(now, true)
		}
		if told.RunQueue != c.want || !told.MonitorAwake {
			t.Errorf("%s: %+v, want a queue of %+v", name, told, c.want)
		}
	}
}

// A server may log anything: nothing of it is lost but traces, and nothing added.
func FuzzGoTraces(f *testing.F) {
	f.Add(goLog, 5)
	f.Add("SCHED 1ms: gomaxprocs=1 runqueue=99999999999999 [1", 3)
	f.Add("gc 1 @1s 0%: 1e9+1+1 ms clock, 1+1 ms cpu, 1->1->1 MB, \n", 1)
	f.Fuzz(func(t *testing.T, text string, size int) {
		var log bytes.Buffer
		g := NewGoTraces(&log, true)
		size = max(1, min(size, 1000))
		for rest := []byte(text); len(rest) > 0; rest = rest[min(size, len(rest)):] {
			_, _ = g.Write(rest[:min(size, len(rest))])
		}
		g.Flush()
		var want strings.Builder
		for line := range strings.Lines(text) {
			trimmed := strings.TrimRight(line, "\r\n")
			trace := cutTrace.MatchString(line)
			if strings.HasSuffix(line, "\n") {
				trace = new(GoTraces).ofTrace(trimmed)
			}
			if !trace || len(line) > longestTrace {
				want.WriteString(line)
			}
		}
		if log.String() != want.String() {
			t.Errorf("of %q the log has %q", text, &log)
		}
		told := g.Since(time.Now(), false)
		for _, one := range []figure.Value{told.PauseCount, told.PauseSeconds, told.RunQueue, told.HeapUsedBytes, told.GCCPUShare} {
			if !(one.Value >= 0) || math.IsInf(one.Value, 0) {
				t.Errorf("%q: %+v", text, told)
			}
		}
	})
}

// ofTrace says whether a line is a trace.
func (g *GoTraces) ofTrace(line string) bool {
	g.clock = time.Now
	return g.take(line)
}
