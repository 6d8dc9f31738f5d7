package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
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
			steppedClock(r, one.by)
		}})
	}
	return all
}

// steppedClock loads a server while the clock is another, and holds all that is told of it
// against a load of that length.
func steppedClock(r *row, by time.Duration) {
	const length, rate = 4 * time.Second, 500
	recorded, told := r.path("stepped.btr"), r.path("stepped.json")
	args := append(r.against("well", "-w", "rate", "-q", fmt.Sprint(rate), "-z", length.String(), "--plain"),
		"--record", recorded, "--json", told, "--fail-if", "failures>0%", "--fail-if", "max>3s")
	for i, arg := range args {
		if arg == "--no-record" {
			args = append(args[:i], args[i+1:]...)
			break
		}
	}
	began := time.Now()
	said := r.run(try{args: args, codes: []int{0}, meddle: func(s *started) {
		if !s.after("load", time.Second) {
			return
		}
		if err := stepClock(by, time.Second); err != nil {
			r.notTried = "the clock can't be set: " + err.Error()
		}
	}})
	if r.notTried != "" {
		return
	}
	took := time.Since(began)
	// What is drawn and what is written down has the length of the load, and not an hour.
	if strings.Contains(said, "59 min") || strings.Contains(said, "60 min") || strings.Contains(said, "1 h") || strings.Contains(said, "3600") {
		r.trouble("the text tells of an hour: %.600s", said)
	}
	if count, whole, err := intervalsOf(recorded); err != nil || !whole || math.Abs(float64(count)-length.Seconds()*10) > 5 {
		r.trouble("the recording has %d intervals of the load, gapless %v: %v", count, whole, err)
	}
	if last, rising, err := timesOf(recorded); err != nil || !rising || last > took {
		r.trouble("the events of the recording go to %s of %s, rising %v: %v", last, took, rising, err)
	}
	var result struct {
		Started    time.Time
		Contenders []struct {
			StartupMS float64 `json:"startup_ms"`
			RPS       struct {
				OK    float64
				OverS float64 `json:"over_s"`
			}
			Latency struct {
				OK struct{ P50, Max float64 }
			} `json:"latency_ms"`
		}
	}
	text, err := os.ReadFile(told)
	if err == nil {
		err = json.Unmarshal(text, &result)
	}
	if err != nil || len(result.Contenders) != 1 {
		r.trouble("the result: %d contenders, %v", len(result.Contenders), err)
		return
	}
	one := result.Contenders[0]
	if off := result.Started.Sub(began); off < -time.Second || off > took {
		r.trouble("it says that it started %s after it did", off)
	}
	if one.RPS.OverS < 3.5 || one.RPS.OverS > 5 || one.RPS.OK > 1.2*rate || one.Latency.OK.Max > 3000 || one.Latency.OK.Max < 0 || one.Latency.OK.P50 < 0 || one.StartupMS < 0 || one.StartupMS > 30_000 {
		r.trouble("the result tells of another load: %+v", one)
	}
	for _, args := range [][]string{{"replay", recorded, "--plain"}, {"report", recorded, "--md", "-", "--html", r.path("stepped.html")}} {
		r.run(try{args: args, codes: []int{0}})
	}
}

// Who steps the clock is a process of its own, in a session of its own: whatever becomes
// of this one, it sets the clock right. stepperVariable has this program be it.
const stepperVariable = "TORTURE_STEPS_CLOCK"

// stepClock sets the wall clock by so much for so long. When it returns, the clock is
// right: by the monotonic clock, which nothing sets, or after one more setting.
func stepClock(by, lasting time.Duration) error {
	right := clockOffset()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d,%d", stepperVariable, by, lasting))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	held, err := cmd.StdinPipe() // ends with this process
	if err != nil {
		return err
	}
	defer held.Close()
	out, err := cmd.CombinedOutput()
	if off := clockOffset() - right; off.Abs() > 500*time.Millisecond {
		err = fmt.Errorf("the clock was left %s off: %v", off, setClock(right))
	}
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// stepsClock is the process. It never returns.
func stepsClock(what string) {
	signal.Ignore(syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGPIPE)
	var by, lasting time.Duration
	if _, err := fmt.Sscanf(what, "%d,%d", &by, &lasting); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	left := make(chan struct{})
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		close(left)
	}()
	right := clockOffset()
	stepped := setClock(right + by)
	if stepped == nil {
		select {
		case <-time.After(lasting): // by the monotonic clock
		case <-left:
		}
	}
	err := setClock(right)
	for range 100 {
		if err == nil {
			break
		}
		err = setClock(right)
	}
	if err = errors.Join(stepped, err); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// clockOffset is by how much the wall clock is ahead of the monotonic one. Of several
// looks, the one counts between whose ends the least time went by.
func clockOffset() (offset time.Duration) {
	least := time.Duration(math.MaxInt64)
	for range 20 {
		before := clock(unix.CLOCK_MONOTONIC)
		wall := clock(unix.CLOCK_REALTIME)
		after := clock(unix.CLOCK_MONOTONIC)
		if after-before < least {
			least, offset = after-before, wall-(before+after)/2
		}
	}
	return offset
}

// setClock sets the wall clock, and again where it was off by more than a few
// microseconds: another program came in between. What it returns may be of no more.
func setClock(offset time.Duration) (err error) {
	for range 10 {
		spec := unix.NsecToTimespec(int64(clock(unix.CLOCK_MONOTONIC) + offset))
		if err = unix.ClockSettime(unix.CLOCK_REALTIME, &spec); err != nil {
			return err
		}
		off := clockOffset() - offset
		if off.Abs() < 20*time.Microsecond {
			return nil
		}
		err = fmt.Errorf("set, and %s off", off)
	}
	return err
}

// clock is what one of the system's clocks shows.
func clock(id int32) time.Duration {
	var spec unix.Timespec
	_ = unix.ClockGettime(id, &spec)
	return time.Duration(spec.Nano())
}
