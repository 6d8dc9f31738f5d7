package stream

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/benchtui/benchtui/internal/diagnosis"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/measure"
)

// Event is one thing that happened in a run. Events are values: nobody changes
// one after it was emitted. They survive JSON unchanged, which is what recordings
// and replays rest on.
type Event struct {
	Seq       uint64        // from 1, without gaps as emitted; merging queues may drop some
	At        time.Duration // since the run started
	Contender string        // its id; "" for events of the run as a whole
	Body      Body
}

// Body is what happened; one of the types of this file.
type Body interface{ kind() string }

// RunStarted is the first event.
type RunStarted struct {
	Started time.Time `json:"started"`
	Plan    PlanFacts `json:"plan"`
	Host    HostFacts `json:"host"`
}

// PlanFacts is what the run is going to do, as plain values.
type PlanFacts struct {
	Workload   WorkloadFacts    `json:"workload"`
	Contenders []ContenderFacts `json:"contenders"` // as named; RoundStarted tells the order of several rounds
	RankBy     string           `json:"rank_by"`
	Tiers      string           `json:"tiers"`
	Expected   time.Duration    `json:"expected_ns"` // how long the measuring will take at least, builds not counted
}

// WorkloadFacts is the workload as results tell of it.
type WorkloadFacts struct {
	Name        string  `json:"name"`
	Model       string  `json:"model"`
	Connections int     `json:"connections"`
	DurationS   float64 `json:"duration_s"`
	Rate        float64 `json:"rate"`
	RateTo      float64 `json:"rate_to,omitempty"` // of a ramp, at its end
	Users       int     `json:"users"`
	RampS       float64 `json:"ramp_s"`
	Repeat      int     `json:"repeat"`
	HTTPCache   bool    `json:"http_cache"`
	Objective   string  `json:"objective,omitempty"` // of a search for the capacity
	WarmupS     float64 `json:"warmup_s"`
	Rounds      int     `json:"rounds"`         // how often each contender is measured
	CooldownS   float64 `json:"cooldown_s"`     // the rest between two contenders
	Seed        *uint64 `json:"seed,omitempty"` // of the order in each round; nil: as the contenders are named
	// Words says it in a line: "8,000 users in 5 s × 4 GET /hello".
	Words      string `json:"words"`
	ServerCPUs string `json:"server_cpus,omitempty"` // what servers were kept to, as taskset writes it: "0-2,4"
	LoadCPUs   string `json:"load_cpus,omitempty"`
	Loops      int    `json:"loops,omitempty"` // event loops that were asked for; 0: as many as suit the machine
	// TickMS is the length of the steps in which requests became due; 0: each at its own
	// time. The wait for the end of a step is in no latency.
	TickMS float64 `json:"tick_ms,omitempty"`
	// Request is what was asked of every contender; nil: its own request of each.
	Request *RequestFacts `json:"request,omitempty"`
	// Others are settings that have no field here, by their keys, which stand beside those
	// of the fields.
	Others map[string]any `json:"-"`
}

// RequestFacts is a request that is sent in place of the contenders' own.
type RequestFacts struct {
	Method    string `json:"method,omitempty"` // "": the contender's own
	Path      string `json:"path,omitempty"`   // with the query; "": the contender's own
	BodyBytes int    `json:"body_bytes,omitempty"`
}

// Words say it: "GET /json?n=500", "POST /echo with 1,000 bytes".
func (r RequestFacts) Words() string {
	words := cmp.Or(r.Method, "GET") + " " + cmp.Or(r.Path, "each one's own path")
	if r.BodyBytes > 0 {
		words += " with " + figure.Plural(r.BodyBytes, "byte", "bytes")
	}
	return words
}

// ContenderFacts is what is known of a contender before it is measured.
type ContenderFacts struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
	State    string `json:"state"`                  // "ready", "can be built", "missing", "build failed"
	Reason   string `json:"reason" foreign:"lines"` // of the state
	// Unverified: nobody has run it yet.
	Unverified bool `json:"unverified,omitempty"`
}

// HostFacts is the machine that measures and is measured.
type HostFacts struct {
	OS       string  `json:"os"`
	CPU      string  `json:"cpu"`
	Cores    int     `json:"cores"`
	MemoryMB float64 `json:"memory_mb"`
	Kernel   string  `json:"kernel"`
}

