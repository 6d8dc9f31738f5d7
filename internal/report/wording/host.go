package wording

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
	"github.com/benchtui/benchtui/internal/stream"
)

// Contenders writes how many: "1 contender", "3 contenders".
func Contenders(n int) string {
	return figure.Plural(n, "contender", "contenders")
}

// Host writes the machine: its system, its CPU, cores and memory, as far as they are known.
func Host(host stream.HostFacts) string {
	var words []string
	for _, word := range []string{strings.TrimSpace(host.OS + " " + host.Kernel), host.CPU} {
		if word != "" {
			words = append(words, foreign.Text(word))
		}
	}
	if host.Cores > 0 {
		words = append(words, fmt.Sprintf("%d cores", host.Cores))
	}
	if host.MemoryMB > 0 {
		words = append(words, figure.Whole(host.MemoryMB)+" MB")
	}
	return strings.Join(words, " · ")
}
