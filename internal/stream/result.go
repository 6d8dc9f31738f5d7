package stream

import (
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/leaderboard"
	"github.com/benchtui/benchtui/internal/measure"
)

// ResultSchema names the format of Result. Later versions of benchtui may add fields, and
// never take one away.
const ResultSchema = "benchtui/result/v1"

// Result is all that a run found out: the last event, and the --json output.
// Times are in ms, memory in MB (10^6 bytes), CPU in percent of one core, rates
// between 0 and 1. What was not measured is null.
type Result struct {
	Schema      string            `json:"schema"`
	Started     time.Time         `json:"started"`
	Host        HostFacts         `json:"host"`
	Workload    WorkloadFacts     `json:"workload"`
	Generator   GeneratorResult   `json:"generator"`
	Contenders  []ContenderResult `json:"contenders"`         // in the leaderboard's order
	TierRule    string            `json:"tier_rule"`          // in words, for under the table
	TieRule     string            `json:"tie_rule,omitempty"` // the same, of several rounds
	Interrupted bool              `json:"interrupted"`
	Left        []string          `json:"left,omitempty" foreign:"lines"` // processes or ports of servers that could not be ended, in words
}

// Lettered says whether the letters of its contenders tell anything: some are tied.
func (r Result) Lettered() bool {
	for _, one := range r.Contenders {
		if one.Letters != "" && len(one.TiedWith) > 0 {
			return true
		}
	}
	return false
}

// GeneratorResult is what the generator cost and how late it was, over all loads.
type GeneratorResult struct {
	CPUUSPerRequest float64  `json:"cpu_us_per_request"`
	CPUPercentMax   float64  `json:"cpu_percent_max"`
	LatenessMS      Lateness `json:"lateness_ms"`
	// ReadLatenessMS is how long replies lay in the generator's sockets before it read
	// them; nil where the kernel does not tell when they arrived.
	ReadLatenessMS *Lateness `json:"read_lateness_ms"`
	Saturated      bool      `json:"saturated"`
}

// Lateness is how much later the generator did something than it could have, ms:
// sent a request that was due, or read a reply that had arrived.
type Lateness struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Status is how measuring a contender ended.
type Status string

// The ways it can end.
const (
	StatusOK          Status = "ok"
	StatusCrashed     Status = "crashed"
	StatusStartFailed Status = "start_failed"
	StatusBuildFailed Status = "build_failed"
	StatusMissing     Status = "missing"
	StatusAborted     Status = "aborted"
)

// Words are the status for people: "build failed".
func (s Status) Words() string { return strings.ReplaceAll(string(s), "_", " ") }

// Outcome is how measuring ended, of a contender or of one of its rounds.
type Outcome struct {
	Status       Status `json:"status"`
	StatusDetail string `json:"status_detail" foreign:"lines"`
}

// Measured is what was measured, of a contender or in one of its rounds.
type Measured struct {
	StartupMS   *float64        `json:"startup_ms"`
	Requests    RequestCounts   `json:"requests"`
	Verdict     string          `json:"verdict"`               // "server", "generator", "machine", "inconclusive"
	VerdictWhy  string          `json:"verdict_why,omitempty"` // the figures that it rests on
	RPS         RPS             `json:"rps"`
	LatencyEnds LatencyEnds     `json:"latency_ends,omitempty"`
	LatencyMS   Latencies       `json:"latency_ms"`
	Statuses    []StatusResult  `json:"statuses,omitempty"`
	Failures    []FailureResult `json:"failures"`
	Process     *ProcessResult  `json:"process"`
	Capacity    *CapacityResult `json:"capacity,omitempty"` // of a search; the other figures are then those of the highest rate that kept the objective
	Findings    []FindingResult `json:"findings"`
}

