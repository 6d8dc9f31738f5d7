package procs

// CPULimits is how much CPU a process may use, in cores.
type CPULimits struct {
	Own    Figure // it alone, with its descendants
	Shared Figure // together with this process, whose quota is its own
}
