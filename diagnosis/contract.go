package diagnosis

import "time"

// Finding is something worth telling about a run, in plain words and with figures.
type Finding struct {
	ID       string        `json:"id"`
	BeganAt  time.Duration `json:"began_at_ns"`           // since the load began
	EndedAt  time.Duration `json:"ended_at_ns,omitempty"` // 0: it held to the end
	Title    string        `json:"title"`
	Evidence []string      `json:"evidence"`
	Advice   string        `json:"advice"`
}

// Facts is what does not change during a load.
type Facts struct {
	HTTPCache      bool    // users send If-None-Match
	ExpectedStatus int     // 0: any below 400
	OfferedRate    float64 // requests per second; 0: no rate was asked for
	Cores          int
	Model          string
}

// Window is what was measured over a short stretch, or a whole load.
// The caller (session) fills it; the figures it lacks are nil.
type Window struct {
	From, To                  time.Duration
	Sent, OK, KO              uint64
	Failures                  map[string]uint64 // by cause
	Samples                   map[string]string // cause -> sample of the first such reply
	GeneratorCPUPercentOfCore float64
	LatenessP99               time.Duration
	ServerCPUPercentOfCore    *float64
	// …
}

// Change is a finding that began, was sharpened or ended.
type Change struct {
	Finding Finding
	Ended   bool
}

// Watch folds windows into findings.
type Watch struct{}

// New watches one load.
func New(facts Facts) *Watch { panic("contract") }

// Observe takes the next window and returns what changed.
func (w *Watch) Observe(window Window) []Change { panic("contract") }

// Findings returns all that began so far.
func (w *Watch) Findings() []Finding { panic("contract") }
