package diagnosis

import (
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// connectionsCases are of the rules about how the server takes and keeps connections.
var connectionsCases = []ruleCase{
	{
		name: "refused for two seconds", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 || i == 3 {
				fail(w, "connect refused", 500)
				w.FailedAt = map[string]time.Duration{"connect refused": time.Duration(i)*time.Second + 600*time.Millisecond/time.Duration(i-1)}
			}
		},
		want: []string{ConnectionsRefused}, says: []string{"1,000 of 180,000 requests (0.56 %) were refused", "between 2.6 s and 4.0 s"},
	}, {
		name: "refused altogether, at once", facts: usersFacts(), seconds: 1,
		change: func(i int, w *Window) { w.OK = 0; fail(w, "connect refused", 8000) },
		want:   []string{ConnectionsRefused},
	}, {
		name: "refused for a moment", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 {
				fail(w, "connect refused", 300)
			}
		},
	}, {
		name: "refused for a second, all of it in one window", facts: usersFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 {
				fail(w, "connect refused", 300)
				w.Refused = Span{w.From + 50*time.Millisecond, w.To - 50*time.Millisecond}
			}
		},
		want: []string{ConnectionsRefused}, says: []string{"300 of 180,000 requests", "between 2.0 s and 3.0 s"},
	}, {
		name: "refused while a listener is renewed", facts: usersFacts(), seconds: 6,
		change: func(i int, w *Window) {
			if i == 2 {
				fail(w, "connect refused", 300)
				w.Refused = Span{w.From + 50*time.Millisecond, w.From + 300*time.Millisecond}
			}
		},
	}, {
		name: "reset is not refused", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) { fail(w, "connection reset", 300) },
	}, {
		name: "the server dies and refuses from then on", facts: steadyFacts(), seconds: 4,
		change: func(i int, w *Window) {
			if i == 3 {
				w.ServerExit = "killed by SIGSEGV"
				fail(w, "connect refused", 20_000)
			}
		},
		want: []string{ServerCrashed}, says: []string{"at about 4.0 s: killed by SIGSEGV", "100,000 good replies", "20,000 requests failed"},
	}, {
		name: "the accept queue stands full", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.AcceptQueue, w.AcceptQueueLimit, w.ListenOverflows, w.AwaitingFirst = figure.Of(512), figure.Of(511), figure.Of(600), 431
		},
		want: []string{AcceptQueueOverflow},
		says: []string{"512 connections wait to be accepted, at most 512; the limit is 511", "3,000 more", "431 users"},
	}, {
		name: "the accept queue is full for a moment", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			if i == 1 {
				w.AcceptQueue, w.AcceptQueueLimit = figure.Of(512), figure.Of(511)
			}
		},
	}, {
		name: "the accept queue is half full", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.AcceptQueue, w.AcceptQueueLimit = figure.Of(300), figure.Of(511) },
	}, {
		name: "overflows of another server", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.ListenOverflows = figure.Of(1000) },
	}, {
		name: "a short queue overflows between two readings", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.AcceptQueue, w.AcceptQueueLimit, w.ListenOverflows, w.Redialled = figure.Of(18), figure.Of(50), figure.Of(120), 90
		},
		want: []string{AcceptQueueOverflow},
		says: []string{"18 connections wait to be accepted, at most 18; the limit is 50", "600 more", "450 connections took 1 s or longer to be made"},
	}, {
		name: "connects are slow, and no queue overflows", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.Redialled = 90 },
	}, {
		name: "another server's queue overflows, and a few connects are slow", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.ListenOverflows, w.Redialled = figure.Of(1000), 3 },
	}, {
		name: "one of several listeners is full", facts: steadyFacts(), seconds: 6,
		change: func(i int, w *Window) {
			w.AcceptQueue, w.AcceptQueueLimit, w.Listeners, w.ListenOverflows, w.AwaitingFirst = figure.Of(128), figure.Of(128), 4, figure.Of(12), 1
		},
		want: []string{AcceptQueueOverflow}, says: []string{"the fullest of its 4 listeners", "1 connection is established for its client and has had no reply yet"},
	}, {
		name: "a limit of 100 requests", facts: steadyFacts(), seconds: 10,
		change: func(i int, w *Window) {
			w.ServedAtClose = map[uint64]uint64{100: 299, 7: 1}
		},
		want: []string{KeepAliveLimit}, says: []string{"after exactly 100 requests", "2,990 of them after 100 replies"},
	}, {
		name: "closed by time, at about the same number", facts: steadyFacts(), seconds: 10,
		change: func(i int, w *Window) {
			w.ServedAtClose = map[uint64]uint64{99: 100, 100: 100, 101: 100}
		},
	}, {
		name: "closed at an age, after numbers that differ", facts: steadyFacts(), seconds: 25,
		change: func(i int, w *Window) {
			if i >= 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{900: 2, 1000: 2, 1200: 2}, agesOf(10_002, 10_020, 10_031, 10_040, 10_050, 10_060)
			}
		},
		want: []string{KeepAliveLimit}, says: []string{"closes each connection after about 10 s, however many requests", "10.0 s to 10.1 s old, and after 900 to 1,200 replies", "keepalive_time"},
	}, {
		name: "an age that is taken a tenth more or less", facts: steadyFacts(), seconds: 40,
		change: func(i int, w *Window) {
			if i >= 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{900: 1, 1000: 1, 1200: 1}, agesOf(9000, 10_000, 10_900)
			}
		},
		want: []string{KeepAliveLimit}, says: []string{"after about 9 s"},
	}, {
		name: "a number and an age that are the same", facts: rateFacts(640), seconds: 30,
		change: func(i int, w *Window) {
			if i >= 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{100: 6}, agesOf(10_002, 10_020, 10_031, 10_040, 10_050, 10_060)
			}
		},
		want: []string{KeepAliveLimit}, says: []string{"after exactly 100 requests, or at an age of about 10 s: it can't be told which", "another rate (-q)"},
	}, {
		name: "an age, and a few numbers that differ", facts: rateFacts(640), seconds: 30,
		change: func(i int, w *Window) {
			if i >= 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{100: 16, 99: 1}, agesOf(slices.Repeat([]int64{10_002, 10_060}, 8)...)
				w.AgeAtClose = w.AgeAtClose.Merge(agesOf(10_020))
			}
		},
		want: []string{KeepAliveLimit}, says: []string{"closes each connection after about 10 s"},
	}, {
		name: "a number, at ages that differ", facts: rateFacts(640), seconds: 30,
		change: func(i int, w *Window) {
			if i >= 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{100: 6}, agesOf(9500, 9700, 9900, 10_100, 10_300, 10_500)
			}
		},
		want: []string{KeepAliveLimit}, says: []string{"after exactly 100 requests\nit closed"},
	}, {
		name: "all closed at one moment", facts: rateFacts(640), seconds: 30,
		change: func(i int, w *Window) {
			if i == 10 {
				w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{100: 64}, agesOf(slices.Repeat([]int64{10_002}, 64)...)
			}
		},
	}, {
		name: "by chance, numbers and ages", facts: steadyFacts(), seconds: 20,
		change: func(i int, w *Window) {
			w.ServedAtClose, w.AgeAtClose = map[uint64]uint64{500: 1, 1000: 1, 3000: 1}, agesOf(1700, 3300, 9900)
		},
	}, {
		name: "each is idle for longer than the server keeps it", facts: rateFacts(20), seconds: 10,
		change: func(i int, w *Window) {
			w.OK, w.ServedAtClose, w.ClosedIdle = 20, map[uint64]uint64{1: 19}, 18
		},
		want: []string{KeepAliveLimit}, says: []string{"closes connections while they wait for their next request", "it closed 190 connections for 200 replies; 180 of them", "use fewer connections (-c)"},
	}, {
		name: "it can't be told whether they were closed at once or when idle", facts: rateFacts(20), seconds: 10,
		change: func(i int, w *Window) {
			w.OK, w.ServedAtClose, w.ClosedIdle = 20, map[uint64]uint64{1: 19}, 9
		},
	}, {
		name: "a few idle connections closed", facts: steadyFacts(), seconds: 10,
		change: func(i int, w *Window) { w.ServedAtClose = map[uint64]uint64{100: 1} },
	}, {
		name: "HTTP/1.0", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.OK, w.HTTP10, w.ServedAtClose = 6400, 6400, map[uint64]uint64{1: 4800}
		},
		want: []string{KeepAliveLimit}, says: []string{"speaks HTTP/1.0 without keep-alive", "32,000 of 32,000 replies (100 %) were HTTP/1.0", "have it speak HTTP/1.1"},
	}, {
		name: "no keep-alive for users", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.OK, w.ServedAtClose = 6400, map[uint64]uint64{1: 4800}
		},
		want: []string{KeepAliveLimit}, says: []string{"after every request", "24,000 of them after 1 reply", "switch keep-alive on"},
	}, {
		name: "the requests ask for it", facts: func() Facts { f := usersFacts(); f.AsksToClose = true; return f }(), seconds: 5,
		change: func(i int, w *Window) {
			w.OK, w.ServedAtClose = 6400, map[uint64]uint64{1: 4800}
		},
		want: []string{KeepAliveLimit}, says: []string{"as the requests ask for", "leave out -H 'Connection: close'"},
	}, {
		name: "closes after each reply in silence", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.Retried, w.ServedAtClose = 4800, map[uint64]uint64{1: 4800}
		},
		want: []string{KeepAliveLimit}, says: []string{"after every request, and does not say so before", "24,000 of them as the next request was on its way"},
	}, {
		name: "two requests of each user's four", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.OK, w.ServedAtClose = 6400, map[uint64]uint64{2: 1600}
		},
		want: []string{KeepAliveLimit}, says: []string{"after exactly 2 requests"},
	}, {
		name: "a few users are sent away after their first reply", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.OK, w.ServedAtClose = 6400, map[uint64]uint64{1: 300} },
	}, {
		name: "no descriptor is left", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.DescriptorsOfFullest, w.DescriptorLimit, w.AcceptQueue = figure.Of(1023), figure.Of(1024), figure.Of(12)
		},
		want: []string{DescriptorsUsedUp}, says: []string{"1,023 files open, and may have 1,024", "12 connections wait to be accepted"},
	}, {
		name: "connections unserved for want of descriptors", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst = 64, 60
			w.DescriptorsOfFullest, w.DescriptorLimit = figure.Of(20), figure.Of(20)
		},
		want: []string{DescriptorsUsedUp},
	}, {
		name: "few descriptors are left", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.DescriptorsOfFullest, w.DescriptorLimit, w.AcceptQueue = figure.Of(1000), figure.Of(1024), figure.Of(12)
		},
	}, {
		name: "all descriptors are in use and nobody waits", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) { w.DescriptorsOfFullest, w.DescriptorLimit = figure.Of(1024), figure.Of(1024) },
	}, {
		name: "four connections at a time", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) { w.Connections, w.AwaitingFirst = 64, 60 },
		want:   []string{ConnectionsUnserved}, says: []string{"serves only 4 connections at a time", "60 of 64 connections", "30,000 replies a second", "none stands in the accept queue"},
	}, {
		name: "four connections at a time, and what is told of them stands when the load is over", facts: drainedFacts(), seconds: 9,
		change: func(i int, w *Window) {
			if w.Connections, w.AwaitingFirst = 64, 60; i >= 5 {
				w.OK, w.Sent = 0, 0
			}
		},
		want: []string{ConnectionsUnserved}, says: []string{"serves only 4 connections at a time", "waited for their first reply for 5.0 s"},
	}, {
		name: "one of several listeners is stuck", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst, w.AcceptQueue, w.Listeners = 64, 16, figure.Of(16), 4
		},
		want: []string{ConnectionsUnserved},
		says: []string{"one of the server's 4 listeners is not emptied", "16 connections stand in the accept queue of that listener", "the worker behind it may be stuck"},
	}, {
		name: "four slow connections at a time", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst, w.OK, w.ServiceP99MS = 16, 12, 13, figure.Of(310)
		},
		want: []string{ConnectionsUnserved}, says: []string{"serves only 4 connections at a time", "12 of 16 connections", "13 replies a second"},
	}, {
		name: "one connection of two at a low rate", facts: rateFacts(15), seconds: 5,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst, w.OK, w.ServiceP99MS = 2, 1, 15, figure.Of(2)
		},
		want: []string{ConnectionsUnserved}, says: []string{"serves only 1 connection at a time", "15 replies a second"},
	}, {
		name: "a slow server whose connections may yet have their turn", facts: steadyFacts(), seconds: 4,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst, w.OK, w.ServiceP99MS = 16, 4, 13, figure.Of(1200)
		},
	}, {
		name: "a slow server that has answered each connection once or twice", facts: steadyFacts(), seconds: 4,
		change: func(i int, w *Window) {
			w.Connections, w.AwaitingFirst, w.OK, w.ServiceP99MS = 32, 8, 22, figure.Of(300)
		},
	}, {
		name: "connections have their turn, late", facts: steadyFacts(), seconds: 5,
		change: func(i int, w *Window) { w.Connections, w.AwaitingFirst, w.FirstReplies = 64, 60-i, 1 },
	}, {
		name: "users that wait for a first reply", facts: usersFacts(), seconds: 5,
		change: func(i int, w *Window) { w.Connections, w.AwaitingFirst = 64, 6 },
	},
}

// agesOf are connections that were closed at these ages, ms.
func agesOf(ms ...int64) measure.Histogram {
	recorder := measure.NewRecorder()
	for _, age := range ms {
		recorder.Record(age)
	}
	return recorder.Export()
}
