package stream

import (
	"strings"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/foreign"
)

// Words writes the machine: its system, its CPU, cores and memory, as far as they are known.
func (h HostFacts) Words() string {
	var words []string
	if system := strings.TrimSpace(h.OS + " " + h.Kernel); system != "" {
		words = append(words, foreign.Sample(system))
	}
	words = append(words, h.Processor()...)
	if h.MemoryMB > 0 {
		words = append(words, figure.Whole(h.MemoryMB)+" MB")
	}
	return strings.Join(words, " · ")
}

// Processor is its CPU and how many cores it has, as far as they are known.
func (h HostFacts) Processor() (words []string) {
	if h.CPU != "" {
		words = append(words, foreign.Sample(h.CPU))
	}
	if h.Cores > 0 {
		words = append(words, figure.Plural(h.Cores, "core", "cores"))
	}
	return words
}
