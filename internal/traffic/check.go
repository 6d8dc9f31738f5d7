package traffic

import (
	"fmt"
	"math"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/flagname"
)

const (
	// MaxRate is the highest rate that a schedule in ns can tell apart.
	MaxRate = 1e8
	// MaxOpen is how many connections a load may have open at once where the system does
	// not say how many it gives, as Windows does not: each takes some kB of ours.
	MaxOpen = 1_000_000
)

// figuresOf are the figures that the loads of a model are made of.
var figuresOf = map[Model][]string{
	Users:  {"timeout", "users", "repeat", "ramp"},
	Closed: {"timeout", "connections", "duration"},
	Rate:   {"timeout", "connections", "duration", "rate"},
	Ramp:   {"timeout", "connections", "duration", "from", "to"},
}

// Check says what is wrong with the load, whatever machine is to send it.
func (l Load) Check() error {
	figures, known := figuresOf[l.Model]
	if !known {
		return fmt.Errorf("there is no load model %q", l.Model)
	}
	for _, name := range figures {
		if err := l.Wrong(name); err != nil {
			return err
		}
	}
	return nil
}

// Wrong says what is wrong with one figure of the load, by the name that people know it
// by; nil: nothing.
func (l Load) Wrong(name string) error {
	switch name {
	case "timeout":
		if l.Timeout < 0 {
			return field.Errorf(name, "%s: a time can't be negative", l.Timeout)
		}
	case "users":
		if l.Users < 1 {
			return field.Errorf(name, "%d: at least one user must arrive", l.Users)
		}
		return tooMany(name, l.Users)
	case "repeat":
		if l.Repeat < 1 {
			return field.Errorf(name, "%d: a user sends at least one request", l.Repeat)
		}
	case "ramp":
		if l.RampOver < 0 {
			return field.Errorf(name, "%s: a time can't be negative; 0 lets all users arrive at once", l.RampOver)
		}
	case "connections":
		if l.Connections < 1 {
			return field.Errorf(name, "%d: at least one is needed", l.Connections)
		}
		return tooMany(name, l.Connections)
	case "duration":
		switch {
		case l.Duration < 0:
			return field.Errorf(name, "%s: a time can't be negative", l.Duration)
		case l.Duration == 0 && (l.Requests == 0 || l.Model == Ramp):
			return field.Errorf(name, "0s: say how long requests are sent, such as "+flagname.ShortDuration+" 10s")
		}
	case "rate":
		return wrongRate(name, l.Rate, ", such as "+flagname.ShortRate+" 1000")
	case "from":
		return wrongRate(name, l.Rate, "")
	case "to":
		return wrongRate(name, l.RateTo, "")
	}
	return nil
}

func tooMany(name string, open int) error {
	if open > MaxOpen {
		return field.Errorf(name, "%d: at most %d connections are open at once", open, MaxOpen)
	}
	return nil
}

func wrongRate(name string, rate float64, example string) error {
	switch {
	case !(rate > 0) || math.IsInf(rate, 1): // NaN, too
		return field.Errorf(name, "%g: pass a number of requests per second above 0%s", rate, example)
	case rate > MaxRate:
		return field.Errorf(name, "%g: at most %.0f requests per second can be told apart", rate, float64(MaxRate))
	}
	return nil
}
