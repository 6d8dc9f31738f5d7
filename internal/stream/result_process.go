package stream

// Given is what a server was started with on purpose, by its manifest or its command
// line. All else it had from the person's shell, as every other contender.
type Given struct {
	Command []string          `json:"command"`
	Env     map[string]string `json:"env,omitempty"`    // beside the person's own
	Ulimit  map[string]string `json:"ulimit,omitempty"` // by the names of limits.conf(5)
}

// StartersFigures says whether the contender's CPU and memory are not the server's, but
// those of what started it.
func (r ContenderResult) StartersFigures() bool { return r.Process != nil && r.Process.StarterOnly }

// StartersRule says in words what the sign of such figures means.
const StartersRule = "° CPU and memory are those of what started the server, not the server's"

// TreeResult is what the server's processes did under the load, beside what ProcessResult tells.
type TreeResult struct {
	ProcessesMax            float64      `json:"processes_max"`
	CPUUserPercentMean      *float64     `json:"cpu_user_percent_mean"` // of one core
	CPUSystemPercentMean    *float64     `json:"cpu_system_percent_mean"`
	RunQueueWaitPercentMean *float64     `json:"run_queue_wait_percent_mean"` // time that threads were ready and had no CPU; 100 is one thread waiting all the time
	FileDescriptorsMax      *float64     `json:"file_descriptors_max"`
	ContextSwitchesPerS     *float64     `json:"context_switches_per_s"`
	RSSMBByProcess          []ProcessRSS `json:"rss_mb_by_process,omitempty"` // of several, when all together held most
}

// ProcessRSS is what one process held.
type ProcessRSS struct {
	PID   int      `json:"pid"`
	Name  string   `json:"name"`
	RSSMB *float64 `json:"rss_mb"`
	PSSMB *float64 `json:"pss_mb,omitempty"` // what it shares by parts
}

// MachineResult is what the whole machine did while the load ran, whoever caused it.
type MachineResult struct {
	CPUPercentByCoreMean     []float64 `json:"cpu_percent_by_core_mean"` // 0 to 100
	StealPercentMean         *float64  `json:"steal_percent_mean"`       // of all cores' time
	ListenOverflows          *float64  `json:"listen_overflows"`         // connections that found an accept queue full
	ListenDrops              *float64  `json:"listen_drops"`             // those, and what else was dropped on its way into one
	SYNRetransmits           *float64  `json:"syn_retransmits"`          // connections asked for again, for want of an answer
	MemoryAvailableMBMin     *float64  `json:"memory_available_mb_min"`
	MemoryPressurePercentMax *float64  `json:"memory_pressure_percent_max"` // of the time, in which some process waited for memory
	BusyOtherProcesses       []string  `json:"busy_neighbours,omitempty"`   // other processes that used CPU, by name
}
