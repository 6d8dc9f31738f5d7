package view

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
)

// How much is kept for the screen. The recording keeps all; the screen keeps what
// it can show, so that its memory is the same after an hour as after two minutes.
const (
	keptPoints = 1200 // two minutes of 100 ms intervals
	keptLines  = 400  // of a build's output and of a server's log
)

// State is what the events have told so far, as the screens need it.
type State struct {
	Plan        stream.PlanFacts
	At          time.Duration // of the last event
	Builds      []*Build      // in the plan's order
	Now         *Measuring    // the contender that is measured; nil before the first
	Done        []stream.ContenderResult
	Tracks      []*Track       // what the race shows, in the order of measuring
	Result      *stream.Result // nil before the end
	Interrupted bool
	Notice      string
	NoticeAt    time.Duration

	whys map[string]*Why // profiles, by contender
}

// BuildState is how far a contender's build is.
type BuildState int

// The states of a build, in order.
const (
	BuildWaits BuildState = iota
	BuildRuns
	BuildDone
	BuildFailed
)

// Build is a contender's build.
type Build struct {
	Facts   stream.ContenderFacts
	State   BuildState
	BeganAt time.Duration // since the run began
	Detail  string
	Step    int    // under way, from 1; 0: none so far
	Of      int    // steps in all; 0: not known
	Doing   string // what the step under way does
	Done    stream.BuildDone
	Lines   Ring[string]
}

// Measuring is the contender under load. Times of points are in seconds since the
// run began; Seconds turns them into seconds since the measured load began.
type Measuring struct {
	Facts       stream.ContenderFacts
	Number, Of  int
	Round       int  // from 1
	Rounds      int  // 1: there is but one
	Probe       bool // it is only asked what it can do
	Phase       stream.Phase
	PhaseAt     time.Duration
	PhaseLength time.Duration // as expected; 0: unknown
	StartupTook time.Duration // 0: not ready yet

	WarmupAt, WarmupLength time.Duration // of a warm-up that was; Length as expected
	LoadAt, LoadLength     time.Duration // of the load, once it began
	LoadEndedAt            time.Duration
	WarmedUp, Loaded       bool // that phase began
	Aside                  bool // a profile was being taken when it was last heard of
	Asides                 []Aside

	Latency    Ring[LatencyPoint]
	Heat       Ring[*HeatPoint]
	Throughput Ring[ThroughputPoint]
	Process    Ring[ProcessPoint]
	Loop       Ring[LoopPoint]
	EventLoop  EventLoop
	Runtime    Runtime
	Machine    Machine
	Totals     Totals
	Generator  Generator
	Search     Search
	Findings   []Finding
	Log        Ring[string]
}

// LatencyPoint is an interval's response times, in ms. Without replies of a kind
// its figures are NaN.
type LatencyPoint struct {
	At                 float64 // the interval's end, s
	P50, P90, P99, Max float64 // of OK replies
	FailedP50          float64 // of KO replies
}

// ThroughputPoint is an interval's replies per second.
type ThroughputPoint struct {
	From, At float64 // s
	OK, KO   float64
}

// ProcessPoint is a reading of the server.
type ProcessPoint struct {
	At      float64 // s
	CPU     figure.Value
	Hottest figure.Value
	RSS     figure.Value // MB
	PSS     figure.Value // MB, what processes share counted by parts

	Queue, QueueLimit figure.Value // of the listening socket, connections
}

// LoopPoint is what a Node server's event loop told, in ms. While it is silent,
// its delay is how long that has lasted.
type LoopPoint struct {
	At                     float64 // s
	DelayP50MS, DelayP99MS float64
	Utilization            float64 // 0 to 1
}

// EventLoop is the last word of a Node server's event loop.
type EventLoop struct {
	Heard       bool
	Utilization float64 // 0 to 1
	DelayP99MS  float64
	Silent      time.Duration // since then, if so long that the loop must be blocked
}

// Totals sums up the measured load; the warm-up is not in it.
type Totals struct {
	Sent, OK, KO, Unanswered, Retried uint64
	Causes                            map[measure.Cause]measure.Failure
	Statuses                          map[int]uint64 // of whole replies, OK or KO
	InFlight, Backlog                 int
}

// Replies is how many requests have ended.
func (t Totals) Replies() uint64 { return t.OK + t.KO }

// FailureRate is KO of all, 0 to 1.
func (t Totals) FailureRate() float64 {
	if t.Replies() == 0 {
		return 0
	}
	return float64(t.KO) / float64(t.Replies())
}

