package engine

import (
	"fmt"
	"math"
	"strings"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/traffic"
)

// Check says whether this machine can carry the job, and why not: bad figures
// (a rate of 0), or more connections than file descriptors. It raises this
// process's descriptor limit to the hard limit.
func Check(job Job) error {
	if _, err := prepare(job.Request); err != nil {
		return err
	}
	if s := job.Checks.Status; s != 0 && (s < 100 || s > 999) {
		return field.Errorf("expect-status", "%d is no HTTP status; pass 100 to 999, or 0 for any below 400", s)
	}
	w := job.Workload
	if w.Timeout < 0 {
		return field.Errorf("timeout", "%s: a time can't be negative", w.Timeout)
	}
	var open int
	switch w.Model {
	case traffic.Users:
		open = w.Users
		switch {
		case w.Users < 1:
			return field.Errorf("users", "%d: at least one user must arrive", w.Users)
		case w.Repeat < 1:
			return field.Errorf("repeat", "%d: a user sends at least one request", w.Repeat)
		case w.RampOver < 0:
			return field.Errorf("ramp", "%s: a time can't be negative; 0 lets all users arrive at once", w.RampOver)
		}
	case traffic.Closed, traffic.Rate, traffic.Ramp:
		open = w.Connections
		switch {
		case w.Connections < 1:
			return field.Errorf("connections", "%d: at least one is needed", w.Connections)
		case w.Duration < 0:
			return field.Errorf("duration", "%s: a time can't be negative", w.Duration)
		case w.Duration == 0 && (w.Requests == 0 || w.Model == traffic.Ramp):
			return field.Errorf("duration", "0s: say how long requests are sent, such as -z 10s")
		}
		if w.Model != traffic.Closed {
			if err := checkRate(w); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("there is no load model %q", w.Model)
	}
	if open > maxOpen {
		return field.Errorf(strings.TrimPrefix(flagOf(w.Model), "--"), "%d: at most %d connections are open at once", open, maxOpen)
	}
	if limit := raiseDescriptors(); limit > 0 && uint64(open)+ownDescriptors > limit {
		return fmt.Errorf("%d connections do not fit under this process's limit of %d file descriptors; raise it (ulimit -n %d) or ask for fewer with %s",
			open, limit, open+ownDescriptors, flagOf(w.Model))
	}
	return nil
}

// maxOpen is how many connections a load may have open at once where the system does not
// say how many it gives, as Windows does not: each takes some kB of ours.
const maxOpen = 1_000_000

func flagOf(model traffic.Model) string {
	if model == traffic.Users {
		return "--users"
	}
	return "--connections"
}

// maxRate is the highest rate that a schedule in ns can tell apart.
const maxRate = 1e8

func checkRate(w traffic.Load) error {
	good := func(rate float64) bool { return rate > 0 && rate <= maxRate && !math.IsNaN(rate) }
	switch {
	case w.Model == traffic.Rate && !good(w.Rate):
		return field.Errorf("rate", "%g: pass a number of requests per second above 0, such as -q 1000", w.Rate)
	case w.Model == traffic.Ramp && !good(w.Rate):
		return field.Errorf("from", "%g: pass a number of requests per second above 0", w.Rate)
	case w.Model == traffic.Ramp && !good(w.RateTo):
		return field.Errorf("to", "%g: pass a number of requests per second above 0", w.RateTo)
	}
	return nil
}
