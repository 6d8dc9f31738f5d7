package profile

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// WriteCollapsed writes a line for each stack, as flamegraph.pl and its relatives read
// them: the functions from the root to the leaf between semicolons, a blank, and the time
// in microseconds.
func WriteCollapsed(w io.Writer, p *Profile) error {
	micros := map[string]int64{}
	var line strings.Builder
	for _, sample := range p.Samples {
		line.Reset()
		for i, index := range slices.Backward(sample.Stack) {
			line.WriteString(collapsedName(p.Frames[index].Function))
			if i > 0 {
				line.WriteByte(';')
			}
		}
		if line.Len() > 0 {
			micros[line.String()] += sample.Weight.Nanoseconds()
		}
	}
	stacks := make([]string, 0, len(micros))
	for stack := range micros {
		stacks = append(stacks, stack)
	}
	slices.Sort(stacks)
	out := bufio.NewWriter(w)
	for _, stack := range stacks {
		fmt.Fprintf(out, "%s %d\n", stack, max(1, (micros[stack]+500)/1000))
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write collapsed stacks: %w", err)
	}
	return nil
}

// collapsedName keeps out of a name what would end it.
var collapsedName = strings.NewReplacer(";", ":", "\n", " ", "\r", " ").Replace
