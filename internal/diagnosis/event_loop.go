package diagnosis

import (
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
)

// eventLoopSaturated looks for a server whose one thread is all it has: by its
// own account (the probe's utilization) or from outside (one thread uses a whole
// core and does most of the work, and requests wait).
func eventLoopSaturated(facts Facts) ruleFunc {
	const (
		long = 2 * time.Second
		// fullLoop is the utilization, fullThread the percent of a core from which
		// there is no room left. A thread is never quite seen at 100.
		fullLoop   = 0.97
		fullThread = 92.0
		// alone is the share of the server's CPU that the thread must have; a
		// runtime's helper threads (garbage collection, compilation) have the rest.
		alone = 0.75
		// queue is how many requests must be in the server or wait for it, seen from
		// outside: at 92 % of its time even a queue of random arrivals with equal work
		// holds 6 on average (M/D/1). With fewer, the thread is full of something
		// else: a runtime's compiler, its garbage collector, a job of its own.
		queue = 4.0
		// idleCPU is where a loop that shows as full does not compute but waits.
		idleCPU = 50.0
		// A loop that lacks CPU is starved, not blocked, if it waited for at least
		// this share of what it lacks; with so much of a core, it lacks none.
		starvedShare = 0.5
		enoughCPU    = 80.0
	)
	var full streak
	var calm, worst float64 // the delay p99 at its lowest and highest, ms
	return func(w Window) *evidence {
		loop, thread, all := w.EventLoopUtilization, w.HottestThreadPercentOfCore, w.ServerCPUPercentOfCore
		single := thread.Known && all.Known && thread.Value >= fullThread && thread.Value >= alone*all.Value
		if loop.Known {
			full.take(loop.Value >= fullLoop, w)
		} else {
			// With one core there is no telling one thread's limit from that of the CPU.
			full.take(single && w.held() >= queue && (facts.Cores == 0 || facts.cpuOfServer() > 1), w)
		}
		if delay := w.EventLoopDelayP99MS; delay.Known {
			if calm == 0 || delay.Value < calm {
				calm = delay.Value
			}
			worst = max(worst, delay.Value)
		}
		if !full.lasted(long) {
			return nil
		}
		found := &evidence{
			since:  full.since,
			title:  "the event loop is saturated: one thread does all the work and has no time left",
			advice: "run one process per core (cluster, PM2, several containers), and move work off the loop; a second core can't help this one thread",
		}
		if loop.Known {
			found.figures = append(found.figures, "event loop utilization "+figure.Utilization(loop.Value))
		}
		if silent := w.EventLoopSilentS; silent.Above(0) {
			found.figures = append(found.figures, "no word from the loop for "+figure.At(silent.Value))
		}
		if thread.Known {
			found.figures = append(found.figures, fmt.Sprintf("the hottest thread uses %.0f %% of a core", thread.Value))
		}
		if all.Known {
			found.figures = append(found.figures, "the server uses "+figure.Cores(all.Value)+onMachine(facts.Cores))
		}
		if !loop.Known {
			found.figures = append(found.figures, figure.Whole(w.held())+" requests are in it or wait for it")
		}
		if delay := w.EventLoopDelayP99MS; delay.Known {
			text := "a turn of the loop comes " + figure.MS(delay.Value) + " late at p99"
			if calm > 0 && worst >= 2*calm {
				text += fmt.Sprintf(", at worst %s; at its calmest %s", figure.MS(worst), figure.MS(calm))
			}
			found.figures = append(found.figures, text)
		}
		waits := w.RunQueueWaitPercent
		starved := thread.Known && thread.Value < enoughCPU && waits.Above(starvedShare*(100-thread.Value))
		if waits.Known && starved {
			text := fmt.Sprintf("its threads were ready to run and had no CPU for %.0f %% of the time", waits.Value)
			if waits.Value > 100 { // a sum over threads
				text = fmt.Sprintf("%.1f of its threads on average were ready to run and had no CPU", waits.Value/100)
			}
			found.figures = append(found.figures, text)
		}
		switch {
		case loop.Known && starved && all.Value-thread.Value > w.otherPercentOfCore().Value+w.GeneratorCPUPercentOfCore:
			found.title = "the event loop lacks CPU: the server's other threads and processes have it"
			found.advice = "this is the server's limit on this machine: keep fewer worker threads or processes busy than there are cores, have them do less for a request, or give it more cores"
		case loop.Known && starved:
			found.title = titleStarved
			found.advice = "close what else runs, or pin server and generator apart (" + flagname.ServerCPUs + ", " + flagname.LoadCPUs + "); the server alone can do more than this"
		case loop.Known && all.Known && all.Value < idleCPU:
			found.title = "the event loop is blocked: it waits in a call that does not return, and computes little"
			found.advice = "look for synchronous calls (files, crypto, child processes, a database) in the handlers and make them asynchronous"
		}
		return found
	}
}

// titleStarved is what is told of a loop that could do more if it had a CPU.
const titleStarved = "the event loop is starved: it has work to do, and others have the CPU"

// onMachine says how many cores there are beside those used.
func onMachine(cores int) string {
	if cores == 0 {
		return ""
	}
	return "; the machine has " + coreCount(float64(cores))
}
