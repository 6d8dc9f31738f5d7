//go:build unix

package session

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/diagnosis"
)

// Verdicts weigh this process's own CPU, so that none of these tests is parallel.

// rules checks the verdict of a run and that its reason says all of the words.
func (r told) rules(t *testing.T, verdict string, words ...string) {
	t.Helper()
	if other := r.otherCPU(); r.result.Verdict != verdict && other > 30 {
		t.Skipf("NOT CHECKED: the verdict; this machine has others, which use %.0f %% of a core", other)
	}
	if r.result.Verdict != verdict {
		t.Fatalf("the verdict is %s: %s; want %s", r.result.Verdict, r.result.VerdictWhy, verdict)
	}
	for _, word := range words {
		if !strings.Contains(r.result.VerdictWhy, word) {
			t.Errorf("it rests on %q, which does not say %q", r.result.VerdictWhy, word)
		}
	}
}

// unsqueezing is how long this process takes to read and judge one of squeeze's
// replies: what a lone connection does between a reply and its next request.
func unsqueezing(t *testing.T) time.Duration {
	t.Helper()
	least := math.Inf(1) // what else the machine does can only add to it
	for range 3 {
		r := measured(t, role(t, "squeezes", ""), closed(1, 700*time.Millisecond), "", checksBody)
		took := float64(time.Second) / r.result.RPS.Total
		if service := r.result.LatencyMS.Service; service != nil {
			took -= service.Mean * float64(time.Millisecond)
		}
		least = min(least, took)
	}
	return time.Duration(max(least, float64(100*time.Microsecond)))
}

func TestVerdictIsTheServersWhereConnectionsWaitForIt(t *testing.T) {
	r := measured(t, role(t, "waits", "20ms"), closed(16, 2*time.Second), "")
	r.rules(t, diagnosis.VerdictServer, "of 16 connections waited for the server")
	// What it is held against: Little's law.
	if rps, service := r.result.RPS.Total, r.result.LatencyMS.Service; service == nil || rps*service.Mean/1000 < 14 || rps*service.Mean/1000 > 16.5 {
		t.Errorf("%.0f replies/s × %+v ms are not 16 in flight", rps, service)
	}
}

// The generator takes three quarters of the time to read what it gets, which is less
// than all its CPU: by that alone nobody would know.
func TestVerdictIsTheGeneratorsWhereConnectionsWaitForIt(t *testing.T) {
	pause := unsqueezing(t) / 3
	r := measured(t, role(t, "squeezes", pause.String()), closed(1, 3*time.Second), "", checksBody)
	r.rules(t, diagnosis.VerdictGenerator, "waited for the server", "for the generator for", "the generator's loops were busy")
}

// Where neither has most of the time, the figures are nobody's alone.
func TestVerdictIsInconclusiveWhereBothTakeTheirTime(t *testing.T) {
	pause := 3 * unsqueezing(t) / 2
	r := measured(t, role(t, "squeezes", pause.String()), closed(1, 3*time.Second), "", checksBody)
	r.rules(t, diagnosis.VerdictInconclusive, "waited for the server", "for the generator for")
	r.doesNotFire(t, diagnosis.GeneratorSaturated)
}

// A rate that the generator can't read as fast as it asks.
func TestVerdictIsTheGeneratorsWhereItCanNotKeepItsRate(t *testing.T) {
	load := rate(3*float64(time.Second)/float64(unsqueezing(t)), 2*time.Second)
	threads := engine.Threads(Plan{Workload: Workload{Load: load}}.job(role(t, "squeezes", ""), "http://127.0.0.1:1", load))
	load.Rate *= float64(threads)
	r := measured(t, role(t, "squeezes", ""), load, "", checksBody)
	r.rules(t, diagnosis.VerdictGenerator, "the generator")
}

// Achieved against offered: the rate is missed for want of free connections.
func TestVerdictIsTheServersWhereItsConnectionsAreAllInUse(t *testing.T) {
	load := pooled(600)
	load.Duration = 2 * time.Second
	r := measured(t, role(t, "waits", "20ms"), load, "")
	r.rules(t, diagnosis.VerdictServer, "of the requests that were due were sent", "of 8 connections waited for the server")
}
