package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/profile"
)

// settling is how long a server runs with a profiler, which has begun by then, before it is
// measured.
const settling = time.Second

// profiler takes a profile of a server for a while.
type profiler func(ctx context.Context, child *procs.Child, length time.Duration) error

// stretches measures one server under a load that goes on: a stretch without a profiler,
// one with it, and so on.
func stretches(program program, take profiler) func(plan, func(pair)) error {
	return func(p plan, told func(pair)) error {
		server, err := program.start(p.binary)
		if err != nil {
			return err
		}
		defer server.end()
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		ended := make(chan error, 1)
		sent := 0.0
		go func() {
			whole, err := engine.Run(ctx, engine.Job{Request: traffic.Request{URL: server.url}, Workload: traffic.Load{
				Model: traffic.Rate, Rate: p.rate, Connections: 32, Duration: program.warming + time.Duration(2*p.pairs+2)*(settling+p.length+10*time.Second),
			}}, nil)
			sent = float64(whole.OK) / whole.To.Seconds()
			if ctx.Err() != nil {
				err = nil
			}
			ended <- err
		}()
		time.Sleep(program.warming)
		for i := range p.pairs {
			var one pair
			for turn := range 2 { // who comes first takes turns, too
				if with := turn == i%2; with {
					one.With, err = server.stretch(p, func() error { return take(ctx, server.child, settling+p.length+settling/2) })
				} else {
					one.Without, err = server.stretch(p, nil)
				}
				if err != nil {
					return err
				}
			}
			told(one)
		}
		cancel()
		if err := <-ended; err != nil {
			return fmt.Errorf("the load: %w", err)
		}
		// CPU per request is by the rate that was asked for.
		if sent < 0.98*p.rate {
			return fmt.Errorf("the server answered %.0f of %.0f requests a second: take a lower -rate", sent, p.rate)
		}
		return nil
	}
}

// stretch is the server's CPU per request over a while, in µs, while beside is under way.
func (s *server) stretch(p plan, beside func() error) (float64, error) {
	ended := make(chan error, 1)
	if beside == nil {
		ended <- nil
	} else {
		go func() { ended <- beside() }()
	}
	time.Sleep(settling)
	before, err := cpuOf(s.child.PID())
	if err != nil {
		return 0, err
	}
	began := time.Now()
	time.Sleep(p.length)
	after, err := cpuOf(s.child.PID())
	if err != nil {
		return 0, err
	}
	took := time.Since(began)
	if err := <-ended; err != nil {
		return 0, err
	}
	return (after - before).Seconds() * 1e6 / (p.rate * took.Seconds()), nil
}

// cpuOf is the CPU time of a process, also of its threads that have ended, to the ns.
func cpuOf(pid int) (time.Duration, error) {
	const byScheduler = 2 // of a process's clocks: CPUCLOCK_SCHED
	var spent unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|byScheduler), &spent); err != nil {
		return 0, fmt.Errorf("read the CPU time of process %d: %w", pid, err)
	}
	return time.Duration(spent.Nano()), nil
}

// byClock has the kernel's clock take the profile.
func byClock(hz int) profiler {
	return func(ctx context.Context, child *procs.Child, length time.Duration) error {
		_, err := profile.Take(ctx, profile.Target{Roots: []int{child.PID()}, Duration: length, Hz: hz})
		return err
	}
}

// byServer has the profile taken as benchtui does.
func byServer(ctx context.Context, child *procs.Child, length time.Duration) error {
	taken, err := profile.TakeServer(ctx, profile.Server{Target: profile.Target{Roots: []int{child.PID()}, Duration: length}, Own: true})
	if err == nil && len(taken.Notes) > 0 {
		fmt.Fprintf(os.Stderr, "  by %s; missing: %v\n", taken.Source, taken.Notes)
	}
	return err
}

func byV8(ctx context.Context, child *procs.Child, length time.Duration) error {
	told, err := child.NodeProfile(ctx, length, time.Millisecond)
	if err == nil && (len(told) != 1 || told[0].JSON == nil) {
		return fmt.Errorf("node took no profile: %v", told)
	}
	return err
}
