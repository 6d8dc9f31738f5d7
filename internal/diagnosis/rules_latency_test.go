package diagnosis

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// plateau has so much of the replies take 44 ms, and so many of the connections held
// back by the kernel.
func plateau(w *Window, share, held float64) {
	w.LatencyP50MS, w.ServiceP50MS, w.ServiceMinMS, w.ServiceP99MS = figure.Of(44), figure.Of(44), figure.Of(0.3), figure.Of(44.5)
	w.PlateauShare, w.RepliesHeld = share, figure.Of(held)
}

// waiting is what a second of a load over 64 connections shows of a server that mostly
// waits: its replies' times, ms, in the order in which they came.
func waiting(w *Window, times []float64) {
	counts := map[int64]uint64{}
	for _, ms := range times {
		counts[int64(1000*ms)]++
	}
	w.Service = measure.Histogram{}
	for _, value := range slices.Sorted(maps.Keys(counts)) {
		w.Service.Values = append(w.Service.Values, value)
		w.Service.Counts = append(w.Service.Counts, counts[value])
	}
	w.Sent, w.OK = uint64(len(times)), uint64(len(times))
	if len(times) > 0 {
		p50, p99 := figure.Of(float64(w.Service.Quantile(0.5))/1000), figure.Of(float64(w.Service.Quantile(0.99))/1000)
		w.LatencyP50MS, w.LatencyP99MS, w.ServiceP50MS, w.ServiceP99MS = p50, p99, p50, p99
		w.ServiceMinMS = figure.Of(float64(w.Service.Min()) / 1000)
	}
	w.InFlight = 64
	w.GeneratorCPUPercentOfCore, w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = 1, figure.Of(3), figure.Of(1)
	w.HostCPUPercent = []float64{4, 3}
}

// closedOver64 plays a closed load over 64 connections, and the wait at its end: work says
// how long the request takes that is begun at a time, ms, by so many workers. It returns
// the times of the replies of each second; of those that came after the load in one more.
func closedOver64(workers, seconds int, work func(at float64) float64) [][]float64 {
	times, _ := playClosed(workers, seconds, work, func(int) int { return 0 })
	return times
}

// playClosed has a free worker take the request that next picks among those that wait,
// and tells how long after the load the last reply came, ms.
func playClosed(workers, seconds int, work func(at float64) float64, next func(waiting int) int) (times [][]float64, last float64) {
	end := float64(1000 * seconds)
	times = make([][]float64, seconds+1)
	free := make([]float64, workers) // when each worker is
	sent := make([]float64, 64)      // when what waits was, in that order
	for len(sent) > 0 {
		worker := 0
		for i, at := range free {
			if at < free[worker] {
				worker = i
			}
		}
		begun := max(free[worker], sent[0])
		waiting, _ := slices.BinarySearch(sent, math.Nextafter(begun, end))
		at := next(waiting)
		ended := begun + work(begun)
		second := min(seconds, int(ended/1000))
		times[second] = append(times[second], ended-sent[at])
		free[worker], last = ended, max(last, ended-end)
		sent = slices.Delete(sent, at, at+1)
		if ended < end {
			at, _ := slices.BinarySearch(sent, ended)
			sent = slices.Insert(sent, at, ended)
		}
	}
	return times, last
}

// byChance picks any of those that wait.
func byChance() func(int) int {
	chance := rand.New(rand.NewPCG(3, 4))
	return func(waiting int) int { return chance.IntN(max(1, waiting)) }
}

// afterwards plays such a load of six seconds with the wait at its end.
func afterwards(workers int, work func(at float64) float64, next func(waiting int) int) func(i int, w *Window) {
	times, last := playClosed(workers, 6, work, next)
	return func(i int, w *Window) {
		waiting(w, times[i])
		if i == 6 {
			w.InFlight, w.To = 0, 6*time.Second+time.Duration(last*1e6)
		}
	}
}

