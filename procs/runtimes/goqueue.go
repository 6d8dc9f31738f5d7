package runtimes

import (
	"errors"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
)

// goQueue is the run queue of a process in Go: goroutines that are ready to run and wait
// for one of the scheduler's processors. It is read from the process's memory, over and
// over, without stopping it or having it do anything.
type goQueue struct {
	layout *goLayout
	base   func() (uint64, error) // what is added to the file's addresses
	memory func(into []byte, from []memoryPart) error

	based  bool
	added  uint64
	buffer []byte
	failed int    // looks in a row
	lacks  string // why it is not read any more
	sum    float64
	looks  int
	asked  time.Time
}

// memoryPart is a part of a process's memory.
type memoryPart struct {
	address uint64
	size    int
}

const (
	// mostProcessors bounds how many processors are looked at; GOMAXPROCS is the number of
	// CPUs.
	mostProcessors = 4096
	// ownQueue is how many goroutines a processor's own queue holds.
	ownQueue = 256
	// mostWaiting bounds what is believed: each has a stack of 2 kB at least.
	mostWaiting = 10_000_000
	// mostFailed is how many looks in a row may fail: a program that was started a moment
	// ago has no scheduler yet, and one that sets GOMAXPROCS is between two.
	mostFailed = 60
)

var (
	errNotBegun     = errors.New("its scheduler has not begun")
	errNonsense     = errors.New("its memory does not hold what its debug data says")
	errNoPermission = errors.New("no permission to read its memory; run benchtui as its user, or as root")
	errNoReading    = errors.New("this system does not let memory of processes be read")
	errGone         = errors.New("it has ended")
)

// read looks once more.
func (q *goQueue) read() {
	if q == nil || q.lacks != "" {
		return
	}
	waiting, err := q.look()
	switch {
	case err == nil:
		q.failed, q.sum, q.looks = 0, q.sum+float64(waiting), q.looks+1
	case errors.Is(err, errNoPermission), errors.Is(err, errNoReading): // asked again, the system would log that each time
		q.lacks = err.Error()
	case errors.Is(err, errGone):
	default:
		q.based = false // it may have become the same program once more
		if q.failed++; q.failed >= mostFailed {
			q.lacks = err.Error()
		}
	}
}

// look is how many goroutines wait now.
func (q *goQueue) look() (waiting int64, err error) {
	if !q.based {
		if q.added, err = q.base(); err != nil {
			return 0, err
		}
		q.based = true
	}
	const tries = 3
	for range tries {
		if waiting, err = q.lookOnce(); !errors.Is(err, errNonsense) { // else it may have been changed meanwhile
			break
		}
	}
	return waiting, err
}

// lookOnce reads the numbers one after the other, between which the program goes on: what
// does not fit together is errNonsense.
func (q *goQueue) lookOnce() (int64, error) {
	l, word := q.layout, int(q.layout.word)
	data, err := q.parts([]memoryPart{{l.global + q.added, 4}, {l.idle + q.added, 4}, {l.count + q.added, 4}, {l.all + q.added, 2 * word}})
	if err != nil {
		return 0, err
	}
	number := func() int64 {
		n := int32(l.order.Uint32(data))
		data = data[4:]
		return int64(n)
	}
	address := func() uint64 {
		a := addressIn(data[:word], l.order)
		data = data[word:]
		return a
	}
	waiting, idle, count := number(), number(), number()
	array, length := address(), address()
	switch {
	case length == 0 && count == 0:
		return 0, errNotBegun
	case length != uint64(count), count > mostProcessors, idle < 0, idle > count, waiting < 0, waiting > mostWaiting, !q.sound(array):
		return 0, errNonsense
	}
	if data, err = q.parts([]memoryPart{{array, int(count) * word}}); err != nil {
		return 0, err
	}
	from := make([]memoryPart, 0, 3*count)
	for range count {
		one := address()
		if !q.sound(one) {
			return 0, errNonsense
		}
		from = append(from, memoryPart{one + l.head, 4}, memoryPart{one + l.tail, 4}, memoryPart{one + l.next, word})
	}
	if data, err = q.parts(from); err != nil {
		return 0, err
	}
	for range count {
		head, tail := uint32(number()), uint32(number())
		own := tail - head // they count on for good, and around
		if own > ownQueue {
			return 0, errNonsense
		}
		waiting += int64(own)
		if address() != 0 {
			waiting++
		}
	}
	return waiting, nil
}

// sound says that an address may be one of the program's data.
func (q *goQueue) sound(address uint64) bool {
	const firstPage = 4096
	return address >= firstPage && address%q.layout.word == 0
}

// parts reads parts of the memory, one behind the other.
func (q *goQueue) parts(from []memoryPart) ([]byte, error) {
	size := 0
	for _, one := range from {
		size += one.size
	}
	if cap(q.buffer) < size {
		q.buffer = make([]byte, size)
	}
	return q.buffer[:size], q.memory(q.buffer[:size], from)
}

// told adds what was seen since the call before.
func (q *goQueue) told(to *measure.Runtime, now time.Time) {
	if q == nil {
		return
	}
	to.RunQueueLacks = q.lacks
	if q.looks > 0 {
		to.RunQueue = figure.Of(q.sum / float64(q.looks))
		to.Names = []string{Go}
		to.Over = now.Sub(q.asked)
	}
	q.sum, q.looks, q.asked = 0, 0, now
}
