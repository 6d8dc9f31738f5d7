package diagnosis

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

func rampFacts() Facts {
	facts := rateFacts(0)
	facts.Model = "ramp"
	return facts
}

// generatorCases are of the rules about the generator, and what it could not send.
var generatorCases = []ruleCase{
	{
		name: "the generator's loop is full, closed", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.GeneratorCPUPercentOfCore, w.ServerCPUPercentOfCore = 98, figure.Of(60)
			w.Turn, w.Loops = Turn{Known: true, Waiting: 20, Held: 44}, Loops{Busy: figure.Of(0.99), OnCPU: figure.Of(0.98), Queued: figure.Of(0.01)}
		},
		want: []string{GeneratorSaturated},
		says: []string{"not the server, is the limit", "the generator uses 98 % of a core, of one core", "busy for 99 % of the time", "44.0 for the generator"},
	}, {
		name: "full, and the connections wait for the server", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.GeneratorCPUPercentOfCore = 98
			w.Turn, w.Loops = Turn{Known: true, Waiting: 60, Held: 4}, Loops{Busy: figure.Of(0.99), OnCPU: figure.Of(0.98), Queued: figure.Of(0.01)}
		},
	}, {
		name: "server and generator have no core of their own", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.GeneratorCPUPercentOfCore, w.ServerCPUPercentOfCore = 70, figure.Of(125)
			w.Turn, w.Loops = Turn{Known: true, Waiting: 20, Held: 44}, Loops{Busy: figure.Of(0.7), OnCPU: figure.Of(0.7), Queued: figure.Of(0.28)}
		},
		want: []string{GeneratorSaturated}, says: []string{titleShared, "stood in line for a CPU for 28 % of the time"},
	}, {
		name: "the generator is busy and in time", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.GeneratorCPUPercentOfCore, w.LatenessP99, w.LatenessShare = 90, 300*time.Microsecond, figure.Of(0.1)
			w.Loops = Loops{Busy: figure.Of(0.9)}
		},
	}, {
		name: "the generator is busy and late", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.GeneratorCPUPercentOfCore, w.LatenessP99, w.LatenessShare = 90, 3*time.Millisecond, figure.Of(0.4)
			w.Loops = Loops{Busy: figure.Of(0.9)}
		},
		want: []string{GeneratorSaturated}, says: []string{"3.00 ms at p99"},
	}, {
		name: "the generator is full for one window", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 {
				w.GeneratorCPUPercentOfCore = 99
				w.Turn, w.Loops = Turn{Known: true, Held: 64}, Loops{Busy: figure.Of(0.99)}
			}
		},
	}, {
		name: "the generator is starved", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.LatenessP99, w.LatencyP99MS, w.LatenessShare = 40*time.Millisecond, figure.Of(45), figure.Of(0.7)
			w.Loops = Loops{Busy: figure.Of(0.2), OnCPU: figure.Of(0.2), Queued: figure.Of(0.3)}
			w.ServerCPUPercentOfCore, w.HostCPUPercent = figure.Of(20), []float64{45, 60}
		},
		want: []string{GeneratorSaturated}, says: []string{"cannot keep its schedule"},
	}, {
		name: "other programs starve the generator", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.LatenessP99, w.LatencyP99MS, w.LatenessShare = 40*time.Millisecond, figure.Of(45), figure.Of(0.7)
			w.Loops = Loops{Busy: figure.Of(0.2), OnCPU: figure.Of(0.2), Queued: figure.Of(0.3)}
			w.ServerCPUPercentOfCore, w.GeneratorCPUPercentOfCore, w.HostCPUPercent = figure.Of(2), 6, []float64{99, 99}
		},
		want: []string{GeneratorSaturated, HostBusy}, says: []string{"close what else runs"}, not: "beside the server",
	}, {
		name: "the generator is late, and the server much later", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.LatenessP99, w.LatencyP99MS, w.LatenessShare = 40*time.Millisecond, figure.Of(7000), figure.Of(0.02)
			w.Loops = Loops{Busy: figure.Of(0.2), OnCPU: figure.Of(0.2), Queued: figure.Of(0.3)}
		},
	}, {
		name: "the generator is stopped for moments", facts: rateFacts(500), seconds: 12,
		change: func(i int, w *Window) {
			w.Sent, w.OK = 500, 500
			if i%4 == 1 {
				w.LatenessP99, w.LatenessMax, w.LatencyP99MS, w.LatenessShare = 50*time.Millisecond, 58*time.Millisecond, figure.Of(50), figure.Of(0.8)
				w.Loops = Loops{Busy: figure.Of(0.03), OnCPU: figure.Of(0.02), Queued: figure.Of(0.001), Stops: 1, Stopped: 58 * time.Millisecond, LongestStop: 58 * time.Millisecond}
			}
		},
		want: []string{GeneratorSaturated},
		says: []string{titleStopped, "something stopped the generator 3 times, for 174 ms in all and at most for 58.0 ms", "at worst 58.0 ms"},
	}, {
		name: "it is stopped, and catches up for seconds", facts: rateFacts(500), seconds: 16,
		change: func(i int, w *Window) {
			w.LatenessP99, w.LatencyP99MS, w.LatenessShare = 50*time.Millisecond, figure.Of(60), figure.Of(0.7)
			w.Loops = Loops{Busy: figure.Of(0.3), OnCPU: figure.Of(0.2), Queued: figure.Of(0.01)}
			if i < 3 {
				w.Loops.Stops, w.Loops.Stopped, w.Loops.LongestStop = 1, 60*time.Millisecond, 60*time.Millisecond
			}
		},
		want: []string{GeneratorSaturated}, says: []string{titleStopped, "run it where nothing stops it"},
	}, {
		name: "it is stopped once", facts: rateFacts(500), seconds: 12,
		change: func(i int, w *Window) {
			w.Sent, w.OK = 500, 500
			if i == 1 {
				w.LatenessP99, w.LatencyP99MS, w.LatenessShare = 50*time.Millisecond, figure.Of(50), figure.Of(0.8)
				w.Loops = Loops{Busy: figure.Of(0.03), Stops: 1, Stopped: 58 * time.Millisecond, LongestStop: 58 * time.Millisecond}
			}
		},
	}, {
		name: "half the rate, all connections in use", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) { w.Sent, w.OK, w.InFlight, w.Backlog = 5000, 5000, 64, 5000*(i+1) },
		want:   []string{RateNotReached},
		says:   []string{"5,000 of 10,000 requests per second were sent since 0.0 s (50 %)", "64 of 64 connections wait", "30,000 requests for a connection"},
	}, {
		name: "half the rate, for want of the CPU that both use up", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.Sent, w.OK, w.InFlight, w.Backlog = 5000, 5000, 64, 5000*(i+1)
			w.Turn = Turn{Known: true, Waiting: 50, Held: 14}
			w.Loops = Loops{Busy: figure.Of(0.6), OnCPU: figure.Of(0.3), Queued: figure.Of(0.3)}
			w.GeneratorCPUPercentOfCore, w.ServerCPUPercentOfCore = 40, figure.Of(150)
		},
		want: []string{RateNotReached}, says: []string{"server and generator use up the machine that they share: lower -q"},
	}, {
		name: "out of local ports", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { fail(w, "generator: no local ports", 12_000); w.Connections = 6000 },
		want:   []string{GeneratorExhausted},
		says:   []string{"ran out of local ports", "60,000 of 150,000 requests (40 %) were never sent", "6,000 connections were open", "of 8,000 users", "ip_local_port_range"},
	}, {
		name: "out of descriptors", facts: steadyFacts(), seconds: 1,
		change: func(i int, w *Window) { fail(w, "generator: no file descriptors", 400) },
		want:   []string{GeneratorExhausted}, says: []string{"ran out of file descriptors", "ulimit -n"},
	}, {
		name: "a moment without ports", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { fail(w, "generator: no local ports", 50) },
	}, {
		name: "a rate of which two thirds are refused a connection", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.Sent, w.OK, w.KO = 3400, 3400, 6600
			w.Failures = map[string]uint64{"connect refused": 6000, "TLS handshake": 600}
		},
		want: []string{ConnectionsRefused},
	}, {
		name: "a rate that is not reached, of which some are refused a connection, too", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) {
			w.Sent, w.OK, w.KO = 5000, 5000, 1000
			w.Failures = map[string]uint64{"connect failed": 1000}
		},
		want: []string{RateNotReached}, says: []string{"(50 %)", "6,000 more had their turn, and no connection was to be had"},
	}, {
		name: "97 % of the rate", facts: rateFacts(10_000), seconds: 6,
		change: func(i int, w *Window) { w.Sent, w.OK = 9700, 9700 },
	}, {
		name: "a rate of 2 in windows that catch 1 or 3", facts: rateFacts(2), seconds: 20,
		change: func(i int, w *Window) { w.Sent, w.OK = uint64(1+2*(i%2)), uint64(1+2*(i%2)) },
	}, {
		name: "nothing is sent when the time is over", facts: rateFacts(10_000), seconds: 70,
		change: func(i int, w *Window) {
			if i >= 60 {
				w.Sent, w.OK = 0, 10
			}
		},
	}, {
		name: "the end of a ramp is not reached", facts: rampFacts(), seconds: 8,
		change: func(i int, w *Window) {
			w.OfferedRate = float64(1000 * (i + 1))
			w.Sent = uint64(min(w.OfferedRate, 5000))
			w.OK = w.Sent
		},
		want: []string{RateNotReached}, says: []string{"since 5.0 s"},
	},
}