// ContenderResult is all figures of one contender.
//
// Of several rounds, its requests and failures are those of all rounds that ran to
// their end, its latencies come from their merged histograms (a percentile of the
// requests of all rounds, never an average of percentiles), and its rates are those
// over all of that time. What it is ranked by, and what tables show, is another
// thing: for each metric the median of the rounds' own figures, with its interval,
// in Intervals; Figure gives it. One disturbed round (a neighbour, a slow disk) puts
// its whole tail into a merged p99, but does not move the median.
type ContenderResult struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	Version  string `json:"version"`
	Variant  string `json:"variant,omitempty"`
	Outcome
	Rank     int      `json:"rank"`              // one more than how many are better by more than chance; 0: below the line
	Tier     int      `json:"tier"`              // 0: none
	TiedWith []string `json:"tied_with"`         // the ids that it can't be told apart from, each by itself: mutual, not transitive
	Letters  string   `json:"letters,omitempty"` // the same in short: those that share a letter are tied; "": no rounds tell
	RankedBy string   `json:"ranked_by"`
	Starred  bool     `json:"starred,omitempty"` // ranked in spite of failures
	RankNote string   `json:"rank_note,omitempty" foreign:"lines"`
	Measured
	Profile *ProfileResult `json:"profile,omitempty"` // missing: none was taken
	LogTail []string       `json:"log_tail,omitempty"`
	Given   *Given         `json:"given,omitempty"` // null: it was not started by benchtui

	// Intervals are what several rounds say of each metric, by the names that
	// --rank-by and --fail-if know. Rounds are the same figures by round, in order;
	// one at least if it was started.
	Intervals map[string]Interval `json:"intervals,omitempty"`
	Rounds    []RoundResult       `json:"rounds"`
}

// Interval sums up the figures that a metric had in several rounds, in its unit.
type Interval struct {
	Median float64  `json:"median"`
	Low    *float64 `json:"low"` // of the 95 % bootstrap confidence interval of the median; null: too few rounds
	High   *float64 `json:"high"`
	Min    float64  `json:"min"`
	Max    float64  `json:"max"`
	Spread float64  `json:"spread"` // (max − min) of the median: 0.08 is 8 %
	Rounds int      `json:"rounds"` // that it rests on
}

// RoundResult is what was measured of a contender in one round.
type RoundResult struct {
	Round    int `json:"round"`    // from 1
	Position int `json:"position"` // in the round's order, from 1
	Outcome
	Measured
	// Within is how sure the load by itself is of its figures, by the names that
	// --rank-by and --fail-if know; of "failures" the error is one of shares.
	Within map[string]leaderboard.Batches `json:"within,omitempty"`
}

// RequestCounts counts requests by how they ended.
type RequestCounts struct {
	Total       uint64  `json:"total"`
	OK          uint64  `json:"ok"`
	KO          uint64  `json:"ko"`
	FailureRate float64 `json:"failure_rate"` // KO of total, 0 to 1
	Retried     uint64  `json:"retried"`
	Reconnects  uint64  `json:"reconnects"`
	Unanswered  uint64  `json:"unanswered"`
	// Reached counts those that were written whole, or replied to before: the server's CPU
	// per request is theirs alone. nil: all of them were.
	Reached *uint64 `json:"reached,omitempty"`
	// EndedAtReading counts the whole replies of which the kernel told no possible time
	// of arrival, in a load whose latencies end at that: they end at their reading.
	EndedAtReading uint64 `json:"ended_at_reading,omitempty"`
	// Later counts those of them that ended after the load had run its time, and that
	// rates leave out; missing: none.
	Later LaterResult `json:"later,omitzero"`
}

// ReachedServer is how many requests the server had.
func (c RequestCounts) ReachedServer() uint64 {
	if c.Reached != nil {
		return *c.Reached
	}
	return c.Total
}

// LaterResult is what ended after a load had run its time.
type LaterResult struct {
	OK      uint64  `json:"ok"`
	KO      uint64  `json:"ko"`
	WaitedS float64 `json:"waited_s"` // for the last of them
}

// RPS is throughput in replies per second over the time in which the load ran; what
// came later is not in it.
type RPS struct {
	Total float64 `json:"total"`
	OK    float64 `json:"ok"`
	OverS float64 `json:"over_s,omitempty"` // that time; 0: of a recording that is older than the figure
}

