package live

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/tui/term"
	"github.com/benchtui/benchtui/tui/view"
)

// coreBars are the eighths of a cell by which a core's load is shown.
var coreBars = []rune("▁▂▃▄▅▆▇█")

// machineSpans tell what the whole machine does in a line of the width: what is out
// of the ordinary first, since the rest may not fit.
func machineSpans(machine view.Machine, width int) []term.Span {
	if len(machine.Cores) == 0 {
		return nil
	}
	const steals, presses = 0.5, 0.5 // percent; below it is nothing to tell
	var told [][]term.Span
	warn := func(of figure.Value, least float64, format string, write func(float64) string) {
		if of.Known && of.Value >= least {
			told = append(told, []term.Span{term.Say(fmt.Sprintf(format, write(of.Value)), term.RoleWarn)})
		}
	}
	warn(machine.Overflows, 1, "accept queues overflowed %s", func(v float64) string { return figure.Times(uint64(v + 0.5)) })
	warn(figure.Of(machine.Drops.Value-machine.Overflows.Value), 1, "%s dropped", func(v float64) string { return figure.PluralWhole(v, "connection", "connections") })
	warn(machine.SYNsRetried, 1, "%s sent again", func(v float64) string { return figure.PluralWhole(v, "SYN", "SYNs") })
	if len(machine.OtherProcesses) > 0 {
		one := machine.OtherProcesses[0]
		warn(figure.Of(one.CPUPercentOfCore), 0, one.Name+" uses %s %% of a core", figure.Whole)
	}
	warn(machine.Steal, steals, "steal %s %%", figure.PerSecond)
	warn(machine.Pressure, presses, "programs wait for memory %s %%", figure.PerSecond)
	var bars, figures strings.Builder
	for _, percent := range machine.Cores {
		bars.WriteRune(coreBars[min(len(coreBars)-1, max(0, int(percent/100*float64(len(coreBars)))))])
		fmt.Fprintf(&figures, " %.0f", math.Round(percent))
	}
	cores := []term.Span{term.Say(bars.String(), term.RoleCPU)}
	if len(machine.Cores) <= view.MostCores {
		cores = append(cores, term.Say(figures.String()+" % by core", term.RoleText))
	}
	line := []term.Span{term.Say("machine ", term.RoleTitle)}
	for _, group := range append(told, cores) {
		if len(line) > 1 {
			group = append([]term.Span{term.Say(" · ", term.RoleDim)}, group...)
		}
		line = term.Fitting(width, line, group)
	}
	if len(line) == 1 { // there is no room for more
		return nil
	}
	return line
}
