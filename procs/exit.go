package procs

import "fmt"

// Exit is how a process ended.
type Exit struct {
	Code   int    // -1 if a signal ended it
	Signal string // "SIGKILL", or ""
}

// String says it as a person would: "exit code 3", "killed by SIGSEGV".
func (e Exit) String() string {
	if e.Signal != "" {
		return "killed by " + e.Signal
	}
	return fmt.Sprintf("exit code %d", e.Code)
}
