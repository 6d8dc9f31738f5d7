package diagnosis

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// Facts is what does not change during a load. What is 0 is not known, or was
// not asked for.
type Facts struct {
	HTTPCache      bool          // users send If-None-Match
	AsksToClose    bool          // the requests say Connection: close
	ExpectedStatus int           // 0: any below 400
	OfferedRate    float64       // requests per second of a constant rate
	Cores          int           // of the machine
	Model          string        // "closed", "users", "rate", "ramp"
	Searches       bool          // the rate rises and falls, in search of the highest that holds
	Connections    int           // the most that may be open at once; with users: how many users
	Repeat         int           // requests that each user sends over its connection
	Duration       time.Duration // how long requests are begun; with users: how long users arrive
	Timeout        time.Duration // of a connect and of a reply
	Drain          time.Duration // how long a load that has run its time waits for what it still misses; 0: Timeout
	GeneratorCores float64       // how many cores' worth of CPU the generator can use; 0: all
	ServerCores    float64       // how many the server may use, by its CPUs and by a quota of its own; 0: all
	ServerBound    string        // why it may use fewer than there are, if by neither a quota nor our own doing; "": it is not so
	SharedCores    float64       // how many server and generator may use together, by a quota of both; 0: all
	PinnedCores    float64       // how many they may run on together, as both were given CPUs; 0: not so
	Apart          bool          // server and generator were given CPUs of their own, none of them shared
}

// generatorCores is at least one.
func (f Facts) generatorCores() float64 {
	if f.GeneratorCores > 0 {
		return f.GeneratorCores
	}
	return float64(max(1, f.Cores))
}

// coresOfBoth is how many cores' worth of CPU server and generator may use together; 0 if
// that is not known.
func (f Facts) coresOfBoth() float64 {
	cores := float64(f.Cores)
	for _, limit := range []float64{f.PinnedCores, f.SharedCores} {
		if limit > 0 && (cores == 0 || limit < cores) {
			cores = limit
		}
	}
	return cores
}

// sharedWords name the CPU that the two share.
func (f Facts) sharedWords() string {
	if shared := f.coresOfBoth(); shared < float64(f.Cores) {
		return "the " + coreCount(shared) + " that they may use"
	}
	return "the machine's CPU"
}

// patience is the least time after which a request was given up, from its intended start.
func (f Facts) patience() time.Duration {
	if f.Drain > 0 && (f.Timeout == 0 || f.Drain < f.Timeout) {
		return f.Drain
	}
	return f.Timeout
}

// steady says that the load is the same from its beginning to its end: what changes
// under it is the server.
func (f Facts) steady() bool {
	return (f.Model == "closed" || f.Model == "rate") && !f.Searches
}

// open says that requests arrive whether or not the server keeps up.
func (f Facts) open() bool { return f.Model == "users" || f.Model == "rate" || f.Model == "ramp" }

