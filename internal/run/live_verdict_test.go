//go:build unix

package run

import (
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
)

// Verdicts weigh this process's own CPU, so that none of these tests is parallel.

// rules checks the verdict of a run and that its reason says all of the words.
func (r told) rules(t testing.TB, verdict string, words ...string) {
	t.Helper()
	if r.result.Verdict != verdict {
		t.Fatalf("the verdict is %s: %s; want %s", r.result.Verdict, r.result.VerdictWhy, verdict)
	}
	for _, word := range words {
		if !strings.Contains(r.result.VerdictWhy, word) {
			t.Errorf("it rests on %q, which does not say %q", r.result.VerdictWhy, word)
		}
	}
}

// held is how much of its time the one connection of a load was the generator's turn, and
// what each reply took of both: they are measured in the run itself, so that a machine
// that is now slower and now faster is in all three.
type held struct {
	share     float64       // over the load
	worst     float64       // over the two seconds in which it was highest
	inLine    float64       // of the time in which the loops had something to do, no CPU was free
	generator time.Duration // per reply
	server    time.Duration
}

// held is told of the load's own time, not of the wait at its end.
func (r told) held(lasts time.Duration) held {
	var all measure.Measures
	var seconds []measure.ConnectionTime
	for _, event := range r.events {
		sample, ok := event.Body.(stream.LoadSample)
		if !ok || sample.Warmup || sample.Measures.From >= lasts {
			continue
		}
		all = all.Merge(sample.Measures)
		for len(seconds) <= int(sample.Measures.From/time.Second) {
			seconds = append(seconds, measure.ConnectionTime{})
		}
		second, c := &seconds[int(sample.Measures.From/time.Second)], sample.Measures.ConnectionTime
		second.Held += c.Held
		second.Waiting += c.Connecting + c.Waiting
	}
	share := func(held, waiting time.Duration) float64 { return float64(held) / float64(max(1, held+waiting)) }
	c, loops := all.ConnectionTime, all.LoopTime
	h := held{share: share(c.Held, c.Connecting+c.Waiting)}
	for i := 1; i < len(seconds); i++ {
		h.worst = max(h.worst, share(seconds[i-1].Held+seconds[i].Held, seconds[i-1].Waiting+seconds[i].Waiting))
	}
	h.inLine = float64(loops.Queued) / float64(max(1, loops.OnCPU+loops.Queued))
	replies := time.Duration(max(1, all.ResponseOK.Count()))
	h.generator, h.server = c.Held/replies, (c.Connecting+c.Waiting)/replies
	return h
}

// isTheGenerators checks the verdict of a run that the generator limits. What stands in
// line waits for others, whose doing that is: on a machine that has them, the run is made
// again until they leave it the CPU, and where they never do, it must say so.
func isTheGenerators(t testing.TB, lasts time.Duration, run func() told, words ...string) {
	t.Helper()
	const tries, mostInLine = 5, 0.2 // the verdict takes a quarter
	var r told
	for range tries {
		r = run()
		if r.held(lasts).inLine < mostInLine {
			r.rules(t, diagnosis.VerdictGenerator, words...)
			return
		}
	}
	if r.result.Verdict != diagnosis.VerdictGenerator {
		r.rules(t, diagnosis.VerdictInconclusive, "stood in line for a CPU")
	}
}

const balancedLasts = 3 * time.Second

// balanced is a run over one connection of which the generator had so much of the time,
// at least and at most: the server's pause is set anew until the run itself says so, for
// what was measured before need not hold any more on a machine that has others, too.
func balanced(t testing.TB, least, most float64) told {
	t.Helper()
	const tries = 10
	pause := time.Millisecond
	var were []held
	for range tries {
		r := measured(t, serverOf(t, servertest.Compresses, servertest.Options{For: pause}), closed(1, balancedLasts), "", checksBody)
		h := r.held(balancedLasts)
		if h.share >= least && h.share <= most && (h.worst <= most || most > 0.5) {
			return r
		}
		were = append(were, h)
		wanted := float64(h.generator) * (2/(least+most) - 1)
		pause = max(0, pause+time.Duration(wanted)-h.server)
	}
	t.Fatalf("in %d tries no run had %g to %g of its time with the generator: %+v", tries, least, most, were)
	return told{}
}

func TestVerdictIsTheServersWhereConnectionsWaitForIt(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 20 * time.Millisecond}), closed(16, 2*time.Second), "")
		r.rules(t, diagnosis.VerdictServer, "of 16 connections waited for the server")
		// What it is held against: Little's law.
		if rps, service := r.result.RPS.Total, r.result.LatencyMS.Service; service == nil || rps*service.Mean/1000 < 14 || rps*service.Mean/1000 > 16.5 {
			t.Errorf("%.0f replies/s × %+v ms are not 16 in flight", rps, service)
		}
	})
}

// The generator takes three quarters of the time to read what it gets, which is less
// than all its CPU: by that alone nobody would know.
func TestVerdictIsTheGeneratorsWhereConnectionsWaitForIt(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		isTheGenerators(t, balancedLasts, func() told { return balanced(t, 0.6, 0.9) }, "waited for the server", "for the generator for", "the generator's loops were busy")
	})
}

// Where neither has most of the time, the figures are nobody's alone.
func TestVerdictIsInconclusiveWhereBothTakeTheirTime(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		r := balanced(t, 0.28, 0.47)
		r.rules(t, diagnosis.VerdictInconclusive, "waited for the server", "for the generator for")
		r.doesNotFire(t, diagnosis.GeneratorSaturated)
	})
}

// A rate that the generator can't read as fast as it asks.
func TestVerdictIsTheGeneratorsWhereItCanNotKeepItsRate(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		alone := measured(t, serverOf(t, servertest.Compresses), closed(1, 700*time.Millisecond), "", checksBody).held(time.Second)
		load := rate(3*float64(time.Second)/float64(alone.generator), time.Second)
		threads := engine.Threads(Plan{Workload: plan.Workload{Load: load}}.job(serverOf(t, servertest.Compresses), "http://127.0.0.1:1", load))
		load.Rate *= float64(threads)
		isTheGenerators(t, load.Duration, func() told { return measured(t, serverOf(t, servertest.Compresses), load, "", checksBody) }, "the generator")
	})
}

// Achieved against offered: the rate is missed for want of free connections.
func TestVerdictIsTheServersWhereItsConnectionsAreAllInUse(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	undisturbed(t, func(t testing.TB) {
		load := pooled(600)
		load.Duration = 2 * time.Second
		r := measured(t, serverOf(t, servertest.Waits, servertest.Options{For: 20 * time.Millisecond}), load, "")
		r.rules(t, diagnosis.VerdictServer, "of the requests that were due were sent", "of 8 connections waited for the server")
	})
}