// sixSeconds is a closed load that ends.
func sixSeconds() Facts {
	facts := steadyFacts()
	facts.Duration = 6 * time.Second
	return facts
}

// constantly takes as long for every request, sometimes one of two times by chance.
func constantly(ms float64) func(float64) float64 { return func(float64) float64 { return ms } }
func lognormally(median, spread float64) func(float64) float64 {
	chance := rand.New(rand.NewPCG(5, 6))
	return func(float64) float64 { return median * math.Exp(spread*chance.NormFloat64()) }
}
func sometimes(part, soon, late float64) func(float64) float64 {
	chance := rand.New(rand.NewPCG(1, 2))
	return func(float64) float64 {
		if chance.Float64() < part {
			return soon
		}
		return late
	}
}

// latencyCases are of the rules about how long replies take.
var latencyCases = []ruleCase{
	{
		name: "requests given up", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			fail(w, "timeout", 60)
			fail(w, "connect timeout", 40)
			w.ResponseOK = measure.Histogram{Values: []int64{2000, 7000 - 200*int64(i)}, Counts: []uint64{9850, 150}}
		},
		want: []string{TimeoutsHideLatency},
		says: []string{"600 of 180,000 requests (0.33 %) were given up without a reply within 60 s", "the p99.9 is at least 60,000 ms", "the OK replies alone show a p99 of 6.20 ms"},
	}, {
		name: "all given up", facts: steadyFacts(), seconds: 6,
		change: func(_ int, w *Window) {
			fail(w, "timeout", w.OK)
			w.OK, w.ResponseOK = 0, measure.Histogram{}
		},
		want: []string{TimeoutsHideLatency}, says: []string{"no reply came in time"}, not: "look better",
	}, {
		name: "OK replies that waited for a connection for longer than the time-out", facts: func() Facts { f := rateFacts(100); f.Timeout = time.Second; return f }(), seconds: 6,
		change: func(i int, w *Window) {
			fail(w, "timeout", 10)
			w.FailedAt = map[string]time.Duration{"timeout": w.From + 700*time.Millisecond}
			w.ResponseOK = measure.Histogram{Values: []int64{1_500_000}, Counts: []uint64{90}}
		},
		want: []string{TimeoutsHideLatency}, says: []string{"show a p99 of 1,501 ms"}, not: "at least 1,000 ms",
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
		name: "silence of those that an accept queue had dropped", facts: usersFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.AcceptQueue, w.AcceptQueueLimit = figure.Of(2), figure.Of(1)
			w.ListenOverflows, w.AwaitingFirst = figure.Of(40), 64
			if i == 3 {
				w.OK, w.Silence = w.OK/2, Silence{From: 3 * time.Second, To: 3900 * time.Millisecond, Waiting: 64, Unserved: 64, Queue: figure.Of(0)}
			}
		},
		want: []string{AcceptQueueOverflow, ServerStalled}, says: nil, not: "a collection of its whole heap",
	}, {
		name: "a standstill that fills the accept queue", facts: usersFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 3 {
				w.AcceptQueue, w.AcceptQueueLimit, w.ListenOverflows, w.AwaitingFirst = figure.Of(512), figure.Of(511), figure.Of(40), 600
				w.OK, w.Silence = w.OK/2, Silence{From: 3 * time.Second, To: 3900 * time.Millisecond, Waiting: 64, Unserved: 64, Queue: figure.Of(512)}
			}
		},
		want: []string{ServerStalled}, says: []string{"stood still for 0.9 s", "its accept queue stood full all the while (512 of 511)", "a collection of its whole heap"},
	}, {
		name: "it hangs for good, and what is asked times out", facts: rateFacts(200), seconds: 6,
		change: func(i int, w *Window) {
			if i >= 2 {
				w.OK = 0
				fail(w, "timeout", 8)
				w.Silence = Silence{From: 2 * time.Second, To: w.To, Waiting: 8}
			}
		},
		want: []string{ServerStalled, TimeoutsHideLatency}, says: nil,
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
		name: "it stands still until the load is over", facts: drainedFacts(), seconds: 10,
		change: func(i int, w *Window) {
			if i >= 4 {
				w.OK, w.Sent, w.Silence = 0, 0, Silence{From: 4100 * time.Millisecond, To: w.To + 100*time.Millisecond, Waiting: 8}
			}
		},
		want: []string{ServerStalled}, says: []string{"no reply between 4.1 s and 5.0 s"},
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
		change: plays(closedOver64(8, 6, constantly(50))),
		want:   []string{WorkersAsleep}, says: []string{"64 requests are in it, and it uses 3 % of a core", "takes 400 ms, and one that need not wait 50.0 ms", "some 8 requests are worked at"},
	}, {
		name: "workers that sleep shortly", facts: steadyFacts(), seconds: 6,
		change: plays(closedOver64(16, 6, constantly(5))),
		want:   []string{WorkersAsleep}, says: []string{"some 16 requests are worked at"},
	}, {
		name: "few workers that sleep for long", facts: steadyFacts(), seconds: 12,
		change: plays(closedOver64(4, 12, constantly(250))),
		want:   []string{WorkersAsleep}, says: []string{"some 4 requests are worked at"},
	}, {
		name: "a server that waits for all at once", facts: steadyFacts(), seconds: 6,
		change: plays(closedOver64(64, 6, constantly(395))),
	}, {
		name: "a cache that has few replies", facts: steadyFacts(), seconds: 12,
		change: plays(closedOver64(64, 12, sometimes(0.05, 1, 60))),
	}, {
		name: "a cache that has a third", facts: steadyFacts(), seconds: 12,
		change: plays(closedOver64(64, 12, sometimes(0.35, 1, 60))),
	}, {
		name: "a cache that has a reply in a thousand", facts: steadyFacts(), seconds: 12,
		change: plays(closedOver64(64, 12, sometimes(0.001, 1, 60))),
	}, {
		name: "replies that take three times as long from 2 s on", facts: steadyFacts(), seconds: 12,
		change: plays(closedOver64(64, 12, func(at float64) float64 {
			if at < 2000 {
				return 20
			}
			return 60
		})),
	}, {
		name: "workers that sleep and are asked for more than they can", facts: rateFacts(300), seconds: 6,
		change: func(i int, w *Window) {
			plays(closedOver64(8, 6, constantly(50)))(i, w)
			w.Backlog = 140 * (i + 1)
		},
		want: []string{RateNotReached, WorkersAsleep},
	}, {
		name: "the same times, at a rate that is kept", facts: rateFacts(160), seconds: 6,
		change: plays(closedOver64(8, 6, constantly(50))),
	}, {
		name: "workers that take any that wait", facts: sixSeconds(), seconds: 7,
		change: afterwards(4, constantly(20), byChance()),
		want:   []string{WorkersAsleep}, says: []string{"some 4 requests are worked at"},
	}, {
		name: "times of all lengths", facts: sixSeconds(), seconds: 7,
		change: afterwards(64, lognormally(60, 1), byChance()),
	}, {
		name: "a cache that has a third, to the end", facts: sixSeconds(), seconds: 7,
		change: afterwards(64, sometimes(0.35, 1, 60), byChance()),
	}, {
		name: "a queue before a busy thread", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			plays(closedOver64(8, 6, constantly(50)))(i, w)
			w.HottestThreadPercentOfCore, w.ServerCPUPercentOfCore = figure.Of(85), figure.Of(88)
		},
	}, {
		name: "workers that become more", facts: steadyFacts(), seconds: 8,
		change: func(i int, w *Window) { plays(closedOver64(2+2*i, 8, constantly(50)))(i, w) },
		want:   []string{SlowStart},
	},
}

// plays has each second of a load show what was played of it.
func plays(seconds [][]float64) func(i int, w *Window) {
	return func(i int, w *Window) { waiting(w, seconds[i]) }
}