// Window is what was measured over a short stretch of the load, 0.5 to 1 s. The
// caller fills it; a Figure that it lacks stays unknown.
type Window struct {
	From, To time.Duration // since the load began

	Sent, OK, KO uint64
	Failures     map[string]uint64        // KO by cause
	FailedAt     map[string]time.Duration // cause -> when first in the window, since the load began
	Reasons      map[string]string        // cause -> why it came about mostly, as precisely as is known
	Redirects    map[Redirect]uint64
	OutOfTurn    uint64            // connections that the generator closed, since what came on them belongs to no request
	HTTP10       uint64            // replies of HTTP/1.0 that did not offer to keep the connection
	Samples      map[string]string // cause -> the first bytes of the first such reply, of the load or of the window
	OfferedRate  float64           // requests per second that were due on average; 0: Facts.OfferedRate

	ResponseOK   measure.Histogram // the response times of OK replies, µs
	LatencyP50MS figure.Value      // of the response time of OK replies that ended in the window
	LatencyP99MS figure.Value
	Service      measure.Histogram // the service times of all replies, from the actual send, µs
	ServiceP99MS figure.Value
	ServiceP50MS figure.Value
	ServiceMinMS figure.Value // the least
	// PlateauShare is the part of the service times that are as long as a delayed
	// acknowledgement makes them, BesideShare that of the times next to those.
	PlateauShare, BesideShare float64

	Connections  int    // open at To
	FirstReplies uint64 // connections that got their first reply in the window
	Redialled    uint64 // connects that took as long as one takes that is dropped: its SYN is sent again after 1 s
	Retried      uint64 // requests sent once more because the connection closed under them
	Unanswered   uint64 // connections that ended without one reply
	// ServedAtClose counts the connections that the server closed between replies by
	// how many replies each had brought; exact to 2,048, above that to 3 digits.
	ServedAtClose map[uint64]uint64
	AgeAtClose    measure.Histogram // the same connections by their age then, ms
	ClosedIdle    uint64            // of those, the ones that had been free for 100 ms and more

	// Silence is the longest stretch that reached into the window in which requests
	// waited and none was answered.
	Silence Silence

	// Refused is the longest stretch that reached into the window in which connects were
	// refused and none succeeded.
	Refused Span

	// As they stood at To.
	InFlight      int // requests sent and not answered
	Backlog       int // requests that are due and wait for a free connection
	Connecting    int // dialled and not established
	AwaitingFirst int // established, request sent, never a reply so far

	GeneratorCPUPercentOfCore float64
	LatenessP99               time.Duration // actual minus intended send, what the generator alone decides
	LatenessMax               time.Duration
	LatenessShare             figure.Value // of the response times of all requests
	Turn                      Turn
	Loops                     Loops

	ServerCPUPercentOfCore     figure.Value // of the server's whole tree; 100 is one core busy
	HottestThreadPercentOfCore figure.Value
	RunQueueWaitPercent        figure.Value // time that the server's threads were ready to run and had no CPU; 100 is one thread waiting all the time
	Threads                    figure.Value
	RSSBytes                   figure.Value // of the whole tree, as last read
	HeapRoomBytes              figure.Value // what the server's runtime may take before it collects anything; unknown: nothing is known of it
	AcceptQueue                figure.Value // the fullest that was read
	AcceptQueueLimit           figure.Value // of that one
	Listeners                  int          // sockets that listen on the port, each with a queue of its own; 0: unknown
	DescriptorsOfFullest       figure.Value // open files of the server's process that is nearest to its limit
	DescriptorLimit            figure.Value // of that one
	RepliesHeld                figure.Value // replies whose end the kernel holds back by Nagle's rule, the mean of what was read
	CPUQuotaCores              figure.Value // that the server's control groups grant it
	QuotaPeriods               figure.Value // of that quota, in the window
	ThrottledPeriods           figure.Value // those in which it was used up
	ThrottledSeconds           figure.Value // for which the server was stopped, of all cores
	ListenOverflows            figure.Value // how many more in the window, of the whole machine
	EventLoopUtilization       figure.Value // 0 to 1
	EventLoopDelayP99MS        figure.Value // above the sampling resolution
	EventLoopSilentS           figure.Value // for how long the loop has not said a word, s, if so long that it must be blocked
	HostCPUPercent             []float64    // by core, 0 to 100; empty: unknown
	StealPercentOfCore         figure.Value // taken by the hypervisor, summed over the cores
	InterruptPercentOfCore     figure.Value // taken by interrupts, softirq among them: the kernel's work for the network is nobody's
	BackendCPUPercentOfCore    figure.Value // of processes that the server talks to: they work for it
	Backends                   []string     // their names

	// What the server's runtimes tell of themselves.
	RuntimeProcesses int          // how many tell
	PauseCount       figure.Value // pauses that ended in the window, of all of them
	PauseSeconds     figure.Value // their sum
	Pauses           Pauses       // of those that could be placed, up to some 100 ms before To
	FullCollections  uint64       // of the whole heap, as far as they were seen one by one
	HeapUsedBytes    figure.Value // the least that was read, of the process that is nearest to its limit
	HeapLimitBytes   figure.Value
	CompilingCores   figure.Value // that compilers kept busy; 1 is one core

	// StarterMeasured tells in words whose figures the server's are, if not its own;
	// "": its own.
	StarterMeasured string

	ServerExit string // how the server ended by itself: "exit code 1", "killed by SIGSEGV"; "": it runs
}