// StatusResult is how many whole replies, OK or KO, had a status.
type StatusResult struct {
	Status   int    `json:"status"`
	Location string `json:"location,omitempty"` // where a redirect leads; "": it does not say, or one of many
	Count    uint64 `json:"count"`
}

// LatencyEnds says by which clock latencies end.
type LatencyEnds string

// The clocks by which latencies end.
const (
	// EndsAtArrival is the kernel's: when the last byte of the reply came in.
	EndsAtArrival LatencyEnds = "arrival"
	// EndsAtReading is the generator's own: when it read the last byte, which is later
	// by as long as the reply lay in its socket.
	EndsAtReading LatencyEnds = "read"
)

// Latencies are the distributions of times; null where nothing was measured.
type Latencies struct {
	Total      *Distribution `json:"total"`
	OK         *Distribution `json:"ok"`
	KO         *Distribution `json:"ko"`
	Service    *Distribution `json:"service"`
	Connect    *Distribution `json:"connect"`
	FirstReply *Distribution `json:"first_reply"`

	// Of a load whose latencies end at arrival: how long replies lay unread, and the
	// response time of OK replies and the service time of all as other tools measure
	// them, to the reading.
	ReadLateness     *Distribution `json:"read_lateness,omitempty"`
	OKToReading      *Distribution `json:"ok_to_reading,omitempty"`
	ServiceToReading *Distribution `json:"service_to_reading,omitempty"`
}

// MostMS is the longest time that histograms tell, in ms: what takes longer counts as
// so long, and reads as figure.Overlong.
const MostMS = figure.MostMS

// Distribution sums up a histogram, in ms, none of it above MostMS.
type Distribution struct {
	Min    float64 `json:"min"`
	Mean   float64 `json:"mean"`
	StdDev float64 `json:"stddev"`
	P50    float64 `json:"p50"`
	P75    float64 `json:"p75"`
	P90    float64 `json:"p90"`
	P95    float64 `json:"p95"`
	P99    float64 `json:"p99"`
	P999   float64 `json:"p999"`
	Max    float64 `json:"max"`

	Over60S uint64 `json:"over_60s,omitempty"` // how many were longer than MostMS
}

// Unanswered is how many requests had no whole reply, of whatever status.
func (r ContenderResult) Unanswered() uint64 {
	unanswered := uint64(0)
	for _, failure := range r.Failures {
		if measure.Cause(failure.Cause).Unanswered() {
			unanswered += failure.Count
		}
	}
	return unanswered
}

// FailureResult is one cause of failures.
type FailureResult struct {
	Cause    string  `json:"cause"`
	Count    uint64  `json:"count"`
	FirstAtS float64 `json:"first_at_s"`
	Sample   string  `json:"sample" foreign:"lines"`
	Reason   string  `json:"reason,omitempty"` // as precisely as is known, the most frequent one; "": the cause says it all
	// Reasons are all of them, the most frequent first, where they are several.
	Reasons []ReasonResult `json:"reasons,omitempty"`
}

// ReasonResult is one of the ways in which a cause of failures came about.
type ReasonResult struct {
	Reason string `json:"reason"`
	Count  uint64 `json:"count"`
	Sample string `json:"sample,omitempty" foreign:"lines"`
}

