package diagnosis

import "time"

// rule is one kind of thing that can be wrong.
type rule struct {
	id ID
	// start begins the rule on one load; nil if the rule does not apply to it.
	start func(Facts) ruleFunc
}

// ruleFunc sees window after window and says what it makes of them so far: nil as
// long as, or as soon as, there is nothing to tell. It waits for evidence that
// holds over time before it tells anything.
type ruleFunc func(Window) *evidence

// evidence is what a rule tells.
type evidence struct {
	since   time.Duration // since the load began
	title   string
	figures []string
	advice  string
}

// whileRunning shows a rule only the windows in which requests are begun; when
// the load merely waits for its last replies, what was last told stands.
func whileRunning(facts Facts, look ruleFunc) ruleFunc {
	var last *evidence
	return func(w Window) *evidence {
		if facts.Duration == 0 || w.To <= facts.Duration {
			last = look(w)
		}
		return last
	}
}

// whileAsked shows a rule only the windows that began while requests were begun: what
// server, generator and machine do in the wait at the end of a load is not what it was
// measured by. Users send on after all have come.
func whileAsked(facts Facts, look ruleFunc) ruleFunc {
	var last *evidence
	return func(w Window) *evidence {
		if !facts.waitsAtEnd(w) {
			last = look(w)
		}
		return last
	}
}

// waitsAtEnd says that the load has begun its last request, and merely waits for replies.
// What is no longer seen then ended with the load; it was not mended.
func (f Facts) waitsAtEnd(w Window) bool {
	return f.Model != "users" && f.Duration > 0 && w.From >= f.Duration
}

// rules is the table of all that is looked for, in the order findings of the
// same window are told.
func rules() []rule {
	return []rule{
		{ServerCrashed, serverCrashed},
		{ServerStalled, serverStalled},
		{CachedRepliesRefused, cachedReplies},
		{ConnectionsRefused, connectionsRefused},
		{AcceptQueueOverflow, acceptQueueOverflow},
		{EventLoopSaturated, eventLoopSaturated},
		{CPUSaturated, cpuSaturated},
		{GeneratorSaturated, generatorSaturated},
		{GeneratorExhausted, generatorExhausted},
		{RateNotReached, rateNotReached},
		{TimeoutsHideLatency, timeoutsHideLatency},
		{RepliesRedirected, repliesRedirected},
		{BytesAfterReply, bytesAfterReply},
		{KeepAliveLimit, keepAliveLimit},
		{HeapNearLimit, heapNearLimit},
		{GCPauses, gcPauses},
		{StillCompiling, stillCompiling},
		{SlowStart, slowStart},
		{LatencyDrift, latencyDrift},
		{MemoryGrowth, memoryGrowth},
		{DelayedReplies, delayedReplies},
		{DescriptorsUsedUp, descriptorsUsedUp},
		{CPUQuotaThrottles, cpuQuotaThrottles},
		{ConnectionsUnserved, connectionsUnserved},
		{WorkersAsleep, workersAsleep},
		{StarterMeasured, starterMeasured},
		{HostBusy, hostBusy},
	}
}
