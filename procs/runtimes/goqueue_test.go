package runtimes

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// fakeMemory is what a program has in its memory, by address.
type fakeMemory map[uint64][]byte

func (m fakeMemory) read(into []byte, from []memoryPart) error {
	for _, one := range from {
		held, ok := m[one.address]
		if !ok || len(held) != one.size {
			return errNonsense
		}
		into = into[copy(into, held):]
	}
	return nil
}

func numbers(values ...uint32) (text []byte) {
	for _, value := range values {
		text = binary.LittleEndian.AppendUint32(text, value)
	}
	return text
}

func addresses(values ...uint64) (text []byte) {
	for _, value := range values {
		text = binary.LittleEndian.AppendUint64(text, value)
	}
	return text
}

// queueOf is the run queue of a program that lies by 0x10000 above where its file says.
func queueOf(memory fakeMemory) *goQueue {
	return &goQueue{
		layout: &goLayout{order: binary.LittleEndian, word: 8, global: 0x1000, idle: 0x1010, count: 0x1020, all: 0x1030, head: 0x10, tail: 0x14, next: 0x20},
		base:   func() (uint64, error) { return 0x10000, nil },
		memory: memory.read,
	}
}

// twoProcessors have 7 goroutines in their common queue, 5 and 3 in their own, the second's
// counters have gone around, and the first has one that comes next.
func twoProcessors() fakeMemory {
	return fakeMemory{
		0x11000: numbers(7), 0x11010: numbers(0), 0x11020: numbers(2), 0x11030: addresses(0xc000000000, 2), 0xc000000000: addresses(0xc000010000, 0xc000020000),
		0xc000010010: numbers(100), 0xc000010014: numbers(105), 0xc000010020: addresses(0xc000001000),
		0xc000020010: numbers(1<<32 - 2), 0xc000020014: numbers(1), 0xc000020020: addresses(0),
	}
}

func TestRunQueueIsThatOfAllProcessors(t *testing.T) {
	memory := twoProcessors()
	queue := queueOf(memory)
	queue.asked = time.Now()
	queue.read()
	memory[0x11000] = numbers(9)
	queue.read()
	var told measure.Runtime
	queue.told(&told, queue.asked.Add(time.Second))
	if told.RunQueue != figure.Of(17) || told.RunQueueLacks != "" || told.Over != time.Second || !told.Told() || told.Processes != 0 {
		t.Errorf("told %+v", told)
	}
	told = measure.Runtime{}
	if queue.told(&told, time.Now()); told.RunQueue.Known || told.Told() {
		t.Errorf("told twice: %+v", told)
	}
}

// Nothing that can't be is believed: it makes the figure missing, not wrong.
func TestNonsenseInMemoryIsNoRunQueue(t *testing.T) {
	many := make([]uint64, mostProcessors+1)
	for name, change := range map[string]func(fakeMemory){
		"fewer than nobody waits":  func(m fakeMemory) { m[0x11000] = numbers(1<<32 - 1) },
		"more than there can be":   func(m fakeMemory) { m[0x11000] = numbers(mostWaiting + 1) },
		"more idle than there are": func(m fakeMemory) { m[0x11010] = numbers(3) },
		"fewer than none idle":     func(m fakeMemory) { m[0x11010] = numbers(1 << 31) },
		"not as many as it says":   func(m fakeMemory) { m[0x11020] = numbers(3) },
		"a number below zero":      func(m fakeMemory) { m[0x11020], m[0x11030] = numbers(1<<32-1), addresses(0xc000000000, 1<<64-1) },
		"more processors than there are": func(m fakeMemory) {
			m[0x11020], m[0x11030] = numbers(mostProcessors+1), addresses(0xc000000000, mostProcessors+1)
			m[0xc000000000] = addresses(many...)
		},
		"a slice of nothing":            func(m fakeMemory) { m[0x11030] = addresses(0, 2) },
		"nothing where it leads":        func(m fakeMemory) { m[0x11030] = addresses(0xd000000000, 2) },
		"a processor that is none":      func(m fakeMemory) { m[0xc000000000] = addresses(0xc000010000, 0) },
		"a processor at an odd address": func(m fakeMemory) { m[0xc000000000] = addresses(0xc000010000, 0xc000020001) },
		"more than a queue holds":       func(m fakeMemory) { m[0xc000010014] = numbers(100 + ownQueue + 1) },
		"its end before its beginning":  func(m fakeMemory) { m[0xc000010014] = numbers(99) },
		"no scheduler yet":              func(m fakeMemory) { m[0x11020], m[0x11030] = numbers(0), addresses(0, 0) },
		"another program in its place":  func(m fakeMemory) { clear(m) },
	} {
		memory := twoProcessors()
		change(memory)
		queue := queueOf(memory)
		for range mostFailed {
			if queue.lacks != "" {
				t.Errorf("%s: given up early: %s", name, queue.lacks)
			}
			queue.read()
		}
		var told measure.Runtime
		if queue.told(&told, time.Now()); told.RunQueue.Known || told.RunQueueLacks == "" {
			t.Errorf("%s: told %+v", name, told)
		}
	}
}

// A program that becomes itself once more lies elsewhere.
func TestRunQueueIsFoundAgain(t *testing.T) {
	memory := twoProcessors()
	queue := queueOf(memory)
	based := 0
	queue.base = func() (uint64, error) {
		based++
		return map[bool]uint64{true: 0x50000, false: 0x10000}[based == 1], nil
	}
	queue.read()
	queue.read()
	var told measure.Runtime
	if queue.told(&told, time.Now()); told.RunQueue != figure.Of(16) || told.RunQueueLacks != "" || based != 2 {
		t.Errorf("told %+v, looked %d times", told, based)
	}
}

// Who may not look does not try again: systems log that.
func TestRefusedRunQueueIsAskedForOnce(t *testing.T) {
	for _, refusal := range []error{errNoPermission, fmt.Errorf("wrapped: %w", errNoReading)} {
		asked := 0
		queue := queueOf(nil)
		queue.memory = func([]byte, []memoryPart) error { asked++; return refusal }
		for range 5 {
			queue.read()
		}
		if queue.lacks != refusal.Error() || asked != 1 {
			t.Errorf("%v: %q, asked %d times", refusal, queue.lacks, asked)
		}
	}
	queue := queueOf(nil)
	queue.base = func() (uint64, error) { return 0, errGone }
	for range 2 * mostFailed {
		queue.read()
	}
	if queue.lacks != "" {
		t.Errorf("that it has ended is told as %q", queue.lacks)
	}
}
