package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Turn says what the connections that a load wants open did over a stretch: how many
// of them did so on average. Whose turn it was is measured of each connection at every
// moment, so that it holds whatever became of the requests.
type Turn struct {
	Known      bool
	Connecting float64 // or shaking hands, or refused and about to try again: the server's turn
	Waiting    float64 // for a reply: the server's
	Held       float64 // free with a request due, or with a reply to read: the generator's
	Idle       float64 // free with nothing due: nobody's
}

// server is how many waited for the server.
func (t Turn) server() float64 { return t.Connecting + t.Waiting }

// generators is the generator's share of the time in which something was to be done.
func (t Turn) generators() float64 {
	if all := t.server() + t.Held; all > 0 {
		return t.Held / all
	}
	return 0
}

// words: "61.1 of 64 connections waited for the server on average, and 2.9 for the generator".
func (t Turn) words() string {
	all := t.server() + t.Held + t.Idle
	text := fmt.Sprintf("%.1f of %.0f connections waited for the server on average", t.server(), all)
	if all < 1.5 {
		text = fmt.Sprintf("the connection waited for the server for %s of the time", figure.Percent(t.server()/max(all, 1e-9)))
		if t.Held > 0.005*all {
			text += ", and for the generator for " + figure.Percent(t.Held/all)
		}
		return text
	}
	if t.Connecting >= 0.2*t.server() && t.Connecting >= 0.05 {
		text += fmt.Sprintf(" (%.1f for the connection itself)", t.Connecting)
	}
	if t.Held >= 0.05 {
		text += fmt.Sprintf(", and %.1f for the generator", t.Held)
	}
	return text
}

// Loops says how the threads fared that send and read, as shares of their time.
type Loops struct {
	Busy   figure.Value // not waiting for something to do
	OnCPU  figure.Value
	Queued figure.Value // ready to run, and no CPU was free

	// Stops are moments in which they were not there and no want of a CPU explains it:
	// somebody stopped the process, or its whole machine.
	Stops       uint64
	Stopped     time.Duration // in all
	LongestStop time.Duration
	// StoppedShare is the share of their time that all of them took.
	StoppedShare figure.Value
}

// load is the share in which they had something to do, a CPU or not.
func (l Loops) load() float64 { return max(l.Busy.Value, l.OnCPU.Value+l.Queued.Value) }

// starved says that they stood in line for a CPU for a good part of what they had to do.
func (l Loops) starved() bool {
	const least, share = 0.02, 0.25
	return l.Queued.Known && l.Queued.Value >= max(least, share*(l.OnCPU.Value+l.Queued.Value))
}

// Effort is what is measured of the generator itself, and who else used the CPU, over a
// stretch: the verdict and the finding on the generator rest on the same.
type Effort struct {
	Turn  Turn
	Loops Loops

	LatenessP99 time.Duration // actual minus intended send, of what the generator alone decides
	LatenessMax time.Duration
	// LatenessShare is the part that it has in the response times of all requests.
	LatenessShare figure.Value
	ResponseP99MS figure.Value // of all requests, OK and KO

	GeneratorCPUPercentOfCore float64
	ServerCPUPercentOfCore    figure.Value
	OtherCPUPercentOfCore     figure.Value // of processes that are neither
}

const (
	// mostPart is the share of the time from which it counts as the generator's.
	mostPart = 0.5
	// partly is the share from which it is more than can be overlooked, sharedPart the one
	// where the generator lacked the CPU that the server had: that took the server's, too.
	partly     = 0.25
	sharedPart = 0.1
	// fullLoad is the load from which loops have no time left, pressedLoad the one from
	// which their lateness is their own doing.
	fullLoad    = 0.95
	pressedLoad = 0.85
	// inTime is how late a generator may be that keeps its schedule.
	inTime = time.Millisecond
	// late is a lateness that matters if it is much of what was measured; one that is
	// shorter is the machine's stutter.
	late = 10 * time.Millisecond
	// reachedShare is the share of the offered rate from which it counts as reached.
	reachedShare = 0.95
	// othersCPU is what other programs must use, percent of a core, to be in the way.
	othersCPU = 30.0
	// togetherUsedUp is the share of the CPU that server and generator must use together for
	// it to be theirs; the kernel's own work and the sampling's error are the rest.
	togetherUsedUp = 0.8
)

