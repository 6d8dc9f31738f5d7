package profile

// processKind is what runs in a process, as far as it matters which profiler sees most.
type processKind uint8

const (
	nativeProcess processKind = iota
	javaProcess
	nodeProcess
	pythonProcess
	starterProcess // a shell, or another that only starts others
)

// treeProcess is a process of a server.
type treeProcess struct {
	pid  int
	kind processKind
}
