package procs

import (
	"context"
	"time"
)

// Command is what to start and how.
type Command struct {
	Path    string   // absolute, or looked up in PATH
	Args    []string // without the program's name
	Dir     string   // "" is this process's
	Env     []string // beside this process's environment, NAME=value; later ones win
	LogFile string   // stdout and stderr are appended here; "" keeps only the last lines
	// OnLine gets each line of stdout and stderr as it comes, from one goroutine.
	OnLine func(line string)
}

// Child is a started process, the leader of its own process group.
type Child struct{}

// Start starts the command in a process group of its own. The error names the
// program and says what to do.
func Start(command Command) (*Child, error) { panic("contract") }

// PID is the process's id.
func (c *Child) PID() int { panic("contract") }

// Done is closed when the process has ended.
func (c *Child) Done() <-chan struct{} { panic("contract") }

// Exit says how it ended; only after Done.
func (c *Child) Exit() Exit { panic("contract") }

// LastLines returns up to n of the last lines it logged, oldest first.
func (c *Child) LastLines(n int) []string { panic("contract") }

// Stop ends the child and all its descendants, those that left the group
// included: SIGTERM, the grace time, SIGKILL. It returns when the whole tree is
// verified gone, or says what is left. It is safe to call more than once and
// after the child has ended by itself. A cancelled ctx skips the grace time.
func (c *Child) Stop(ctx context.Context, grace time.Duration) error { panic("contract") }

// Exit is how a process ended.
type Exit struct {
	Code   int    // -1 if a signal ended it
	Signal string // "SIGKILL", or ""
}

// String says it as a person would: "exit code 3", "killed by SIGSEGV".
func (e Exit) String() string { panic("contract") }

// FreePort picks a TCP port on loopback that is free on IPv4 and IPv6.
func FreePort() (int, error) { panic("contract") }

// PortOwner tells who listens on a TCP port: "node (pid 412)". ok is false if
// nobody does. The name is "" where the owner cannot be seen.
func PortOwner(port int) (owner string, ok bool) { panic("contract") }

// WaitPortFree waits until nobody listens on the port any more.
func WaitPortFree(ctx context.Context, port int) error { panic("contract") }

// Figure is a reading that a platform or a moment may lack. It is null in JSON
// when missing; missing is never 0.
type Figure struct {
	Value float64
	Known bool
}

// Sample is one reading of a process tree, over the time since the one before.
type Sample struct {
	Over                       time.Duration // what the CPU figures are the mean over
	Processes                  int
	CPUPercentOfCore           Figure // user and system of the whole tree; 100 is one core busy
	UserPercentOfCore          Figure
	SysPercentOfCore           Figure
	CPUTime                    Figure // seconds of user and system time of the tree since it began, ended children included where the OS tells
	RSSBytes                   Figure // sum over the tree
	Threads                    Figure
	HottestThreadPercentOfCore Figure // missing until it can be read cheaply
	FileDescriptors            Figure
	ContextSwitches            Figure // since the sample before
	AcceptQueue                Figure // connections that wait in the listening socket's queue
	AcceptQueueLimit           Figure
	HostCPUPercent             []float64 // by core, 0 to 100
}

// Sampler reads a tree over and over.
type Sampler struct{}

// NewSampler samples the tree under the process.
func NewSampler(pid int) (*Sampler, error) { panic("contract") }

// Sample reads the tree now. gone is true when the root process has ended.
func (s *Sampler) Sample() (sample Sample, gone bool) { panic("contract") }

// Host is what the machine is.
type Host struct {
	OS, Kernel, CPU string
	Cores           int
	MemoryBytes     uint64
}

// ReadHost reads it.
func ReadHost() (Host, error) { panic("contract") }
