package tui

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/tui/view"
	"github.com/benchtui/benchtui/tui/words"
)

// treePairs are what the server's processes did, and the machine around them;
// nothing in recordings that do not tell.
func treePairs(p *stream.ProcessResult) (pairs [][2]string) {
	if p == nil || p.Tree == nil {
		return nil
	}
	percentOfCore := func(v float64) string { return words.Thousands(v) + " %" }
	tree := p.Tree
	pairs = [][2]string{
		{"CPU user", words.OrNone(tree.CPUUserPercentMean, percentOfCore)},
		{"system", words.OrNone(tree.CPUSystemPercentMean, percentOfCore)},
		{"waited for a CPU", words.OrNone(tree.RunQueueWaitPercentMean, percentOfCore)},
		{"open files", words.OrNone(tree.FileDescriptorsMax, words.Thousands)},
		{"context switches/s", words.OrNone(tree.ContextSwitchesPerS, words.Thousands)},
	}
	if tree.ProcessesMax > 1 {
		var each []string
		for _, one := range tree.RSSMBByProcess {
			each = append(each, one.Name+" "+words.OrNone(cmp.Or(one.PSSMB, one.RSSMB), func(v float64) string { return words.Short(v) + " MB" }))
		}
		pairs = append(pairs, [2]string{"processes", words.Thousands(tree.ProcessesMax)})
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
	if len(cores) > 0 && len(cores) <= view.MostCores {
		pairs = append(pairs, [2]string{"machine's cores", strings.Join(cores, " ") + " %"})
	}
	pairs = append(pairs,
		[2]string{"machine's steal", words.OrNone(machine.StealPercentMean, func(v float64) string { return words.Short(v) + " %" })},
		[2]string{"its accept queues overflowed", words.OrNone(machine.ListenOverflows, words.Thousands)},
		[2]string{"dropped", words.OrNone(machine.ListenDrops, words.Thousands)},
		[2]string{"SYNs sent again", words.OrNone(machine.SYNRetransmits, words.Thousands)},
	)
	if len(machine.BusyNeighbours) > 0 {
		pairs = append(pairs, [2]string{"busy beside it", strings.Join(machine.BusyNeighbours, ", ")})
	}
	return pairs
}
