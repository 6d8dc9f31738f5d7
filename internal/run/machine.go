package run

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/flagname"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs/machine"
)

// CheckMachine looks at this machine and says what would distort a measurement
// that needs so much. It takes some milliseconds and the time over, in which it
// sees what else happens; with 0 it looks only at what does not change by itself.
func CheckMachine(ctx context.Context, need machine.Need, over time.Duration) []machine.Check {
	return append(machine.Read(ctx, over).Check(need), checkArrival(engine.TellsArrival()))
}

// checkArrival says by which clock latencies will end here.
func checkArrival(told bool) machine.Check {
	check := machine.Check{ID: "arrival_clock", State: machine.OK,
		Title: "the kernel tells when a reply arrived: latencies end there, and not when benchtui gets round to reading it"}
	if !told {
		check.State = machine.Note
		check.Title = "the kernel does not tell when a reply arrived: latencies end when benchtui reads it, as with other tools"
		check.Evidence = []string{"on a busy machine a reply waits its turn in benchtui's socket, and that wait is told as the server's"}
		check.Fix = []string{"measure on Linux 4.14 or newer, outside a sandbox that takes SO_TIMESTAMPNS away; or give benchtui cores of its own (" + flagname.LoadCPUs + ")"}
	}
	return check
}

// LookAtMachine looks at this machine once, as CheckMachine does; what it returns
// says what would distort a plan's run here.
func LookAtMachine(ctx context.Context, over time.Duration) (warnings func(Plan) []machine.Check) {
	here := machine.Read(ctx, over)
	return func(p Plan) []machine.Check { return machine.Warnings(here.Check(p.need())) }
}

// DefaultNeed is what the named workloads need of a machine as they are.
func DefaultNeed() (most machine.Need) {
	for _, workload := range plan.Workloads() {
		if need := needOf(workload); need.Connections > most.Connections {
			most = need
		}
	}
	return most
}

func needOf(w plan.Workload) machine.Need {
	if w.Load.Model == traffic.Users {
		return machine.Need{Connections: w.Load.Users, By: fmt.Sprintf("the %s of "+flagname.ShortWorkload+" %s", figure.Plural(w.Load.Users, "user", "users"), w.Name)}
	}
	return machine.Need{Connections: w.Load.Connections, By: fmt.Sprintf("the %s of "+flagname.ShortWorkload+" %s", figure.Plural(w.Load.Connections, "connection", "connections"), w.Name)}
}

func (p Plan) need() machine.Need {
	need := needOf(p.Workload)
	need.KeptApart = len(p.ServerCPUs) > 0 && len(p.LoadCPUs) > 0 && len(p.ServerCPUs.And(p.LoadCPUs)) == 0
	return need
}

// Abilities tries out what can be seen of servers here.
func Abilities() ([]machine.Ability, error) { return machine.Abilities() }

// lookBefore is how long a run looks at what else happens before it measures.
const lookBefore = 250 * time.Millisecond

// warnOfMachine tells, once, what of this machine would distort what follows.
func (r *Run) warnOfMachine(ctx context.Context) {
	if ctx.Err() != nil {
		return
	}
	if text := machineNotice(CheckMachine(ctx, r.plan.need(), lookBefore)); text != "" {
		r.stream.emit("", stream.Notice{Text: text})
	}
}

// machineNotice says what was found in a line; "" if there is nothing to warn of.
func machineNotice(checks []machine.Check) string {
	var found []string
	for _, warning := range machine.Warnings(checks) {
		found = append(found, warning.Title)
	}
	if len(found) == 0 {
		return ""
	}
	return strings.Join(found, "; ") + " (benchtui doctor says how to mend it)"
}
