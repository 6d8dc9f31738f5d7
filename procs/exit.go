package procs

import "fmt"

// Exit is how a process ended.
type Exit struct {
	Code   int    // -1 if a signal ended it, or if it was not our child and nobody tells
	Signal string // "SIGKILL", or ""
}

// String says it as a person would: "exit code 3", "killed by SIGSEGV".
func (e Exit) String() string {
	if e.Signal != "" {
		return "killed by " + e.Signal
	}
	if e.Code < 0 {
		return "in a way that can't be told"
	}
	return fmt.Sprintf("exit code %d", e.Code)
}
