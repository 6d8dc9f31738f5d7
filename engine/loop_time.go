package engine

import "time"

// LoopTime is what the threads that send and read did with their time, summed over
// them: the event loops of the fast client, or whatever the portable one may use.
type LoopTime struct {
	Wall time.Duration `json:"wall_ns"` // that there was; 0: not known
	// Busy is the part of Wall in which they did not wait for something to do. Threads
	// that were stopped, or had no CPU, while they had something to do are busy, too.
	Busy time.Duration `json:"busy_ns"`

	// Told is the part of Wall for which the system tells the rest; 0: it does not.
	Told   time.Duration `json:"told_ns"`
	OnCPU  time.Duration `json:"on_cpu_ns"`
	Queued time.Duration `json:"queued_ns"` // ready to run, and no CPU was free

	// Absent is by how much they came back too late from waiting, in all, where that
	// was more than absence; how often it was, and the longest. Somebody stopped them,
	// or they had no CPU.
	Absent        time.Duration `json:"absent_ns"`
	Absences      uint64        `json:"absences"`
	LongestAbsent time.Duration `json:"longest_absent_ns"`
}

// absence is how late a loop must come back to count as absent: longer than the kernel
// and Go's runtime keep it on a machine that has a CPU for it.
const absence = 10 * time.Millisecond

func (t *LoopTime) add(other LoopTime) {
	t.Wall += other.Wall
	t.Busy += other.Busy
	t.Told += other.Told
	t.OnCPU += other.OnCPU
	t.Queued += other.Queued
	t.Absent += other.Absent
	t.Absences += other.Absences
	t.LongestAbsent = max(t.LongestAbsent, other.LongestAbsent)
}

// absent counts a turn that came so much too late.
func (t *LoopTime) absent(by time.Duration) {
	t.Absent += by
	t.Absences++
	t.LongestAbsent = max(t.LongestAbsent, by)
}
