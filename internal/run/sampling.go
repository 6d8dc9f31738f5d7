package run

import (
	"context"
	"fmt"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs/sample"
)

// leastWindow is the shortest time over which a CPU percentage says something.
const leastWindow = 100 * time.Millisecond

// sampling reads a server's process tree four times a second, and when asked.
// A nil sampling does nothing: the processes of a --url without --pid are not ours to read.
type sampling struct {
	sampler *sample.Sampler
	ask     chan chan struct{}
	cancel  context.CancelFunc
	done    chan struct{}
}

// sample begins the sampling of the tree under pid.
func (r *Run) sample(s *server, pid int, t *tally) {
	sampler, err := sample.NewSampler(pid)
	if err != nil {
		r.stream.emit(s.id, stream.Notice{Text: fmt.Sprintf("CPU and memory of process %d can't be read: %v", pid, err)})
		return
	}
	if s.port != 0 {
		sampler.WatchPort(s.port)
	}
	loop, telling := r.eventLoop(s), newTelling(s, r.plan, &r.programs)
	ctx, cancel := context.WithCancel(context.Background())
	s.sampling = &sampling{sampler: sampler, ask: make(chan chan struct{}), cancel: cancel, done: make(chan struct{})}
	read := func(sample func() (measure.Sample, bool)) {
		sampler.WatchReplies(t.suspectsDelays())
		reading, gone := sample()
		if gone { // another process may serve in its place
			if s.child != nil && !s.crashed() && s.phase() != stream.PhaseStart && s.phase() != stream.PhaseStop {
				r.follow(s, t)
			}
			return
		}
		phase, into := s.into()
		t.process(phase, reading)
		if reading.Over >= leastWindow {
			r.stream.emit(s.id, stream.ProcessSample{Phase: phase, Into: into, Sample: reading})
		}
		for _, heard := range loop.hear(phase, into) {
			t.eventLoop(heard)
			r.stream.emit(s.id, heard)
		}
		if told := telling.since(phase, sampler.PIDs(), loop); telling.changed(told) || told.Told() {
			heard := stream.RuntimeSample{Phase: phase, Into: into, Runtime: told}
			t.runtime(heard)
			r.stream.emit(s.id, heard)
		}
		for _, lack := range telling.news() {
			r.stream.emit(s.id, stream.Notice{Text: s.id + ": no figures of its runtime: " + lack})
		}
		if why := loop.why(phase, into); why != "" {
			t.noEventLoop(why)
			r.stream.emit(s.id, stream.Notice{Text: s.id + ": no event-loop figures: " + why + "; the hottest thread and the accept queue show it from outside"})
		}
	}
	crash.Go(func() {
		defer telling.stop()
		s.sampling.loop(ctx, read)
	})
}

func (s *sampling) loop(ctx context.Context, read func(func() (measure.Sample, bool))) {
	defer close(s.done)
	tick := time.NewTicker(measure.SampleInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			read(s.sampler.Sample)
		case asked := <-s.ask: // between loads, where a reading may take its time
			read(s.sampler.SampleWhole)
			tick.Reset(measure.SampleInterval)
			close(asked)
		}
	}
}

// now takes a reading and returns when it is taken.
func (s *sampling) now() {
	if s == nil {
		return
	}
	asked := make(chan struct{})
	select {
	case s.ask <- asked:
		<-asked
	case <-s.done:
	}
}

// stop ends the sampling and waits for its end.
func (s *sampling) stop() {
	if s == nil {
		return
	}
	s.cancel()
	<-s.done
}
