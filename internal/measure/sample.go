package measure

import (
	"time"

	"github.com/benchtui/benchtui/internal/figure"
)

// Sample is one reading of a process tree, over the time since the one before.
// Of what a reading counts "since", the first says nothing.
type Sample struct {
	Over                       time.Duration `json:"over_ns"` // what the CPU figures are the mean over
	Processes                  int           `json:"processes"`
	ByProcess                  []ProcessRSS  `json:"by_process,omitempty"` // of several, those that hold most memory, the largest first
	CPUPercentOfCore           figure.Value  `json:"cpu_percent_of_core"`  // user and system of the whole tree; 100 is one core busy
	UserPercentOfCore          figure.Value  `json:"user_percent_of_core"`
	SysPercentOfCore           figure.Value  `json:"sys_percent_of_core"`
	CPUTime                    figure.Value  `json:"cpu_time_s"`      // user and system time of the tree since it began, ended children included where the OS tells
	RSSBytes                   figure.Value  `json:"rss_bytes"`       // sum over the tree
	PeakRSSBytes               figure.Value  `json:"peak_rss_bytes"`  // sum of the most that each process of the tree ever held; of several, at least what they held at once
	PSSBytes                   figure.Value  `json:"pss_bytes"`       // the same as RSSBytes, but what n processes share counts 1/n in each; read every 2 s or when RSS changes, and held in between
	HeapRoomBytes              figure.Value  `json:"heap_room_bytes"` // of the runtime of the process that serves: what it takes before it collects anything; unknown where none is known to
	Threads                    figure.Value  `json:"threads"`
	HottestThreadPercentOfCore figure.Value  `json:"hottest_thread_percent_of_core"`
	RunQueueWaitPercent        figure.Value  `json:"run_queue_wait_percent"` // time that threads were ready to run but had no CPU; 100 is one thread waiting all the time
	FileDescriptors            figure.Value  `json:"file_descriptors"`
	ContextSwitches            figure.Value  `json:"context_switches"` // times that a thread was put on a CPU since the sample before
	AcceptQueue                figure.Value  `json:"accept_queue"`     // connections that wait in the listening socket's queue
	AcceptQueueLimit           figure.Value  `json:"accept_queue_limit"`
	Listeners                  int           `json:"listeners,omitempty"`    // sockets that listen on the port; of several the queue is that of the fullest
	DescriptorsOfFullest       figure.Value  `json:"descriptors_of_fullest"` // open files of the process that is nearest to its limit, which follows
	DescriptorLimit            figure.Value  `json:"descriptor_limit"`
	RepliesHeld                figure.Value  `json:"replies_held"` // connections with a piece of a reply that the kernel holds back until the one before is acknowledged; looked for only when asked
	// Of the control groups with a CPU quota that the server is in; missing without one.
	CPUQuotaCores        figure.Value `json:"cpu_quota_cores"`
	QuotaPeriods         figure.Value `json:"quota_periods"`              // since the sample before
	ThrottledPeriods     figure.Value `json:"throttled_periods"`          // those in which the quota was used up
	ThrottledSeconds     figure.Value `json:"throttled_s"`                // for which processes were stopped, of all cores
	HostCPUPercent       []float64    `json:"host_cpu_percent,omitempty"` // by core, 0 to 100
	HostStealPercent     figure.Value `json:"host_steal_percent"`         // of all cores' time, taken by other guests of a virtual machine's host
	HostInterruptPercent figure.Value `json:"host_interrupt_percent"`     // of all cores' time, that interrupts took (softirq among them), which is no process's
	// Read once a second or so, and held in between.
	HostOtherProcesses        []OtherProcess `json:"host_neighbours,omitempty"`    // other processes that use CPU, the busiest first; looked for only when the machine is busier than we and the server make it
	HostMemoryAvailableBytes  figure.Value   `json:"host_memory_available_bytes"`  // without swapping
	HostSwapUsedBytes         figure.Value   `json:"host_swap_used_bytes"`         //
	HostMemoryPressurePercent figure.Value   `json:"host_memory_pressure_percent"` // of the time, in which some process of the machine waited for memory
	// The kernel's counters of the whole network namespace, since the sample before.
	HostListenOverflows figure.Value `json:"host_listen_overflows"`
	HostListenDrops     figure.Value `json:"host_listen_drops"`
	HostSYNRetransmits  figure.Value `json:"host_syn_retransmits"`
}

// ProcessRSS is what one process of a tree holds.
type ProcessRSS struct {
	PID      int          `json:"pid"`
	Name     string       `json:"name"`
	RSSBytes figure.Value `json:"rss_bytes"`
	PSSBytes figure.Value `json:"pss_bytes"` // what it shares with others by parts; held in between as that of the tree
}

// OtherProcess is a process that is neither ours nor the server's, and uses CPU.
type OtherProcess struct {
	Name             string  `json:"name"`
	PID              int     `json:"pid"`
	CPUPercentOfCore float64 `json:"cpu_percent_of_core"`
	Backend          bool    `json:"backend,omitempty"` // the server talks to it: what it does, it does for that
}
