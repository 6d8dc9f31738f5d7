package diagnosis

import "github.com/benchtui/benchtui/internal/figure"

// pinnedFacts are those of a rate at a server that has one core.
func pinnedFacts() Facts {
	facts := steadyFacts()
	facts.Model, facts.ServerCores = "rate", 1
	return facts
}

// withQuota are those of one with eight, of which a quota grants so many.
func withQuota(own, shared float64) Facts {
	facts := withCores(8)
	facts.ServerCores, facts.SharedCores = own, shared
	return facts
}

// cpuCases are of the rules about who uses the CPU.
var cpuCases = []ruleCase{
	{
		name: "node, by its own account", facts: rateFacts(9000), seconds: 6,
		change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(1), figure.Of(float64(4+8*i))
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = figure.Of(104), figure.Of(98)
			w.HostCPUPercent = []float64{99, 50}
		},
		want: []string{EventLoopSaturated},
		says: []string{"event loop utilization 100 %", "hottest thread uses 98 %", "44.0 ms late at p99", "at its calmest 4.00 ms"},
	}, {
		name: "one thread, from outside", facts: rateFacts(9000), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(104), figure.Of(98), []float64{99, 50}
			w.InFlight = 57
		},
		want: []string{EventLoopSaturated}, says: []string{"hottest thread uses 98 %", "the machine has 2 cores", "57 requests are in it"},
	}, {
		name: "one thread, from outside, counted between two bursts", facts: rateFacts(9000), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(104), figure.Of(98), []float64{99, 50}
			w.InFlight, w.LatencyP50MS = 0, figure.Of(1.5)
		},
		want: []string{EventLoopSaturated}, says: []string{"14 requests are in it"},
	}, {
		name: "one thread compiles, and replies come at once", facts: rateFacts(1000), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(111), figure.Of(100), []float64{80, 50}
			w.InFlight, w.LatencyP50MS, w.LatencyP99MS = 1, figure.Of(0.09), figure.Of(1.42)
		},
	}, {
		name: "one thread compiles, and now and then a reply waits", facts: rateFacts(1000), seconds: 9,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(111), figure.Of(100), []float64{80, 50}
			w.InFlight, w.LatencyP50MS = 12*(i%2), figure.Of(0.09)
		},
	}, {
		name: "a loop that is blocked", facts: rateFacts(20), seconds: 6,
		change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(1), figure.Of(50)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(4), figure.Of(3), []float64{5, 45}
		},
		want: []string{EventLoopSaturated}, says: []string{"blocked", "the server uses 4 % of a core"},
	}, {
		name: "a loop that others leave no CPU", facts: steadyFacts(), seconds: 8, change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(1), figure.Of(90)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.RunQueueWaitPercent = figure.Of(42), figure.Of(40), figure.Of(57)
			w.HostCPUPercent = []float64{60, 60}
		},
		want: []string{EventLoopSaturated}, says: []string{"starved", "had no CPU for 57 % of the time"},
	}, {
		name: "a loop and its helpers that others leave no CPU", facts: steadyFacts(), seconds: 8, change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(1), figure.Of(90)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.RunQueueWaitPercent = figure.Of(42), figure.Of(40), figure.Of(133)
			w.HostCPUPercent = []float64{60, 60}
		},
		want: []string{EventLoopSaturated}, says: []string{"starved", "1.3 of its threads on average were ready to run and had no CPU"},
	}, {
		name: "a loop whose worker threads leave it no CPU", facts: steadyFacts(), seconds: 8, change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(1), figure.Of(90)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.RunQueueWaitPercent = figure.Of(170), figure.Of(41), figure.Of(300)
			w.GeneratorCPUPercentOfCore = 12
		},
		want: []string{EventLoopSaturated}, says: []string{"the server's other threads and processes have it", "fewer worker threads"},
	}, {
		name: "a loop that waits in a call, and hardly for a CPU", facts: steadyFacts(), seconds: 8, change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopSilentS = figure.Of(1), figure.Of(1.4)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.RunQueueWaitPercent = figure.Of(4), figure.Of(3), figure.Of(2)
			w.HostCPUPercent = []float64{45, 40}
		},
		want: []string{EventLoopSaturated}, says: []string{"blocked", "no word from the loop for 1.4 s"},
	}, {
		name: "a busy loop with room left", facts: rateFacts(9000), seconds: 6,
		change: func(i int, w *Window) {
			w.EventLoopUtilization, w.EventLoopDelayP99MS = figure.Of(0.9), figure.Of(4)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(99), figure.Of(93), []float64{90, 54}
		},
	}, {
		name: "two threads at their limit", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.HottestThreadPercentOfCore, w.ServerCPUPercentOfCore = figure.Of(95), figure.Of(150)
		},
	}, {
		name: "all CPU used and latency grows", facts: usersFacts(), seconds: 8,
		change: func(i int, w *Window) { w.LatencyP50MS = figure.Of(2 + 30*float64(max(0, i-2))) },
		want:   []string{CPUSaturated}, says: []string{"1.5 cores of 2 cores", "under the same load"},
	}, {
		name: "all CPU used and latency stands", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) {},
	}, {
		name: "five workers need the whole machine themselves", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.OK, w.Sent, w.LatencyP50MS = 140, 140, figure.Of(444)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(193), figure.Of(52), 5
		},
		want: []string{CPUSaturated}, says: []string{"it takes the whole machine's, and requests wait", "1.9 cores of 2 cores, the generator 5 % of a core", "64 requests are in it", "the median latency is 444 ms"},
	}, {
		name: "a virtual machine needs the whole machine, much of it for its compiler", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.OK, w.Sent, w.LatencyP50MS = 140, 140, figure.Of(444)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(193), figure.Of(52), 5
			w.CompilingCores = figure.Of(0.8)
		},
		want: []string{StillCompiling},
	}, {
		name: "five workers that wait, beside a neighbour", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.OK, w.Sent, w.LatencyP50MS = 140, 140, figure.Of(444)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(4), figure.Of(1), 5
		},
		want: []string{HostBusy},
	}, {
		name: "a server needs the whole machine itself, and hardly anybody waits", facts: rateFacts(120), seconds: 6,
		change: func(i int, w *Window) {
			w.LatencyP50MS, w.InFlight = figure.Of(16), 2
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(190), figure.Of(52), 5
		},
	}, {
		name: "five workers and a neighbour need the whole machine", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.OK, w.Sent, w.LatencyP50MS = 140, 140, figure.Of(444)
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(105), figure.Of(30), 5
		},
		want: []string{HostBusy},
	}, {
		name: "latency grows and CPU is left", facts: usersFacts(), seconds: 8,
		change: func(i int, w *Window) {
			w.LatencyP50MS = figure.Of(2 + 30*float64(max(0, i-2)))
			w.HostCPUPercent = []float64{80, 80}
		},
	}, {
		name: "pinned to one core, and latency grows", facts: pinnedFacts(), seconds: 8,
		change: func(i int, w *Window) {
			w.LatencyP50MS = figure.Of(2 + 30*float64(max(0, i-2)))
			w.Backlog = 1
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(97), figure.Of(40), []float64{98, 44}
		},
		want: []string{CPUSaturated}, says: []string{"97 % of a core of one core"},
	}, {
		name: "bound to one core of two, which it uses up", facts: boundFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(99), figure.Of(40), []float64{99, 46}
		},
		want: []string{CPUSaturated}, says: []string{"it uses up the one core that it may use", "99 % of a core of one core", "it may run on CPU 0 alone; the machine has 2 cores", "64 requests are in it", "taskset"},
	}, {
		name: "bound to one core, by one thread", facts: boundFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(99), figure.Of(98), []float64{99, 46}
		},
		want: []string{CPUSaturated},
	}, {
		name: "bound to one core, and nobody waits", facts: boundFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.InFlight, w.OK, w.Sent = 2, 1000, 1000
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(99), figure.Of(40), []float64{99, 46}
		},
	}, {
		name: "bound to one core, with time left", facts: boundFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(80), figure.Of(40), []float64{80, 46}
		},
	}, {
		name: "a neighbour burns a core", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(75), figure.Of(40), 25
		},
		want: []string{HostBusy}, says: []string{"other programs use 96 % of a core, of 2 cores"},
	}, {
		name: "a neighbour for two seconds", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 || i == 3 {
				w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = figure.Of(61), figure.Of(40)
			}
		},
	}, {
		name: "a neighbour, and a wait at the end in which nobody has anything to do", facts: drainedFacts(), seconds: 8,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(75), figure.Of(40), 25
			if i >= 5 {
				w.OK, w.ServerCPUPercentOfCore, w.GeneratorCPUPercentOfCore = 0, figure.Of(0), 1
			}
		},
		want: []string{HostBusy}, says: []string{"the server uses 75 % of a core, the generator 25 % of a core"},
	}, {
		name: "a hypervisor that steals", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { w.StealPercentOfCore = figure.Of(40) },
		want:   []string{HostBusy}, says: []string{"the hypervisor took 40 % of a core"},
	}, {
		name: "a little steal", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { w.StealPercentOfCore = figure.Of(9) },
	}, {
		name: "steal and interrupts are no other program's", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(75), figure.Of(40), 45
			w.StealPercentOfCore, w.InterruptPercentOfCore = figure.Of(18), figure.Of(30)
		},
	}, {
		name: "a database that works for the server", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore = figure.Of(61), figure.Of(40)
			w.BackendCPUPercentOfCore, w.Backends = figure.Of(80), []string{"postgres"}
		},
	}, {
		name: "a neighbour beside a database", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(45), figure.Of(30), 21
			w.BackendCPUPercentOfCore, w.Backends = figure.Of(40), []string{"postgres"}
		},
		want: []string{HostBusy}, says: []string{"other programs use 90 % of a core", "its backends (postgres) use 40 % of a core"},
	}, {
		name: "cores that were read are those of the run", facts: withCores(8), seconds: 6,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.GeneratorCPUPercentOfCore = figure.Of(75), figure.Of(40), 25
		},
		want: []string{HostBusy}, says: []string{"of 2 cores"},
	}, {
		name: "a quota of its own is used up", facts: withQuota(1.5, 0), seconds: 12,
		change: func(i int, w *Window) {
			w.ServerCPUPercentOfCore, w.HottestThreadPercentOfCore, w.HostCPUPercent = figure.Of(148), figure.Of(60), []float64{20, 20, 40, 20, 20, 20, 25, 30}
			if i >= 5 {
				w.LatencyP50MS = figure.Of(9)
			}
		},
		want: []string{CPUSaturated}, says: []string{"the server uses 1.5 cores of 1.5 cores"},
	}, {
		name: "a quota with the generator is used up", facts: withQuota(0, 2), seconds: 12,
		change: func(i int, w *Window) {
			w.HostCPUPercent = []float64{20, 20, 40, 20, 20, 20, 25, 30}
			if i >= 5 {
				w.LatencyP50MS = figure.Of(9)
			}
		},
		want: []string{CPUSaturated}, says: []string{"of 2 cores"},
	}, {
		name: "half of a quota", facts: withQuota(3, 0), seconds: 12,
		change: func(i int, w *Window) {
			w.HostCPUPercent = []float64{20, 20, 40, 20, 20, 20, 25, 30}
			if i >= 5 {
				w.LatencyP50MS = figure.Of(9)
			}
		},
	}, {
		name: "a quota that throttles", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.CPUQuotaCores, w.QuotaPeriods, w.ThrottledPeriods, w.ThrottledSeconds = figure.Of(0.5), figure.Of(10), figure.Of(7), figure.Of(0.45)
		},
		want: []string{CPUQuotaThrottles}, says: []string{"stopped in 7 of 10 periods (70 %)", "its quota is 0.5 cores' time", "450 ms a second"},
	}, {
		name: "a quota that throttles the generator, too", facts: sharing(0.5), seconds: 5,
		change: func(i int, w *Window) {
			w.CPUQuotaCores, w.QuotaPeriods, w.ThrottledPeriods, w.ThrottledSeconds = figure.Of(0.5), figure.Of(10), figure.Of(7), figure.Of(0.45)
		},
		want: []string{CPUQuotaThrottles}, says: []string{"server and generator share", "the quota of both is 0.5 cores' time", "outside of the server's container"},
	}, {
		name: "a quota that is hardly used up", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.CPUQuotaCores, w.QuotaPeriods, w.ThrottledPeriods, w.ThrottledSeconds = figure.Of(0.5), figure.Of(20), figure.Of(1), figure.Of(0.01)
		},
	},
}

// sharing are the facts of a server that has a quota in common with the generator.
func sharing(cores float64) Facts {
	facts := steadyFacts()
	facts.SharedCores = cores
	return facts
}

// boundFacts are those of a server that was given one core of the machine's two.
func boundFacts() Facts {
	facts := steadyFacts()
	facts.ServerCores, facts.ServerBound = 1, "it may run on CPU 0 alone"
	return facts
}
