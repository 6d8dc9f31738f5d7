package machine

import (
	"fmt"

	"github.com/benchtui/benchtui/procs/profile"
)

// Profiling is what this machine lets profilers see of its user's own processes.
type Profiling struct {
	Known   bool
	Refused string // why there can be no profile from outside; "": there can
	Kernel  string // why the kernel's part is one frame; "": it is not
	Fix     string // the one command that mends the first of them
}

// readProfiling asks the kernel for a profile of this process, and takes none.
func readProfiling() Profiling {
	ability := profile.Check()
	p := Profiling{Known: true}
	if ability.Kernel != nil {
		p.Kernel, p.Fix = ability.Kernel.What, ability.Kernel.Fix
	}
	if ability.Refused != nil {
		p.Refused, p.Fix = ability.Refused.What, ability.Refused.Fix
	}
	return p
}

// checkProfiles says whether it can be told where a server's CPU time goes.
func (m Machine) checkProfiles() (check Check) {
	defer func() { check.ID = "profiles" }()
	var fixes []string
	if m.Profiling.Fix != "" {
		fixes = []string{fmt.Sprintf("`%s`", m.Profiling.Fix)}
	}
	switch p := m.Profiling; {
	case !p.Known:
		return unknown("whether profiles can be taken can't be read")
	case p.Refused != "":
		return Check{
			State: Note, Title: "where the CPU time of a server goes can't be seen from outside: " + p.Refused,
			Evidence: []string{"Node and the JVM tell of themselves; Go, Rust, C, .NET and native images are seen from outside alone"},
			Fix:      fixes,
		}
	case p.Kernel != "":
		return Check{
			State: OK, Title: "where the CPU time of a server goes can be seen, but for what the kernel does: that is one frame", Fix: fixes,
		}
	}
	return ok("where the CPU time of a server goes can be seen, the kernel's part with it")
}
