package measure

import "time"

// LoopTime is what the threads that send and read did with their time, summed over
// them: the event loops of the fast client, or whatever the portable one may use.
type LoopTime struct {
	Wall time.Duration `json:"wall_ns"` // that there was; 0: not known
	// Busy is the part of Wall in which they did not wait for something to do.
	Busy time.Duration `json:"busy_ns"`

	// Told is the part of Wall for which the system tells the rest; 0: it does not.
	Told   time.Duration `json:"told_ns"`
	OnCPU  time.Duration `json:"on_cpu_ns"`
	Queued time.Duration `json:"queued_ns"` // ready to run, and no CPU was free

	// Stopped is by how much they came back too late from waiting, in all, where that
	// was more than absence and not for want of a CPU: somebody stopped the process, or
	// its whole machine. Stops says how often that was.
	Stopped     time.Duration `json:"stopped_ns"`
	Stops       uint64        `json:"stops"`
	LongestStop time.Duration `json:"longest_stop_ns"`
}

// Add adds the time of other threads, or of another stretch.
func (t *LoopTime) Add(other LoopTime) {
	t.Wall += other.Wall
	t.Busy += other.Busy
	t.Told += other.Told
	t.OnCPU += other.OnCPU
	t.Queued += other.Queued
	t.Stopped += other.Stopped
	t.Stops += other.Stops
	t.LongestStop = max(t.LongestStop, other.LongestStop)
}

// Stop counts a turn that came so much too late.
func (t *LoopTime) Stop(by time.Duration) {
	t.Stopped += by
	t.Stops++
	t.LongestStop = max(t.LongestStop, by)
}
