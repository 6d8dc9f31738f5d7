package machine

import (
	"math"
	"strconv"
)

// State says what a check of the machine found.
type State string

// The states of a check.
const (
	OK      State = "ok"
	Note    State = "note"    // good to know: it distorts some measurements, or may
	Warning State = "warning" // it distorts measurements here
	Unknown State = "unknown" // it can't be read
)

// Check is one thing about a machine that matters to a measurement.
type Check struct {
	ID       string   `json:"id"`
	State    State    `json:"state"`
	Title    string   `json:"title"`              // in plain words
	Evidence []string `json:"evidence,omitempty"` // figures
	Fix      []string `json:"mend,omitempty"`     // what to do, commands between backquotes
	Passing  bool     `json:"passing,omitempty"`  // it is so at this moment, and may be over at the next
}

// Need is what a machine must carry.
type Need struct {
	Connections int    // at the same time
	By          string // "8,000 users of -w burst"
	KeptApart   bool   // server and generator are kept to CPUs of their own
}

// Check judges the machine; the checks come in an order of their own, always all of them.
func (m Machine) Check(need Need) []Check {
	return []Check{
		m.checkCores(need), m.checkSiblings(), m.checkClocks(), m.checkHeat(), m.checkBattery(),
		m.checkVirtualization(), m.checkSteal(), m.checkOtherProcesses(),
		m.checkMemory(), m.checkSwap(),
		m.checkDescriptors(need), m.checkPorts(need), m.checkAcceptQueue(), m.checkTracking(need), m.checkTasks(),
		m.checkClockSource(), m.checkWakeups(), m.checkProfiles(),
	}
}

// Warnings are the checks that found something to warn of.
func Warnings(checks []Check) (warnings []Check) {
	for _, check := range checks {
		if check.State == Warning {
			warnings = append(warnings, check)
		}
	}
	return warnings
}

func ok(title string) Check { return Check{State: OK, Title: title} }

func unknown(title string) Check { return Check{State: Unknown, Title: title} }

// rounded writes up to one digit after the point: "1.5", "2".
func rounded(value float64) string { return strconv.FormatFloat(math.Round(value*10)/10, 'f', -1, 64) }