// Phase is what is being done with a contender.
type Phase string

// The phases of a contender, in order. All contenders are built before the first
// is started; then each goes from PhaseStart to PhaseStop, in each round. The rest
// before the next one, PhaseCooldown, is told of the contender that was stopped.
const (
	PhaseBuild    Phase = "build"
	PhaseStart    Phase = "start"
	PhaseProbe    Phase = "probe" // stands for warm-up and load where only a rate is looked for
	PhaseWarmup   Phase = "warm-up"
	PhaseLoad     Phase = "load"
	PhaseWhy      Phase = "why" // the load goes on while a profile is taken; nothing of it counts
	PhaseStop     Phase = "stop"
	PhaseCooldown Phase = "cool-down"
)

// PhaseChanged says that the event's contender entered a phase.
type PhaseChanged struct {
	Phase    Phase         `json:"phase"`
	Expected time.Duration `json:"expected_ns,omitempty"`            // how long it should take; 0: unknown
	Detail   string        `json:"detail,omitempty" foreign:"lines"` // the command that was started, the build's cache
}

// BuildOutput is one line of a build.
type BuildOutput struct {
	Line string `json:"line"`
	Step int    `json:"step,omitempty"` // the build's step under way, from 1; 0: none
	Of   int    `json:"of,omitempty"`   // its steps in all; 0: not known
}

// BuildDone is the end of a contender's build.
type BuildDone struct {
	OK      bool          `json:"ok"`
	Cached  bool          `json:"cached"`
	Took    time.Duration `json:"took_ns"`
	Variant string        `json:"variant,omitempty"`                // "single executable"
	Version string        `json:"version,omitempty"`                // "Express 4.21.1"
	Reason  string        `json:"reason,omitempty" foreign:"lines"` // why not, and what to do
	LogPath string        `json:"log_path,omitempty"`
}

// RoundStarted is the beginning of a round, in which every contender is measured
// once. A run of one round does not tell it.
type RoundStarted struct {
	Round int      `json:"round"` // from 1
	Of    int      `json:"of"`
	Order []string `json:"order"` // the ids of the contenders that take part, in the order of measuring
}

// ContenderStarted is the beginning of a contender's measuring, before PhaseStart;
// in each round anew.
type ContenderStarted struct {
	Facts   ContenderFacts `json:"facts"`
	Version string         `json:"version,omitempty"`
	Variant string         `json:"variant,omitempty"`
	Number  int            `json:"number"`           // in the round, from 1
	Of      int            `json:"of"`               // contenders
	Round   int            `json:"round,omitempty"`  // from 1; 0, of older recordings, is 1 of 1
	Rounds  int            `json:"rounds,omitempty"` // in all
	Probe   bool           `json:"probe,omitempty"`  // it is only asked what it can do: what is measured counts nowhere
}

// Ready is the first good reply of a contender.
type Ready struct {
	After time.Duration `json:"after_ns"` // since it was spawned
	Port  int           `json:"port,omitempty"`
	PID   int           `json:"pid,omitempty"`
}

// LoadSample is what the engine measured over an interval of the warm-up or the load.
type LoadSample struct {
	Warmup bool `json:"warmup,omitempty"`
	// Aside: a profile was being taken, which disturbs the server, so that it counts in no
	// figure. Its times go on from those of the load.
	Aside    bool             `json:"aside,omitempty"`
	Measures measure.Measures `json:"measures"`
	// GeneratorCPUPercentOfCore is this process's CPU over the interval; 100 is one core.
	GeneratorCPUPercentOfCore float64 `json:"generator_cpu_percent"`
}

// Counts says whether it is part of what is measured.
func (s LoadSample) Counts() bool { return !s.Warmup && !s.Aside }

// ProcessSample is a reading of the server's process tree.
type ProcessSample struct {
	Phase  Phase          `json:"phase"`
	Into   time.Duration  `json:"into_ns"` // since that phase began
	Sample measure.Sample `json:"sample"`
}

