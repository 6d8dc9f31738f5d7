package tui

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/session"
)

// treePairs are what the server's processes did, and the machine around them;
// nothing in recordings that do not tell.
func treePairs(p *session.ProcessResult) (pairs [][2]string) {
	if p == nil || p.Tree == nil {
		return nil
	}
	percentOfCore := func(v float64) string { return thousands(v) + " %" }
	tree := p.Tree
	pairs = [][2]string{
		{"CPU user", orNone(tree.CPUUserPercentMean, percentOfCore)},
		{"system", orNone(tree.CPUSystemPercentMean, percentOfCore)},
		{"waited for a CPU", orNone(tree.RunQueueWaitPercentMean, percentOfCore)},
		{"open files", orNone(tree.FileDescriptorsMax, thousands)},
		{"context switches/s", orNone(tree.ContextSwitchesPerS, thousands)},
	}
	if tree.ProcessesMax > 1 {
		var each []string
		for _, one := range tree.RSSMBByProcess {
			each = append(each, one.Name+" "+orNone(one.RSSMB, func(v float64) string { return short(v) + " MB" }))
		}
		pairs = append(pairs, [2]string{"processes", thousands(tree.ProcessesMax)})
		if len(each) > 0 {
			pairs = append(pairs, [2]string{"memory of each", strings.Join(each, ", ")})
		}
	}
	if p.Machine == nil {
		return pairs
	}
	machine := p.Machine
	var cores []string
	for _, percent := range machine.CPUPercentByCoreMean {
		cores = append(cores, fmt.Sprintf("%.0f", percent))
	}
	if len(cores) > 0 && len(cores) <= mostCores {
		pairs = append(pairs, [2]string{"machine's cores", strings.Join(cores, " ") + " %"})
	}
	pairs = append(pairs,
		[2]string{"machine's steal", orNone(machine.StealPercentMean, func(v float64) string { return short(v) + " %" })},
		[2]string{"its accept queues overflowed", orNone(machine.ListenOverflows, thousands)},
		[2]string{"dropped", orNone(machine.ListenDrops, thousands)},
		[2]string{"SYNs sent again", orNone(machine.SYNRetransmits, thousands)},
	)
	if len(machine.BusyNeighbours) > 0 {
		pairs = append(pairs, [2]string{"busy beside it", strings.Join(machine.BusyNeighbours, ", ")})
	}
	return pairs
}