// ProcessResult is what the server cost.
type ProcessResult struct {
	CPUPercentMean          *float64         `json:"cpu_percent_mean"`
	CPUPercentMax           *float64         `json:"cpu_percent_max"`
	CPUUSPerRequest         *float64         `json:"cpu_us_per_request"`
	RPSPerCore              *float64         `json:"rps_per_core"` // requests per second that one core can serve
	RPSPerMB                *float64         `json:"rps_per_mb"`   // OK replies per second for each MB at the peak
	RSSMBIdle               *float64         `json:"rss_mb_idle"`
	RSSMBMax                *float64         `json:"rss_mb_max"`
	PSSMBIdle               *float64         `json:"pss_mb_idle"` // as RSS, but what n processes share counts 1/n in each; null where the system does not tell
	PSSMBMax                *float64         `json:"pss_mb_max"`
	MemoryIs                string           `json:"memory_is,omitempty"` // which of the two the figures rss and rss-idle are, by which contenders are ranked: "PSS" or "RSS"
	ThreadsMax              *float64         `json:"threads_max"`
	HottestThreadPercentMax *float64         `json:"hottest_thread_percent_max"`
	AcceptQueueMax          *float64         `json:"accept_queue_max"`
	AcceptQueueLimit        *float64         `json:"accept_queue_limit"`
	CPULimitCores           *float64         `json:"cpu_limit_cores,omitempty"`      // cores' worth of CPU that it may use: the least of the machine's cores, those it may run on, and the quotas of its control groups
	ThrottledShareMean      *float64         `json:"throttled_share_mean,omitempty"` // of such a quota's periods, those in which it was used up; null: no quota
	FiguresOf               string           `json:"figures_of,omitempty"`           // whose figures these are, if not those of the process that was started and its descendants
	StarterOnly             bool             `json:"starter_only,omitempty"`         // they are not the server's, but those of what started it
	EventLoop               *EventLoopResult `json:"event_loop"`
	EventLoopNote           string           `json:"event_loop_note,omitempty" foreign:"lines"` // why it is null, where a probe was to tell
	Runtime                 *RuntimeResult   `json:"runtime,omitempty"`                         // null: no runtime in it tells of itself
	RuntimeNote             string           `json:"runtime_note,omitempty" foreign:"lines"`    // why one that is there does not, or what its telling changes
	RunQueueNote            string           `json:"run_queue_note,omitempty" foreign:"lines"`  // why the run queue of a runtime that has one is not known, or not of all processes
	Tree                    *TreeResult      `json:"tree,omitempty"`
	Machine                 *MachineResult   `json:"machine,omitempty"`
}

// EventLoopResult is what the probe in a Node server saw.
type EventLoopResult struct {
	UtilizationMax float64 `json:"utilization_max"` // 0 to 1
	DelayMSP99Max  float64 `json:"delay_ms_p99_max"`
	SilentSMax     float64 `json:"silent_s_max"` // how long it did not turn at all; 0: never so long that it shows
}

// RuntimeResult is what the language runtimes of a server told of themselves over the load.
type RuntimeResult struct {
	Names                []string `json:"names"`                  // "JVM 25.0.3+9-LTS, G1"
	Pauses               *float64 `json:"pauses"`                 // how many ended, of all processes
	PauseMSTotal         *float64 `json:"pause_ms_total"`         // their sum
	PauseMSMax           *float64 `json:"pause_ms_max"`           // the longest that was seen by itself
	PauseShare           *float64 `json:"pause_share"`            // of the time, 0 to 1; of several processes their mean
	Safepoints           *float64 `json:"safepoints"`             // how often a virtual machine stopped all its threads, for whatever reason
	SafepointMSTotal     *float64 `json:"safepoint_ms_total"`     //
	HeapMBMax            *float64 `json:"heap_mb_max"`            // of the process that was nearest to its limit, which follows
	HeapLimitMB          *float64 `json:"heap_limit_mb"`          //
	CompilingPercentMean *float64 `json:"compiling_percent_mean"` // of one core, that compilations took; of time, where they had no CPU
	RunQueueMean         *float64 `json:"run_queue_mean"`         // tasks that were ready to run and waited for a thread of the scheduler
	GCCPUShareMax        *float64 `json:"gc_cpu_share_max"`       // of the CPU time that the process may use, 0 to 1
}

// FindingResult is a finding as results tell it.
type FindingResult struct {
	ID       string   `json:"id"`
	AtS      float64  `json:"at_s"`                 // since the load began
	EndedAtS float64  `json:"ended_at_s,omitempty"` // the same; 0: it held to the end
	Title    string   `json:"title"`
	Evidence []string `json:"evidence"`
	Advice   string   `json:"advice"`
	Rounds   []int    `json:"rounds,omitempty"` // of several: those in which it fired; the rest is of the first of them
}
