package system

import (
	"os"
	"strconv"
	"strings"
)

// StatusOf is a line of /proc/PID/status without its name; "" if there is none. Process
// 0 is this one.
func StatusOf(pid int, field string) string {
	path := "/proc/self/status"
	if pid != 0 {
		path = Path(pid, "status")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if said, found := strings.CutPrefix(line, field+":"); found {
			return strings.TrimSpace(said)
		}
	}
	return ""
}

// InnermostPID is the number by which a process knows itself, in its container; where the
// kernel does not tell, the one that we have for it.
func InnermostPID(pid int) int {
	numbers := strings.Fields(StatusOf(pid, "NSpid"))
	if len(numbers) == 0 {
		return pid
	}
	inside, err := strconv.Atoi(numbers[len(numbers)-1])
	if err != nil {
		return pid
	}
	return inside
}
