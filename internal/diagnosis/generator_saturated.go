package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// generatorSaturated looks for a load generator that is itself the limit: requests are
// due, connections free, and it has no time left or no CPU; or it was so late that its
// lateness is most of what it measured. It goes by the same evidence as the verdict.
func generatorSaturated(facts Facts) ruleFunc {
	const (
		long = 2 * time.Second
		// Lateness with time to spare may be the machine's stutter: it takes longer to
		// believe.
		longLate = 3 * time.Second
		// Moments in which it was stopped are told once they are no single mishap.
		fewestStops = 3
		leastStop   = 100 * time.Millisecond // in all
	)
	var limited, lateness streak
	var worst time.Duration
	var stops Loops // over the load
	var stoppedSince time.Duration
	stopsMatter := false
	return whileAsked(facts, func(w Window) *evidence {
		e := w.effort()
		by := e.hinderedBy(facts)
		closed := !facts.open()
		slow := e.Turn.Known && e.Turn.generators() >= mostPart && (closed || e.Loops.load() >= pressedLoad || e.Loops.starved())
		late := !closed && e.isLate()
		limited.take(slow && (by == byItself || by == byTheServer), w)
		lateness.take(late && by != byStops, w)
		worst = max(worst, w.LatenessMax, w.LatenessP99)
		if e.Loops.Stops > 0 {
			if stops.Stops == 0 {
				stoppedSince = w.From
			}
			stops.Stops += e.Loops.Stops
			stops.Stopped += e.Loops.Stopped
			stops.LongestStop = max(stops.LongestStop, e.Loops.LongestStop)
			stopsMatter = stopsMatter || late
		}
		figures := []string{fmt.Sprintf("the generator uses %s, of %s that it can use", figure.Cores(w.GeneratorCPUPercentOfCore), coreCount(facts.generatorCores()))}
		if e.Loops.Busy.Known {
			figures = append(figures, e.loadWords()+e.queueWords(", and"))
		}
		if e.Turn.Known {
			figures = append(figures, e.Turn.words())
		}
		if facts.open() {
			figures = append(figures, fmt.Sprintf("it sends late: %s at p99, at worst %s", figure.MS(figure.Milliseconds(w.LatenessP99)), figure.MS(figure.Milliseconds(worst))))
		}
		if server := w.ServerCPUPercentOfCore; server.Known && facts.Cores > 0 {
			figures = append(figures, fmt.Sprintf("the server uses %s; the machine has %s", figure.Cores(server.Value), coreCount(float64(facts.Cores))))
		}
		stopped := stopsMatter && stops.Stops >= fewestStops && stops.Stopped >= leastStop
		// Who is late by no more than it was stopped for, and has a CPU, needs no other.
		explained := stopped && e.LatenessP99 <= stops.LongestStop && !e.Loops.starved()
		switch {
		case limited.lasted(long):
			return limit(by, limited.since, figures)
		case !explained && lateness.lasted(longLate):
			return limit(by, lateness.since, figures)
		case stopped:
			figures := []string{Effort{Loops: stops}.stopWords(), "it sent late: at worst " + figure.MS(figure.Milliseconds(worst))}
			if late {
				figures[1] += "; just now " + figure.MS(figure.Milliseconds(w.LatenessP99)) + " at p99"
			}
			return &evidence{
				since: stoppedSince, figures: figures, title: titleStopped,
				advice: "the high percentiles are the generator's: run it where nothing stops it (a virtual machine that is taken off its host, a debugger, kill -STOP, a laptop that sleeps), and measure again",
			}
		}
		return nil
	})
}

// limit is the evidence on a generator that was slow or late for some time.
func limit(by hindrance, since time.Duration, figures []string) *evidence {
	c := &evidence{since: since, figures: figures}
	switch by {
	case byTheServer:
		c.title = titleShared
		c.advice = "give the generator a machine or cores of its own (" + flagname.ServerCPUs + ", " + flagname.LoadCPUs + "), or compare servers by CPU per request instead of throughput"
	case byItself:
		c.title = titleGenerator
		c.advice = "lower the rate or the connections, give the generator a machine or cores of its own (" + flagname.LoadCPUs + "), and compare servers by CPU per request instead of throughput"
	default:
		c.title = "the load generator cannot keep its schedule: its own lateness is part of every latency here"
		if by == byOthers {
			c.advice = "other programs have the CPU that it needs: close what else runs (top shows it) and measure again"
			return c
		}
		c.advice = "the generator gets too little CPU beside the server: pin them apart (" + flagname.ServerCPUs + ", " + flagname.LoadCPUs + "), lower the rate, or close what else runs"
	}
	return c
}

const (
	titleGenerator = "the load generator, not the server, is the limit"
	titleShared    = "server and generator use up the machine that they share: neither can do more"
	// titleStopped is told of moments; what was measured between them is the server's.
	titleStopped = "the load generator was stopped for moments: what was due then was sent late"
)

// BlamesGenerator says that a finding of this title names the generator as the limit: not
// that it was late, or stopped, or shares a machine that is used up.
func BlamesGenerator(id ID, title string) bool {
	return id == GeneratorSaturated && title == titleGenerator
}

func coreCount(cores float64) string {
	if cores == 1 {
		return "one core"
	}
	return fmt.Sprintf("%g cores", cores)
}
