package profile

import (
	"slices"
	"strings"
	"time"
)

// Profile is where a server's processes spent their CPU time for a while.
type Profile struct {
	Source    string        // the profiler: "perf_event_open", "node:inspector", "JFR", "py-spy"
	Start     time.Duration // when it began, since the start of the load
	Duration  time.Duration // for how long it was taken, of wall time
	Period    time.Duration // between two samples of a thread that runs; 0: unknown
	Processes []Process
	Threads   []Thread
	Frames    []Frame
	Samples   []Sample
	Lost      int    // samples that were taken and could not be kept
	Notes     []Note // what could not be had
}

// Process is one of the server's.
type Process struct {
	PID  int
	Name string
}

// Thread is one of a process's. Where a runtime's own profiler sees a single one, as in
// Node, that is it.
type Thread struct {
	PID, ID int
	Name    string
	Loop    bool // it runs an event loop
}

// Sample is a stack and how long it was seen.
type Sample struct {
	Stack  []int // indices into Frames, the leaf first
	Thread int   // index into Threads; -1: unknown
	Count  int   // how often it was seen
	Weight time.Duration
}

// Note is something that a profile lacks, and what to do to have it next time.
type Note struct {
	Lacks string // "the names of functions: ./server is stripped"
	Fix   string // the one command or setting that mends it; "" if there is none
}

// Total is the CPU time of all samples.
func (p *Profile) Total() time.Duration {
	var total time.Duration
	for _, sample := range p.Samples {
		total += sample.Weight
	}
	return total
}

// Count is how many samples were taken.
func (p *Profile) Count() int {
	count := 0
	for _, sample := range p.Samples {
		count += sample.Count
	}
	return count
}

// OfThreads is the part of a profile that some of its threads spent, such as its event
// loops: func(t Thread) bool { return t.Loop }.
func (p *Profile) OfThreads(wanted func(Thread) bool) *Profile {
	part := *p
	part.Samples = nil
	for _, sample := range p.Samples {
		if sample.Thread >= 0 && wanted(p.Threads[sample.Thread]) {
			part.Samples = append(part.Samples, sample)
		}
	}
	return &part
}

// Merge is one profile of several that were taken at the same time, of different
// processes or by different profilers. It lasted as long as the longest of them.
func Merge(profiles ...*Profile) *Profile {
	var build Builder
	var merged Profile
	var sources []string
	profiles = slices.DeleteFunc(slices.Clone(profiles), func(p *Profile) bool { return p == nil })
	for i, one := range profiles {
		if i == 0 {
			merged.Start, merged.Period = one.Start, one.Period
		}
		if merged.Period != one.Period {
			merged.Period = 0
		}
		if !slices.Contains(sources, one.Source) {
			sources = append(sources, one.Source)
		}
		merged.Start = min(merged.Start, one.Start)
		merged.Duration = max(merged.Duration, one.Duration)
		merged.Lost += one.Lost
		for _, process := range one.Processes {
			build.Process(process)
		}
		for _, note := range one.Notes {
			build.Note(note)
		}
		threads := make([]int, len(one.Threads))
		for i, thread := range one.Threads {
			threads[i] = build.Thread(thread)
		}
		frames := make([]int, len(one.Frames))
		for i, frame := range one.Frames {
			frames[i] = build.Frame(frame)
		}
		stack := make([]int, 0, 64)
		for _, sample := range one.Samples {
			stack = stack[:0]
			for _, frame := range sample.Stack {
				stack = append(stack, frames[frame])
			}
			thread := -1
			if sample.Thread >= 0 {
				thread = threads[sample.Thread]
			}
			build.Add(Sample{Stack: stack, Thread: thread, Count: sample.Count, Weight: sample.Weight})
		}
	}
	merged.Source = strings.Join(sources, ", ")
	return build.Profile(merged)
}

// Builder makes a profile: it keeps every process, thread, frame and stack once. The zero
// value is empty.
type Builder struct {
	profile   Profile
	processes map[Process]bool
	threads   map[Thread]int
	frames    map[Frame]int
	stacks    map[string]int
	key       []byte
}

// Process notes a process that the profile is of.
func (b *Builder) Process(process Process) {
	if b.processes == nil {
		b.processes = map[Process]bool{}
	}
	if !b.processes[process] {
		b.processes[process] = true
		b.profile.Processes = append(b.profile.Processes, process)
	}
}

// Thread is the index of a thread.
func (b *Builder) Thread(thread Thread) int { return indexOf(thread, &b.profile.Threads, &b.threads) }

// Frame is the index of a frame.
func (b *Builder) Frame(frame Frame) int { return indexOf(frame, &b.profile.Frames, &b.frames) }

// indexOf is where one stands among all, to which it is added if it is new.
func indexOf[T comparable](one T, all *[]T, places *map[T]int) int {
	if *places == nil {
		*places = map[T]int{}
	}
	index, known := (*places)[one]
	if !known {
		index = len(*all)
		(*places)[one] = index
		*all = append(*all, one)
	}
	return index
}

// Note tells of something that is missing, once.
func (b *Builder) Note(note Note) {
	if !slices.Contains(b.profile.Notes, note) {
		b.profile.Notes = append(b.profile.Notes, note)
	}
}

// Add adds a sample; one of the same stack and thread is added to what is there. The
// stack is copied.
func (b *Builder) Add(sample Sample) {
	if b.stacks == nil {
		b.stacks = map[string]int{}
	}
	b.key = appendInt(b.key[:0], sample.Thread)
	for _, frame := range sample.Stack {
		b.key = appendInt(b.key, frame)
	}
	if at, known := b.stacks[string(b.key)]; known {
		b.profile.Samples[at].Count += sample.Count
		b.profile.Samples[at].Weight += sample.Weight
		return
	}
	b.stacks[string(b.key)] = len(b.profile.Samples)
	sample.Stack = slices.Clone(sample.Stack)
	b.profile.Samples = append(b.profile.Samples, sample)
}

func appendInt(key []byte, value int) []byte {
	return append(key, byte(value), byte(value>>8), byte(value>>16), byte(value>>24))
}

// Profile is what was built, with the source, the times and the count of what was lost
// from about.
func (b *Builder) Profile(about Profile) *Profile {
	about.Processes, about.Threads, about.Frames = b.profile.Processes, b.profile.Threads, b.profile.Frames
	about.Samples, about.Notes = b.profile.Samples, b.profile.Notes
	return &about
}
