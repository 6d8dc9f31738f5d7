package main

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// clockFaults set the wall clock in the middle of a load. Only the whole machine's can be
// set (a time namespace has none of its own), so that is done where it is asked for.
// What they would show is held by the engine's tests of its arrival clock, which are
// given a wall clock to set, and by the law that no duration comes of one.
func clockFaults() (all []fault) {
	for _, one := range []struct {
		name, noun string
		by         time.Duration
	}{{"clock: an hour on and back", "clock stepped on", time.Hour}, {"clock: an hour back and on", "clock stepped back", -time.Hour}} {
		all = append(all, fault{name: one.name, noun: one.noun, alone: true, long: true, try: func(r *row) {
			if !r.t.stepClock {
				r.notTried = "sets the whole machine's clock: -step-clock"
				return
			}
			args := append(r.against("well", "-w", "rate", "-q", "500", "-z", "4s", "--plain"), "--fail-if", "failures>0%", "--fail-if", "max>3s")
			r.run(try{args: args, codes: []int{0}, meddle: func(s *started) {
				if !s.after("load", time.Second) {
					return
				}
				if err := stepClock(one.by, time.Second); err != nil {
					r.notTried = "the clock can't be set: " + err.Error()
				}
			}})
		}})
	}
	return all
}

// steppingClock is held while the clock is not what it should be.
var steppingClock sync.Mutex

// stepClock sets the wall clock by so much for so long.
func stepClock(by, lasting time.Duration) error {
	steppingClock.Lock() // who leaves now leaves it wrong
	defer steppingClock.Unlock()
	began := time.Now()
	set := func(to time.Time) error {
		spec := unix.NsecToTimespec(to.UnixNano())
		return unix.ClockSettime(unix.CLOCK_REALTIME, &spec)
	}
	if err := set(began.Add(by)); err != nil {
		return err
	}
	time.Sleep(lasting)
	return set(began.Add(time.Since(began))) // by the monotonic clock, which nothing set
}
