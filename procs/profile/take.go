package profile

import (
	"fmt"
	"time"
)

// Target is what a profile is to be taken of.
type Target struct {
	Roots    []int         // processes, by pid; their descendants are taken with them
	Duration time.Duration // for how long; 0: DefaultDuration
	Hz       int           // samples a second of a thread that runs; 0: DefaultHz
	Start    time.Duration // when it begins, since the start of the load, as the profile shall say
	// NodeNames is what mends it where a server in Node tells no names of its functions; "": a
	// flag of Node's own.
	NodeNames string

	told map[int]bool // processes whose first thread's profile is taken by their runtime
}

// How long and how often, where a target does not say. 499 is prime, so that what a
// server does a hundred or a thousand times a second is not always met at the same place.
//
// Most of the cost is the kernel's, which sets a timer whenever a thread gets a CPU: a Go
// server's CPU per request, at 2,000 a second in a virtual machine, was 122 µs without, 131
// at 99 and 145 at 499 samples a second (medians of 11 stretches each).
const (
	DefaultDuration = 2 * time.Second
	DefaultHz       = 499
	// LowHz is for a server that is not to notice at all.
	LowHz = 99

	longestProfile = 5 * time.Minute
	highestHz      = 10_000
)

func (t Target) withDefaults() (Target, error) {
	if t.Duration == 0 {
		t.Duration = DefaultDuration
	}
	if t.Hz == 0 {
		t.Hz = DefaultHz
	}
	switch {
	case len(t.Roots) == 0:
		return t, fmt.Errorf("take a profile: of no process")
	case t.Duration < 0 || t.Duration > longestProfile:
		return t, fmt.Errorf("take a profile: for %s; at most %s", t.Duration, longestProfile)
	case t.Hz < 1 || t.Hz > highestHz:
		return t, fmt.Errorf("take a profile: %d samples a second; 1 to %d", t.Hz, highestHz)
	}
	return t, nil
}

// Reason is why a profile was refused.
type Reason uint8

// The reasons.
const (
	NotHere      Reason = iota + 1 // the operating system, or its kernel, has no such profiler
	Paranoid                       // kernel.perf_event_paranoid
	Seccomp                        // the container's filter of system calls, or another policy of it
	OtherUser                      // the process is another user's, or has more privileges than we
	NoMemory                       // no more of the memory that profilers may lock, or no more files
	Gone                           // the process is no more
	NotInstalled                   // a tool that it needs
)

// Refusal says why there is no profile, or a part of one, and what mends it.
type Refusal struct {
	Reason Reason
	What   string // "the kernel lets only root take profiles (kernel.perf_event_paranoid is 3)"
	Fix    string // the one command that mends it; "" if there is none
}

func (r *Refusal) Error() string {
	if r.Fix == "" {
		return "no profile: " + r.What
	}
	return "no profile: " + r.What + "; " + r.Fix
}

// Missing is the same in its parts, as a result has them.
func (r *Refusal) Missing() (lacks, fix string) { return "a profile: " + r.What, r.Fix }

// Ability is what this machine lets be seen of its own user's processes.
type Ability struct {
	Refused *Refusal // why there can be no profile; nil: there can
	Kernel  *Refusal // why the kernel's part is one frame without callers; nil: it is not
}

func period(hz int) time.Duration { return time.Second / time.Duration(hz) }