// isLate says that the generator's own lateness is a good part of what was measured.
func (e Effort) isLate() bool {
	switch {
	case e.LatenessP99 < inTime:
		return false
	case e.LatenessP99 < late && !e.Loops.starved() && e.Loops.load() < pressedLoad:
		return false
	}
	return e.LatenessShare.Above(mostPart) || e.ResponseP99MS.Known && figure.Milliseconds(e.LatenessP99) >= mostPart*e.ResponseP99MS.Value
}

// byStopsAlone says that moments in which the generator was stopped explain its lateness,
// and took more of its time than the wait for a CPU. A loop that has little to do stands
// in line for a good part of that on any machine where something else runs.
func (e Effort) byStopsAlone() bool {
	l := e.Loops
	return l.Stops > 0 && l.StoppedShare.Known && l.StoppedShare.Value >= l.Queued.Value &&
		e.LatenessP99 <= l.LongestStop && l.load() < pressedLoad
}

// hindrance is what kept the generator from doing better.
type hindrance int

const (
	unhindered   hindrance = iota
	byItself               // its threads have no time left
	byStops                // somebody stopped it
	byTheServer            // the two share the CPU, and use it up
	byOthers               // other programs have the CPU
	byWhoeverHas           // somebody has the CPU, and it can't be told who
)

// hinderedBy says what kept the generator from doing better, if it is known to have
// been late or slow.
func (e Effort) hinderedBy(facts Facts) hindrance {
	cores := 100 * facts.coresOfBoth()
	both := e.ServerCPUPercentOfCore.Value + e.GeneratorCPUPercentOfCore
	full := e.ServerCPUPercentOfCore.Known && cores > 0 && both >= togetherUsedUp*cores
	others := e.OtherCPUPercentOfCore.Above(othersCPU)
	switch {
	case e.byStopsAlone():
		return byStops
	case e.Loops.starved() && facts.Apart: // the server is not in its way, whatever it uses
		return byItself
	case e.Loops.starved() && full:
		return byTheServer
	case e.Loops.starved() && others:
		return byOthers
	case e.Loops.Stops > 0 && !e.Loops.starved() && e.Loops.load() < pressedLoad:
		return byStops
	case !e.Loops.Queued.Known && full && !facts.Apart && both >= fullLoad*cores:
		return byTheServer
	case e.Loops.starved() && !e.ServerCPUPercentOfCore.Known && e.Loops.Queued.Value >= e.Loops.OnCPU.Value:
		return byWhoeverHas // a server that nothing is known of, or others
	case e.Loops.load() >= pressedLoad || !e.Loops.starved() && e.Loops.load() >= mostPart && e.Turn.generators() >= mostPart:
		return byItself
	case e.Loops.starved():
		return byWhoeverHas
	}
	return unhindered
}

// hindered is the verdict on a generator that was slow or late, and the figures of that.
func (e Effort) hindered(facts Facts) (verdict, why string) {
	switch e.hinderedBy(facts) {
	case byItself:
		return VerdictGenerator, e.loadWords()
	case byStops:
		return VerdictGenerator, e.stopWords()
	case byTheServer:
		return VerdictMachine, fmt.Sprintf("server (%s) and generator (%s) used up %s together%s; on a machine of its own the server could do more, or less late",
			figure.Cores(e.ServerCPUPercentOfCore.Value), figure.Cores(e.GeneratorCPUPercentOfCore), facts.sharedWords(), e.queueWords(", and the generator"))
	case byOthers:
		return VerdictInconclusive, "other programs used " + figure.Cores(e.OtherCPUPercentOfCore.Value) + e.queueWords(", and the generator")
	case byWhoeverHas:
		return VerdictInconclusive, "the generator" + e.queueWords("")
	}
	return VerdictInconclusive, "the generator had time to spare (" + e.loadWords() + ")"
}

func (e Effort) loadWords() string {
	return fmt.Sprintf("the generator's loops were busy for %s of the time", figure.Percent(min(1, e.Loops.load())))
}

func (e Effort) queueWords(subject string) string {
	if !e.Loops.Queued.Known {
		return ""
	}
	return fmt.Sprintf("%s stood in line for a CPU for %s of the time", subject, figure.Percent(e.Loops.Queued.Value))
}

func (e Effort) stopWords() string {
	return fmt.Sprintf("something stopped the generator %s, for %s in all and at most for %s",
		figure.Times(e.Loops.Stops), figure.MS(figure.Milliseconds(e.Loops.Stopped)), figure.MS(figure.Milliseconds(e.Loops.LongestStop)))
}

// lateWords: "it sent 0.52 ms late at p99".
func (e Effort) lateWords() string {
	return "it sent " + figure.MS(figure.Milliseconds(e.LatenessP99)) + " late at p99"
}
