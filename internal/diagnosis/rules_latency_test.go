package diagnosis

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// plateau has so much of the replies take 44 ms, and so many of the connections held
// back by the kernel.
func plateau(w *Window, share, held float64) {
	w.LatencyP50MS, w.ServiceP50MS, w.ServiceMinMS, w.ServiceP99MS = figure.Of(44), figure.Of(44), figure.Of(0.3), figure.Of(44.5)
	w.PlateauShare, w.RepliesHeld = share, figure.Of(held)
}

// asleep is a server of 8 workers of 50 ms each that 64 requests wait for, one of which
// takes so many ms when it has not to wait.
func asleep(w *Window, lone float64) {
	w.Sent, w.OK = 160, 160
	w.LatencyP50MS, w.LatencyP99MS, w.ServiceP50MS, w.ServiceP99MS, w.ServiceMinMS = figure.Of(400), figure.Of(410), figure.Of(400), figure.Of(410), figure.Of(lone)
	w.GeneratorCPUPercentOfCore, w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = 1, figure.Of(3), figure.Of(1)
	w.HostCPUPercent = []float64{4, 3}
}

// latencyCases are of the rules about how long replies take.
var latencyCases = []ruleCase{
	{
		name: "requests given up", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { fail(w, "timeout", 60); fail(w, "connect timeout", 40) },
		want:   []string{TimeoutsHideLatency},
		says:   []string{"600 of 180,000 requests (0.33 %) were given up without a reply within 60 s", "the p99.9 is at least 60,000 ms", "p99 of 6.00 ms"},
	}, {
		name: "requests that the load's end gives up", facts: drainedFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 5 {
				w.OK = 0
				fail(w, "timeout", 4000)
			}
		},
		want: []string{TimeoutsHideLatency},
		says: []string{"4,000 of 154,000 requests (2.6 %) were given up without a reply within 5 s", "the load waits no longer than that for what it still misses at its end",
			"the p99 is at least 5,000 ms", "run longer (-z)"},
	}, {
		name: "a handful given up", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { fail(w, "timeout", 1) },
	}, {
		name: "a standstill of a second", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			switch i {
			case 2:
				w.OK, w.Silence = w.OK/2, Silence{From: 2500 * time.Millisecond, To: 3 * time.Second, Waiting: 64}
			case 3:
				w.OK, w.Silence = w.OK/2, Silence{From: 2500 * time.Millisecond, To: 3500 * time.Millisecond, Waiting: 64}
			}
		},
		want: []string{ServerStalled}, says: []string{"stood still for 1.0 s", "between 2.5 s and 3.5 s", "64 requests waited"},
	}, {
		name: "a standstill after the last user came", facts: usersFacts(), seconds: 9,
		change: func(i int, w *Window) {
			switch i {
			case 6:
				w.OK, w.Silence = w.OK/2, Silence{From: 6500 * time.Millisecond, To: 7 * time.Second, Waiting: 400}
			case 7:
				w.OK = w.OK / 2
			}
		},
		want: []string{ServerStalled}, says: []string{"stood still for 0.5 s", "400 requests waited"},
	}, {
		name: "requests that hang when the load is over", facts: drainedFacts(), seconds: 10,
		change: func(i int, w *Window) {
			if i >= 5 {
				w.OK, w.Sent, w.Silence = 0, 0, Silence{From: 5100 * time.Millisecond, To: w.To, Waiting: 8}
			}
		},
	}, {
		name: "pauses of a collector", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.Silence = Silence{From: w.From, To: w.From + 300*time.Millisecond, Waiting: 64}
		},
	}, {
		name: "few slow replies at a time", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.OK, w.LatencyP50MS = 2, figure.Of(480)
			w.Silence = Silence{From: w.From, To: w.From + 450*time.Millisecond, Waiting: 1}
		},
	}, {
		name: "a JVM that warms up", facts: steadyFacts(), seconds: 10,
		change: func(i int, w *Window) {
			if i < 3 {
				w.LatencyP50MS, w.OK = figure.Of(9-2*float64(i)), 9000
			}
		},
		want: []string{SlowStart}, says: []string{"7.00 ms in the first 3 s, and 2.00 ms from 4 s on", "9,000 OK replies per second, and 30,000"},
	}, {
		name: "a first second that is slow", facts: steadyFacts(), seconds: 10,
		change: func(i int, w *Window) {
			if i < 1 {
				w.LatencyP50MS, w.OK = figure.Of(9), 9000
			}
		},
	}, {
		name: "latency that climbs", facts: steadyFacts(), seconds: 16,
		change: func(i int, w *Window) {
			w.LatencyP50MS, w.HostCPUPercent = figure.Of(2+0.3*float64(i)), []float64{70, 70}
		},
		want: []string{LatencyDrift}, says: []string{"quarter by quarter: 2."},
	}, {
		name: "latency that goes up and down", facts: steadyFacts(), seconds: 16,
		change: func(i int, w *Window) {
			w.LatencyP50MS, w.HostCPUPercent = figure.Of(2+0.3*float64(i%4)), []float64{70, 70}
		},
	}, {
		name: "latency that steps up once", facts: steadyFacts(), seconds: 16,
		change: func(i int, w *Window) {
			w.HostCPUPercent = []float64{70, 70}
			if i > 7 {
				w.LatencyP50MS = figure.Of(3.9)
			}
		},
	}, {
		name: "replies that wait for acknowledgements", facts: rateFacts(20), seconds: 4,
		change: func(i int, w *Window) { plateau(w, 0.9, 0.9) },
		want:   []string{DelayedReplies}, says: []string{"90 % of the replies take 38 to 50 ms", "on 0.9 connections"},
	}, {
		name: "a handler that takes 44 ms", facts: rateFacts(20), seconds: 4,
		change: func(i int, w *Window) { plateau(w, 0.99, 0) },
	}, {
		name: "times around 44 ms", facts: rateFacts(20), seconds: 4,
		change: func(i int, w *Window) { plateau(w, 0.5, 0.5); w.BesideShare = 0.4 },
	}, {
		name: "workers that sleep", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { asleep(w, 50) },
		want:   []string{WorkersAsleep}, says: []string{"64 requests are in it, and it uses 3 % of a core", "takes 400 ms, and one that need not wait 50.0 ms", "some 8 requests are worked at"},
	}, {
		name: "a server that waits for all at once", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { asleep(w, 395) },
	}, {
		name: "a queue before a busy thread", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			asleep(w, 50)
			w.HottestThreadPercentOfCore, w.ServerCPUPercentOfCore = figure.Of(85), figure.Of(88)
		},
	}, {
		name: "workers whose rate still rises", facts: steadyFacts(), seconds: 8,
		change: func(i int, w *Window) { asleep(w, 50); w.OK = uint64(160 + 90*i) },
	},
}
