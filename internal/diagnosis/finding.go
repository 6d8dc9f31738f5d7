package diagnosis

import "time"

// ID names a kind of finding.
type ID = string

// The kinds of findings.
const (
	CachedRepliesRefused ID = "cached_replies_refused"
	ConnectionsRefused   ID = "connections_refused"
	ServerCrashed        ID = "server_crashed"
	ServerStalled        ID = "server_stalled"
	GeneratorSaturated   ID = "generator_saturated"
	GeneratorExhausted   ID = "generator_exhausted"
	RateNotReached       ID = "rate_not_reached"
	TimeoutsHideLatency  ID = "timeouts_hide_latency"
	AcceptQueueOverflow  ID = "accept_queue_overflow"
	EventLoopSaturated   ID = "event_loop_saturated"
	CPUSaturated         ID = "cpu_saturated"
	KeepAliveLimit       ID = "keepalive_limit"
	SlowStart            ID = "slow_start"
	LatencyDrift         ID = "latency_drift"
	MemoryGrowth         ID = "memory_growth"
	HostBusy             ID = "host_busy"
	DelayedReplies       ID = "delayed_replies"
	DescriptorsUsedUp    ID = "descriptors_used_up"
	CPUQuotaThrottles    ID = "cpu_quota_throttles"
	ConnectionsUnserved  ID = "connections_unserved"
	WorkersAsleep        ID = "workers_asleep"
	StillCompiling       ID = "still_compiling"
	GCPauses             ID = "gc_pauses"
	HeapNearLimit        ID = "heap_near_limit"
	StarterMeasured      ID = "starter_measured"
	RepliesRedirected    ID = "replies_redirected"
	BytesAfterReply      ID = "bytes_after_reply"
)

// Finding is something worth telling about a run, in plain words and with figures.
type Finding struct {
	ID       ID            `json:"id"`
	BeganAt  time.Duration `json:"began_at_ns"`           // since the load began
	EndedAt  time.Duration `json:"ended_at_ns,omitempty"` // 0: it held to the end
	Title    string        `json:"title"`
	Evidence []string      `json:"evidence"`
	Advice   string        `json:"advice"`
}

// OutOfCPU says that a finding is of a kind whose cause a profile tells.
func OutOfCPU(id ID) bool { return id == EventLoopSaturated || id == CPUSaturated }
