package sample

import "github.com/benchtui/benchtui/internal/figure"

// CPULimits is how much CPU a process may use, in cores.
type CPULimits struct {
	Own    figure.Value // it alone, with its descendants
	Shared figure.Value // together with this process, whose quota is its own
	// Bound says in words why it may use fewer cores than this process, if a quota is not
	// the reason: "it may run on CPU 0 alone", "GOMAXPROCS=1"; "" otherwise.
	Bound string
}