// EventLoopSample is what the event loop of a Node server told of itself, or that
// it says nothing any more: a loop that is blocked can't.
type EventLoopSample struct {
	Phase Phase             `json:"phase"`
	Into  time.Duration     `json:"into_ns"` // since that phase began
	Loop  measure.EventLoop `json:"loop"`    // its last word
	// Silent is how long ago that was, once it is so long that the loop must be
	// blocked; Loop is then stale.
	Silent time.Duration `json:"silent_ns,omitempty"`
}

// RuntimeSample is what the language runtimes of the server told of themselves since they
// did so before.
type RuntimeSample struct {
	Phase   Phase           `json:"phase"`
	Into    time.Duration   `json:"into_ns"` // since that phase began
	Runtime measure.Runtime `json:"runtime"`
}

// Began is when a pause of it began, since the sample's phase did; before it, it is negative.
func (s RuntimeSample) Began(pause measure.Pause) time.Duration { return s.Into - pause.Ago }

// SearchStep is a step of the search for a server's capacity, told when it begins
// and again when it was judged.
type SearchStep struct {
	Step   CapacityStep `json:"step"`
	Of     int          `json:"of"` // at most
	Judged bool         `json:"judged,omitempty"`
}

// LogLine is a line that the server logged.
type LogLine struct {
	Line string `json:"line"`
}

// FindingChanged is a finding that began, was sharpened (same id) or ended.
type FindingChanged struct {
	Finding diagnosis.Finding `json:"finding"`
	Ended   bool              `json:"ended,omitempty"`
}

// MostFindings is how many of a contender are kept; there are fewer kinds of them.
const MostFindings = 200

// Notice is something the person should know that is no finding about a server:
// "interrupted: stopping expressjs".
type Notice struct {
	Text string `json:"text" foreign:"lines"`
}

// RoundDone is the end of one contender's part in a round, with what was measured
// in it; SoFar is the contender with all its rounds up to here, without the figures by
// round, which the events before have told: a recording would else grow with the square
// of the rounds (older ones hold them). A run of one round
// does not tell it.
type RoundDone struct {
	Result RoundResult     `json:"result"`
	Of     int             `json:"of"` // rounds
	SoFar  ContenderResult `json:"so_far"`
}

// RateFixed tells the rate that a workload puts on all contenders, once it was
// found by probing what each can do.
type RateFixed struct {
	Workload WorkloadFacts `json:"workload"` // as it is from here on
	Probes   []Probe       `json:"probes"`   // in the order of probing
	Slowest  string        `json:"slowest"`  // the id of the contender that sets the rate
}

// Probe is what a contender could do when it was asked for all it can.
type Probe struct {
	ID  string  `json:"id"`
	RPS float64 `json:"rps"`           // OK replies per second; 0: it has no say in the rate
	Why string  `json:"why,omitempty"` // not
}

// ContenderDone is the end of a contender, after its last round, with all that was
// measured of it.
type ContenderDone struct {
	Result ContenderResult `json:"result"`
}

// RunDone is the last event.
type RunDone struct {
	Result      Result `json:"result"`
	Interrupted bool   `json:"interrupted,omitempty"`
}

func (RunStarted) kind() string { return "run_started" }

func (PhaseChanged) kind() string { return "phase" }

func (BuildOutput) kind() string { return "build_output" }

func (BuildDone) kind() string { return "build_done" }

func (ContenderStarted) kind() string { return "contender_started" }

func (Ready) kind() string { return "ready" }

func (LoadSample) kind() string { return "load" }

func (ProcessSample) kind() string { return "process" }

func (EventLoopSample) kind() string { return "event_loop" }

func (RuntimeSample) kind() string { return "runtime" }

func (SearchStep) kind() string { return "search_step" }

func (LogLine) kind() string { return "log" }

func (FindingChanged) kind() string { return "finding" }

func (Notice) kind() string { return "notice" }

func (RoundStarted) kind() string { return "round_started" }

func (RoundDone) kind() string { return "round_done" }

func (RateFixed) kind() string { return "rate_fixed" }

func (ContenderDone) kind() string { return "contender_done" }

func (RunDone) kind() string { return "run_done" }

// Raw is an event as it is written, its body not decoded.
type Raw struct {
	Seq       uint64          `json:"seq"`
	At        time.Duration   `json:"at_ns"`
	Contender string          `json:"contender,omitempty"`
	Kind      string          `json:"kind"`
	Body      json.RawMessage `json:"body"`
}