// Span is a stretch of time.
type Span struct {
	From, To time.Duration // since the load began; both 0: none
}

// Silence is a stretch of time without a reply.
type Silence struct {
	From, To time.Duration // since the load began; both 0: none
	Waiting  int           // requests that were sent and not answered, and those that were due, when they were most
	Unserved int           // of those, the ones on connections that never had a reply, or are not established
	Queue    figure.Value  // the emptiest that the accept queue was read to be in it
}

// length of the window.
func (w Window) length() time.Duration { return w.To - w.From }

// replies that ended in the window, OK and KO.
func (w Window) replies() uint64 { return w.OK + w.KO }

// unconnected are the KO among them whose turn came, and for which no connection was to be
// had: they were not sent.
func (w Window) unconnected() uint64 { return w.failed(measure.Cause.Unconnected) }

// givenUp are the KO among them of which nothing came.
func (w Window) givenUp() uint64 { return w.failed(measure.Cause.TimedOut) }

// failed are the KO of some causes.
func (w Window) failed(of func(measure.Cause) bool) (count uint64) {
	for cause, n := range w.Failures {
		if of(measure.Cause(cause)) {
			count += n
		}
	}
	return count
}

// rate is a count as per second; 0 for an empty window.
func (w Window) rate(count uint64) float64 {
	if w.length() <= 0 {
		return 0
	}
	return float64(count) / w.length().Seconds()
}

// held is how many requests were in the server or waited for a connection: as
// counted at the window's end, or over all of it by Little's law (throughput times
// the time that the middle one took), whichever is more, since the count can fall
// between two bursts.
func (w Window) held() float64 {
	counted := float64(w.InFlight + w.Backlog)
	if !w.LatencyP50MS.Known {
		return counted
	}
	return max(counted, w.rate(w.OK)*w.LatencyP50MS.Value/1e3)
}

// effort is what the window tells of the generator.
func (w Window) effort() Effort {
	return Effort{
		Turn: w.Turn, Loops: w.Loops,
		LatenessP99: w.LatenessP99, LatenessMax: w.LatenessMax, LatenessShare: w.LatenessShare, ResponseP99MS: w.LatencyP99MS,
		GeneratorCPUPercentOfCore: w.GeneratorCPUPercentOfCore, ServerCPUPercentOfCore: w.ServerCPUPercentOfCore,
		OtherCPUPercentOfCore: w.otherPercentOfCore(),
	}
}

// hostPercentOfCore is what all processes of the machine used, summed over its cores.
func (w Window) hostPercentOfCore() figure.Value {
	if len(w.HostCPUPercent) == 0 {
		return figure.Value{}
	}
	var sum float64
	for _, core := range w.HostCPUPercent {
		sum += core
	}
	return figure.Of(sum)
}

// coresSeen is how many cores the run has: those of the window that were read, else those
// of the machine.
func (f Facts) coresSeen(w Window) float64 {
	if n := len(w.HostCPUPercent); n > 0 {
		return float64(n)
	}
	return float64(f.Cores)
}

// otherPercentOfCore is what other programs used: neither server nor its backends
// nor generator, and neither the hypervisor nor interrupts.
func (w Window) otherPercentOfCore() figure.Value {
	host := w.hostPercentOfCore()
	if !host.Known || !w.ServerCPUPercentOfCore.Known {
		return figure.Value{}
	}
	nobodys := w.StealPercentOfCore.Value + w.InterruptPercentOfCore.Value
	ours := w.ServerCPUPercentOfCore.Value + w.GeneratorCPUPercentOfCore + w.BackendCPUPercentOfCore.Value
	return figure.Of(max(0, host.Value-nobodys-ours))
}
