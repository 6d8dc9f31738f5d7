package sample

import "github.com/benchtui/benchtui/internal/figure"

// CPULimits is how much CPU a process may use, in cores.
type CPULimits struct {
	Own    figure.Value // it alone, with its descendants
	Shared figure.Value // together with this process, whose quota is its own
}
