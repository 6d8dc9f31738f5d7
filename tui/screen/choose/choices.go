package choose

import (
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
)

// Choices are what the choose screen offers, as plain values.
type Choices struct {
	Contenders []stream.ContenderFacts
	Workloads  []plan.Workload
	Selected   []string // ids that are chosen beforehand
	Workload   string   // the workload chosen beforehand; "": the first
	// Details says by a contender's id what else there is to know of it, a line each.
	Details map[string][]string
	// Found is the next contender of which it was found out whether it can be measured;
	// ok is false when there is no other. It may take its time, and is not called on the
	// screen's loop. nil: all is known. The contenders' State is Looking until then.
	Found func() (found FoundContender, ok bool)
	// CheckMachine looks at the machine and returns what judges it for a workload; nil: nothing
	// does. It may take a second or two, and is not called on the screen's loop; what it
	// returns is, and must be quick.
	CheckMachine func() func(plan.Workload) []Warning
	// Check says what is wrong with a workload for a run here, beside what its settings say
	// of themselves; nil: they can't be changed. It is called on the screen's loop and must
	// be quick.
	Check func(plan.Workload) error
}

// Looking is the state of a contender whose tools are still being looked for.
const Looking = "looking"

// FoundContender is what was found out of a contender.
type FoundContender struct {
	Facts   stream.ContenderFacts
	Details []string // what else there is to know of it, a line each
}

// Warning is what would distort a measurement here.
type Warning struct {
	Title string
	Fix   string // what to do about it; "": nothing can be done
}

// Selection is what was chosen.
type Selection struct {
	Contenders []string      // ids, in the order of the choices
	Workload   plan.Workload // with its settings as they were changed or not
}

// selectable says whether a contender can be selected as far as is known: of one whose
// tools are still being looked for, the choice is dropped if they are not found.
func selectable(facts stream.ContenderFacts) bool {
	return measurable(facts) || facts.State == Looking
}

// measurable says whether a contender can be selected: those that are missing or
// failed to build say why instead.
func measurable(facts stream.ContenderFacts) bool {
	return facts.State == "ready" || facts.State == "can be built"
}