// ToldStatuses are those of 200 to 399 that are told: all of them if one is not 200, and
// not those that failed, which are causes.
func (t Totals) ToldStatuses() (told []stream.StatusResult) {
	plain := true
	for _, status := range slices.Sorted(maps.Keys(t.Statuses)) {
		if status < 200 || status >= 400 || t.Causes[measure.Cause("status "+strconv.Itoa(status))].Count > 0 {
			continue
		}
		plain = plain && status == 200
		told = append(told, stream.StatusResult{Status: status, Count: t.Statuses[status]})
	}
	if plain {
		return nil
	}
	return told
}

// ByCount returns the causes, the most frequent first.
func (t Totals) ByCount() []measure.Failure {
	causes := slices.Collect(maps.Values(t.Causes))
	slices.SortFunc(causes, func(a, b measure.Failure) int {
		if a.Count != b.Count {
			return cmp.Compare(b.Count, a.Count)
		}
		return cmp.Compare(a.Cause, b.Cause)
	})
	return causes
}

// Generator is what the load generator costs and how late it is.
type Generator struct {
	CPUPercentOfCore float64 // over the last interval
	CPU              time.Duration
	Lateness         measure.Histogram // in sending, of the measured load
	ReadLateness     measure.Histogram // how long its replies lay unread; empty where that is not known
}

// Finding is a finding as the screen keeps it.
type Finding struct {
	ID       string
	At       time.Duration // since the load began
	Title    string
	Evidence []string
	Advice   string
	Ended    bool
}

// Seconds turns a time since the run began into one since the measured load
// began; before that it is negative. During a warm-up the load is expected to
// begin after the warm-up's length.
func (m *Measuring) Seconds(at float64) float64 {
	switch {
	case m.Loaded:
		return at - m.LoadAt.Seconds()
	case m.WarmedUp:
		return at - (m.WarmupAt + m.WarmupLength).Seconds()
	default:
		return at - m.PhaseAt.Seconds()
	}
}

// Scaling is from when on values set the scale of a chart, in seconds since the
// measured load began: from there on once it has had a reply, for its warm-up may
// have been quite another. What does not fit lies at the edge.
func (m *Measuring) Scaling() float64 {
	if m.Loaded && m.Totals.Replies() > 0 {
		return 1e-9
	}
	return math.Inf(-1)
}

// Span is the stretch of time that charts show, in seconds since the measured
// load began: from the first request to the expected end, or as far as it went,
// and at most what is kept.
func (m *Measuring) Span(now time.Duration) (from, to float64) {
	if m.WarmedUp {
		from = min(0, m.Seconds(m.WarmupAt.Seconds()))
	}
	to = max(1, m.LoadLength.Seconds())
	last := now
	if m.LoadEndedAt > 0 && m.Phase != stream.PhaseWhy {
		last = m.LoadEndedAt
	}
	if m.Loaded {
		to = max(to, m.Seconds(last.Seconds()))
	}
	if n := len(m.Asides); n > 0 {
		to = max(to, m.Asides[n-1].To)
	}
	const longest = keptPoints / 10
	if to-from > longest {
		from = to - longest
	}
	return from, to
}

// Clone is a copy that later events do not change, for a screen that is paused.
func (s *State) Clone() *State {
	copied := *s
	copied.Builds = make([]*Build, len(s.Builds))
	for i, build := range s.Builds {
		b := *build
		b.Lines = build.Lines.Clone()
		copied.Builds[i] = &b
	}
	if s.Now != nil {
		m := *s.Now
		m.Latency = s.Now.Latency.Clone()
		m.Heat = s.Now.Heat.Clone()
		m.Throughput = s.Now.Throughput.Clone()
		m.Process = s.Now.Process.Clone()
		m.Loop = s.Now.Loop.Clone()
		m.Runtime = s.Now.Runtime.clone()
		m.Log = s.Now.Log.Clone()
		m.Search = s.Now.Search.clone()
		m.Findings = slices.Clone(s.Now.Findings)
		m.Totals.Causes = maps.Clone(s.Now.Totals.Causes)
		copied.Now = &m
	}
	copied.Done = slices.Clone(s.Done)
	copied.whys = maps.Clone(s.whys)
	copied.Tracks = make([]*Track, len(s.Tracks))
	for i, track := range s.Tracks {
		copied.Tracks[i] = track.clone()
	}
	return &copied
}
