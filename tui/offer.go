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
	Warnings   []string // what would distort a measurement here
}

// WorkloadOffer is a workload to choose.
type WorkloadOffer struct {
	Name         string
	Words        string        // "8,000 users in 5 s × 4 requests"
	About        string        // one sentence
	PerContender time.Duration // about how long each takes, builds not counted
}

// Selection is what was chosen.
type Selection struct {
	Contenders []string // ids, in the offer's order
	Workload   string
}

// measurable says whether a contender can be selected: those that are missing or
// failed to build say why instead.
func measurable(facts session.ContenderFacts) bool {
	return facts.State == "ready" || facts.State == "can be built"
}
