package procs

import (
	"strconv"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// nodeHeap gathers what one process tells of its heap until somebody asks for it.
type nodeHeap struct {
	used, limit figure.Value
	count       figure.Value // of pauses
	seconds     figure.Value
	pauses      []nodePause
	heard       time.Time // last
}

// nodePause is a pause that waits for somebody to ask.
type nodePause struct {
	at     time.Time
	length time.Duration
	kind   string
}

// spokenLately is for how long what was told last still holds: a process reports four
// times a second, if its loop turns.
const spokenLately = 2 * time.Second

const (
	mostHeaps      = 1024 // processes that are followed
	mostNodePauses = 4096 // of one of them, that wait for somebody to ask
)

// nodeKinds are the kinds of collections by the numbers that perf_hooks gives them.
var nodeKinds = map[string]string{"1": measure.PauseYoung, "2": measure.PauseYoung, "4": measure.PauseFull, "8": measure.PauseIncremental, "16": measure.PauseWeak}

// take reads what stands in the script's line after the process's number: bytes used,
// their limit, and, where collections are told, how many there were, their sum in ms,
// and of each kind, age and length in ms.
func (h *nodeHeap) take(fields []string, now time.Time) {
	numbers := make([]float64, 0, 4)
	for _, field := range fields[:min(4, len(fields))] {
		number, ok := positive(field)
		if !ok {
			return
		}
		numbers = append(numbers, number)
	}
	if len(numbers) < 2 || len(numbers) == 3 {
		return
	}
	h.heard = now
	h.used, h.limit = figure.Of(numbers[0]), figure.Value{Value: numbers[1], Known: numbers[1] > 0}
	if len(numbers) < 4 {
		return
	}
	h.count = figure.Of(h.count.Value + numbers[2])
	h.seconds = figure.Of(h.seconds.Value + numbers[3]/1000)
	for _, field := range fields[4:] {
		if pause, ok := readNodePause(field, now); ok && len(h.pauses) < mostNodePauses {
			h.pauses = append(h.pauses, pause)
		}
	}
}

func readNodePause(field string, now time.Time) (pause nodePause, ok bool) {
	parts := strings.Split(field, ":")
	if len(parts) != 3 {
		return pause, false
	}
	age, known := positive(parts[1])
	length, also := positive(parts[2])
	kind, named := nodeKinds[parts[0]]
	if !named {
		kind = measure.PauseCollection
	}
	millisecond := float64(time.Millisecond)
	return nodePause{now.Add(-time.Duration(age * millisecond)), time.Duration(length * millisecond), kind}, known && also
}

// positive reads a number that makes sense as a figure: from 0 to 10^15.
func positive(text string) (float64, bool) {
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil && value >= 0 && value <= 1e15
}

// told is what was gathered, and begins anew.
func (h *nodeHeap) told(node string, over time.Duration, now time.Time) measure.Runtime {
	if h.heard.IsZero() || now.Sub(h.heard) > spokenLately {
		return measure.Runtime{}
	}
	told := measure.Runtime{
		Over: over, Names: []string{"Node " + node}, Processes: 1,
		PauseCount: h.count, PauseSeconds: h.seconds,
		HeapUsedBytes: h.used, HeapLimitBytes: h.limit,
	}
	for _, pause := range h.pauses {
		told.Pauses = append(told.Pauses, measure.Pause{Ago: now.Sub(pause.at), Duration: pause.length, Kind: pause.kind})
	}
	measure.SortPauses(told.Pauses)
	h.pauses = nil
	h.count.Value, h.seconds.Value = 0, 0
	return told
}

// runtime is what all processes told since it was asked for before. It needs the lock.
func (p *eventLoopProbe) runtime(now time.Time) measure.Runtime {
	over := now.Sub(p.asked)
	if p.asked.IsZero() {
		over = 0
	}
	p.asked = now
	var all measure.Runtime
	for _, heap := range p.heaps {
		all = all.Merge(heap.told(p.word.Node, over, now))
	}
	return all
}
