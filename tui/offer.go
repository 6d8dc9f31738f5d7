package tui

import (
	"time"

	"github.com/benchtui/benchtui/session"
)

// Offer is what the choose screen offers, as plain values.
type Offer struct {
	Contenders []session.ContenderFacts
	Workloads  []WorkloadOffer
	Selected   []string // ids that are chosen beforehand
	Workload   string   // the workload chosen beforehand; "": the first
	// More says by a contender's id what else there is to know of it, a line each.
	More map[string][]string
	// Look looks at the machine and returns what judges it for a workload; nil: nothing
	// does. It may take a second or two, and is not called on the screen's loop; what it
	// returns is, and must be quick.
	Look func() func(workload string, figures []WorkloadFigure) []Warning
	// Change is the workload with other figures, or what is wrong with them; nil:
	// figures can't be changed. It is called on the screen's loop and must be quick.
	Change func(workload string, figures []WorkloadFigure) (WorkloadOffer, error)
}

// Warning is what would distort a measurement here.
type Warning struct {
	Title string
	Mend  string // what to do about it; "": nothing can be done
}

// WorkloadOffer is a workload to choose.
type WorkloadOffer struct {
	Name         string
	Words        string        // "8,000 users in 5 s × 4 requests"
	About        string        // one sentence
	PerContender time.Duration // about how long each takes, builds not counted
	Figures      []WorkloadFigure
}

// WorkloadFigure is a figure of a workload that can be changed, as the command
// line writes it: "ramp", "5s".
type WorkloadFigure struct{ Flag, Value string }

// Selection is what was chosen.
type Selection struct {
	Contenders []string // ids, in the offer's order
	Workload   string
	Figures    []WorkloadFigure // of the workload, as they were changed or not
}

// measurable says whether a contender can be selected: those that are missing or
// failed to build say why instead.
func measurable(facts session.ContenderFacts) bool {
	return facts.State == "ready" || facts.State == "can be built"
}
