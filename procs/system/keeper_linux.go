package system

import (
	"os"
	"strings"
)

// keeperOf is the command that ends a process which somebody else keeps, "" if nobody
// does, or the same as keeps us.
func keeperOf(pid int) string {
	groups, err := os.ReadFile(Path(pid, "cgroup"))
	if err != nil {
		return ""
	}
	ours, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(groups)) { // "0::/system.slice/x.service"
		if strings.Contains(string(ours), line) {
			continue
		}
		parts := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(parts) < 3 {
			continue
		}
		if command := keeperIn(parts[2]); command != "" {
			return command
		}
	}
	return ""
}
