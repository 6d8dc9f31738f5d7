package diagnosis

import "github.com/benchtui/benchtui/internal/figure"

// paused is a second in which a runtime of one process paused so often, for so long in
// all; of the slow replies so many fell into pauses.
func paused(w *Window, count int, seconds float64, slow, inPause uint64) {
	w.RuntimeProcesses, w.PauseCount, w.PauseSeconds = 1, figure.Of(float64(count)), figure.Of(seconds)
	w.HeapUsedBytes, w.HeapLimitBytes, w.CompilingCores = figure.Of(40e6), figure.Of(400e6), figure.Of(0)
	w.Pauses = Pauses{Slow: slow, SlowInPause: inPause, InPause: uint64(float64(w.OK) * seconds * 2), Replies: w.OK, SlowMS: 12, LongestMS: 1000 * seconds / float64(max(1, count))}
}

// runtimeCases are of the rules about memory and the runtime.
var runtimeCases = []ruleCase{
	{
		name: "a leak", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 12e6*float64(i)) },
		want:   []string{MemoryGrowth}, says: []string{"12.0 MB a second", "400 bytes per request"},
	}, {
		name: "a slow leak in a run of half a minute", facts: steadyFacts(), seconds: 30,
		change: func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 1.5e6*float64(i)) },
		want:   []string{MemoryGrowth},
	}, {
		name: "a leak beyond the heap that the JVM begins with", facts: steadyFacts(), seconds: 30,
		change: func(i int, w *Window) {
			w.RSSBytes, w.HeapRoomBytes = figure.Of(150e6+20e6*float64(i)), figure.Of(400e6)
		},
		want: []string{MemoryGrowth}, says: []string{"begins with a heap of 400 MB"},
	}, {
		// Vert.x at 3,000/s on a machine of 24 GB, second by second.
		name: "a young generation that fills evenly", facts: steadyFacts(), seconds: 45,
		change: func(i int, w *Window) {
			mb := 145 + 8.4*float64(min(i, 16))
			if i > 36 { // it expands
				mb += 8.4 * float64(min(i, 42)-36)
			}
			w.RSSBytes = figure.Of(1e6 * mb)
		},
	}, {
		name: "one that takes half a minute to fill", facts: steadyFacts(), seconds: 60,
		change: func(i int, w *Window) {
			w.RSSBytes, w.HeapRoomBytes = figure.Of(150e6+7e6*float64(min(i, 32))), figure.Of(402e6)
		},
	}, {
		name: "a heap that fills and is collected", facts: steadyFacts(), seconds: 30,
		change: func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 30e6*float64(i%6)) },
	}, {
		name: "a heap that grows to its size", facts: steadyFacts(), seconds: 30,
		change: func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 40e6*float64(min(i, 6))) },
	}, {
		name: "memory that grows with the users", facts: usersFacts(), seconds: 15,
		change: func(i int, w *Window) { w.RSSBytes = figure.Of(40e6 + 12e6*float64(i)) },
	}, {
		name: "slow replies fall into pauses", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { paused(w, 2, 0.05, 200, 184) },
		want:   []string{GCPauses},
		says:   []string{"1,104 of 1,200 replies (92 %) that took over 12.0 ms fell into a pause", "12 pauses in 6.0 s, 5 % of the time", "the longest took 25.0 ms", "40 MB of at most 400 MB (10 %)"},
	}, {
		name: "pauses that harm nobody", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) { paused(w, 20, 0.04, 200, 18) },
	}, {
		name: "too few slow replies to say", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) {
			paused(w, 2, 0.01, 1, 1)
			w.Pauses.Slow, w.Pauses.SlowInPause = uint64(i%2), uint64(i%2)
		},
	}, {
		name: "all replies are slow, and half of the time is paused twice a second for nothing", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) { paused(w, 5, 0.14, w.OK/10, w.OK/18); w.Pauses.InPause = w.OK / 2 },
	}, {
		name: "a heap that is collected all the time", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { paused(w, 60, 0.3, 0, 0) },
		want:   []string{GCPauses}, says: []string{"360 pauses in 6.0 s, 30 % of the time"},
	}, {
		name: "four workers that each pause a little", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { paused(w, 60, 0.3, 0, 0); w.RuntimeProcesses = 4 },
	}, {
		name: "a heap that is full when all of it was collected", facts: steadyFacts(), seconds: 8,
		change: func(i int, w *Window) {
			paused(w, 3, 0.08, 0, 0)
			w.HeapUsedBytes, w.FullCollections = figure.Of(370e6), 1
		},
		want: []string{HeapNearLimit}, says: []string{"370 MB of at most 400 MB (93 %)", "collected 8 times in 8.0 s", "8 % of the time"},
	}, {
		name: "a heap that fills up to its next full collection", facts: steadyFacts(), seconds: 30,
		change: func(i int, w *Window) {
			paused(w, 3, 0.03, 0, 0)
			w.HeapUsedBytes = figure.Of(40e6 * float64(i%10+1))
			if i%10 == 0 {
				w.FullCollections = 1
			}
		},
	}, {
		name: "a compiler at work", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { paused(w, 0, 0, 0, 0); w.CompilingCores = figure.Of(0.6 - 0.05*float64(i)) },
		want:   []string{StillCompiling}, says: []string{"took 60 % of a core in the first second and 35 % of a core in the one up to 6.0 s", "2.8 s of CPU in all", "--warmup"},
	}, {
		name: "a compiler that is done within a second", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) {
			paused(w, 0, 0, 0, 0)
			w.CompilingCores = figure.Of(0.02)
			if i == 0 {
				w.CompilingCores = figure.Of(0.9)
			}
		},
	}, {
		name: "a compiler that is a small part of what a large server uses", facts: withCores(16), seconds: 20,
		change: func(i int, w *Window) { paused(w, 0, 0, 0, 0); w.CompilingCores = figure.Of(0.18) },
	},
}
