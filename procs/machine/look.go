package machine

import (
	"context"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/procs/sample"
	"github.com/benchtui/benchtui/procs/system"
)

// look sees what happens on the machine for a time, as long as ctx lasts.
func look(ctx context.Context, files fs.FS, over time.Duration) Look {
	ctx, cancel := context.WithTimeout(ctx, 2*over)
	defer cancel()
	var times sample.HostTimes
	var others sample.OtherProcesses
	times.Since(nil)
	began := time.Now()
	others.Since(began, os.Getpid())
	swapped, stalled := swappedPages(files), memoryStalled()
	slowed := throttled(files)
	own := system.OwnCPUSeconds()

	late := make(chan []time.Duration, 1)
	crash.Go(func() { late <- timeWakeups(ctx, over/2) })
	select {
	case <-time.After(over):
	case <-ctx.Done():
		return Look{}
	}

	seen := Look{Over: time.Since(began)}
	cores, steal, interrupts := times.Since(nil)
	if len(cores) > 0 {
		busy := -100 * (system.OwnCPUSeconds() - own) / seen.Over.Seconds()
		for _, percent := range cores {
			busy += percent
		}
		busy -= (steal.Value + interrupts.Value) * float64(len(cores))
		seen.CPUPercentOfCore = figure.Of(max(0, busy))
	}
	seen.StealPercent = steal
	seen.OtherProcesses = others.Since(time.Now(), os.Getpid())
	seen.SwappedPages = grown(swapped, swappedPages(files))
	if stall := grown(stalled, memoryStalled()); stall.Known {
		seen.MemoryPressurePercent = figure.Of(min(100, stall.Value/1e4/seen.Over.Seconds()))
	}
	seen.Throttled = grown(slowed, throttled(files))
	if wakeups := <-late; len(wakeups) > 0 {
		slices.Sort(wakeups)
		seen.Wakeups = len(wakeups)
		seen.WakeupLateP50 = wakeups[len(wakeups)/2]
		seen.WakeupLateP99 = wakeups[len(wakeups)*99/100]
	}
	return seen
}

// grown is how far a counter went.
func grown(from, to figure.Value) figure.Value {
	if !from.Known || !to.Known {
		return figure.Value{}
	}
	return figure.Of(max(0, to.Value-from.Value))
}

func memoryStalled() figure.Value {
	if stall, ok := system.MemoryStall(); ok {
		return figure.Of(stall)
	}
	return figure.Value{}
}

// swappedPages counts those that went out to swap and came back, since the machine began.
func swappedPages(files fs.FS) figure.Value {
	var sum figure.Value
	for line := range strings.Lines(textOf(files, "proc/vmstat")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name == "pswpin" || name == "pswpout" {
			sum = figure.Of(sum.Value + figureOf(value).Value)
		}
	}
	return sum
}

// timeWakeups sleeps a millisecond over and over, as a load generator does, and
// tells how late each sleep ended.
func timeWakeups(ctx context.Context, over time.Duration) (late []time.Duration) {
	const nap = time.Millisecond
	for end := time.Now().Add(over); time.Now().Before(end) && ctx.Err() == nil; {
		began := time.Now()
		napExactly(nap)
		late = append(late, max(0, time.Since(began)-nap))
	}
	return late
}