// MarshalJSON writes the event with the kind of its body.
func (e Event) MarshalJSON() ([]byte, error) { return e.AppendJSON(nil) }

// AppendJSON appends the same JSON to a text, made without going over the body's again.
func (e Event) AppendJSON(text []byte) ([]byte, error) {
	body, err := json.Marshal(e.Body)
	if err != nil {
		return text, fmt.Errorf("event %d (%s): %w", e.Seq, e.Body.kind(), err)
	}
	text = append(text, `{"seq":`...)
	text = strconv.AppendUint(text, e.Seq, 10)
	text = append(text, `,"at_ns":`...)
	text = strconv.AppendInt(text, int64(e.At), 10)
	if e.Contender != "" {
		contender, err := json.Marshal(e.Contender)
		if err != nil {
			return text, err
		}
		text = append(append(text, `,"contender":`...), contender...)
	}
	text = append(append(text, `,"kind":"`...), e.Body.kind()...)
	text = append(append(text, `","body":`...), body...)
	return append(text, '}'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; an unknown kind is an error.
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire Raw
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	event, err := wire.Decode()
	if err != nil {
		return err
	}
	*e = event
	return nil
}

// Decode reads the body. With an error, the event lacks only that.
func (w Raw) Decode() (Event, error) {
	event := Event{Seq: w.Seq, At: w.At, Contender: foreign.Line(w.Contender)}
	kind, ok := bodies[w.Kind]
	if !ok {
		return event, fmt.Errorf("event %d: unknown kind %q", w.Seq, w.Kind)
	}
	body, err := kind.read(w.Body)
	if err != nil {
		return event, fmt.Errorf("event %d (%s): %w", w.Seq, w.Kind, err)
	}
	event.Body = body
	return event, nil
}

// Weight is about how many bytes of memory the body takes once it is decoded.
func (w Raw) Weight() int {
	kind, ok := bodies[w.Kind]
	if !ok {
		return len(w.Body)
	}
	return foreign.Weight(w.Body, kind.as)
}

// KnownKind says whether this version knows a kind of body.
func KnownKind(kind string) bool {
	_, known := bodies[kind]
	return known
}

// KindOf names the kind of a body as it is written.
func KindOf(body Body) string { return body.kind() }

// bodyKind is how a kind of body is read.
type bodyKind struct {
	as   reflect.Type
	read func([]byte) (Body, error)
}

var bodies = map[string]bodyKind{
	RunStarted{}.kind():       bodyKindOf[RunStarted](),
	PhaseChanged{}.kind():     bodyKindOf[PhaseChanged](),
	BuildOutput{}.kind():      bodyKindOf[BuildOutput](),
	BuildDone{}.kind():        bodyKindOf[BuildDone](),
	ContenderStarted{}.kind(): bodyKindOf[ContenderStarted](),
	Ready{}.kind():            bodyKindOf[Ready](),
	LoadSample{}.kind():       bodyKindOf[LoadSample](),
	ProcessSample{}.kind():    bodyKindOf[ProcessSample](),
	EventLoopSample{}.kind():  bodyKindOf[EventLoopSample](),
	RuntimeSample{}.kind():    bodyKindOf[RuntimeSample](),
	SearchStep{}.kind():       bodyKindOf[SearchStep](),
	LogLine{}.kind():          bodyKindOf[LogLine](),
	FindingChanged{}.kind():   bodyKindOf[FindingChanged](),
	ProfileTaken{}.kind():     bodyKindOf[ProfileTaken](),
	Notice{}.kind():           bodyKindOf[Notice](),
	RoundStarted{}.kind():     bodyKindOf[RoundStarted](),
	RoundDone{}.kind():        bodyKindOf[RoundDone](),
	RateFixed{}.kind():        bodyKindOf[RateFixed](),
	ContenderDone{}.kind():    bodyKindOf[ContenderDone](),
	RunDone{}.kind():          bodyKindOf[RunDone](),
}

// bodyKindOf is how bodies of a type are read.
func bodyKindOf[B Body]() bodyKind { return bodyKind{reflect.TypeFor[B](), readBody[B]} }

func readBody[B Body](data []byte) (Body, error) {
	var body B
	err := json.Unmarshal(data, &body)
	return foreign.Value(body), err
}
