package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// treeLines tell what is out of the ordinary: a server of several processes, and
// what went wrong on the way to accept queues, whoever's they are.
func treeLines(process *stream.ProcessResult) (lines []string) {
	if tree := process.Tree; tree != nil && tree.ProcessesMax > 1 {
		text := fmt.Sprintf("  %s processes", figure.Whole(tree.ProcessesMax))
		var each []string
		for _, one := range tree.RSSMBByProcess {
			each = append(each, foreign.Text(one.Name)+" "+figure.Known(cmp.Or(one.PSSMB, one.RSSMB), figure.MB))
		}
		if len(each) > 0 {
			text += ": " + strings.Join(each, ", ")
		}
		lines = append(lines, text)
	}
	machine := process.Machine
	if machine == nil {
		return lines
	}
	var words []string
	add := func(value *float64, write func(float64) string) {
		if value != nil && *value > 0 {
			words = append(words, write(*value))
		}
	}
	add(machine.ListenOverflows, func(v float64) string { return "accept queues overflowed " + figure.Times(uint64(v+0.5)) })
	add(machine.SYNRetransmits, func(v float64) string { return figure.PluralWhole(v, "SYN", "SYNs") + " sent again" })
	if len(words) > 0 {
		lines = append(lines, "  the whole machine: "+strings.Join(words, " · "))
	}
	return lines
}
