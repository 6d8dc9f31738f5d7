package system

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// CPUSet is CPUs by the numbers that the system has for them, ascending; nil is
// no wish at all.
type CPUSet []int

// mostCPUs is how many CPUs the kernel's masks are read and written for.
const mostCPUs = 1024

// ParseCPUs reads a list as taskset takes it: "0", "0-2,4".
func ParseCPUs(text string) (CPUSet, error) {
	var set CPUSet
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(part), "-")
		from, err := parseCPU(first)
		to := from
		if err == nil && isRange {
			to, err = parseCPU(last)
		}
		if err != nil {
			return nil, fmt.Errorf("%q is no list of CPUs: %w; write it like 0-2,4", text, err)
		}
		if to < from {
			return nil, fmt.Errorf("%q is no list of CPUs: %s goes down; write it like 0-2,4", text, strings.TrimSpace(part))
		}
		for cpu := from; cpu <= to; cpu++ {
			set = append(set, cpu)
		}
	}
	slices.Sort(set)
	return slices.Compact(set), nil
}

func parseCPU(text string) (int, error) {
	if text == "" {
		return 0, errors.New("a number is missing")
	}
	cpu, err := strconv.ParseUint(text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && cpu >= mostCPUs:
		return 0, fmt.Errorf("there is no CPU %s", text)
	case err != nil:
		return 0, fmt.Errorf("%q is no number", text)
	}
	return int(cpu), nil
}

// String writes the set as ParseCPUs reads it, as short as can be.
func (c CPUSet) String() string {
	var parts []string
	for i := 0; i < len(c); {
		end := i
		for end+1 < len(c) && c[end+1] == c[end]+1 {
			end++
		}
		part := strconv.Itoa(c[i])
		if end > i {
			part += "-" + strconv.Itoa(c[end])
		}
		parts = append(parts, part)
		i = end + 1
	}
	return strings.Join(parts, ",")
}

// And is the CPUs that are in both sets.
func (c CPUSet) And(other CPUSet) CPUSet {
	var both CPUSet
	for _, cpu := range c {
		if slices.Contains(other, cpu) {
			both = append(both, cpu)
		}
	}
	return both
}

// Check says what keeps this process from running on the set's CPUs.
func (c CPUSet) Check() error {
	if len(c) == 0 {
		return nil
	}
	present, allowed, err := cpusHere()
	if err != nil {
		return err
	}
	return c.checkAgainst(present, allowed)
}

func (c CPUSet) checkAgainst(present, allowed CPUSet) error {
	for _, cpu := range c {
		if !slices.Contains(present, cpu) {
			return fmt.Errorf("there is no CPU %d; this machine has %s", cpu, present)
		}
		if !slices.Contains(allowed, cpu) {
			return fmt.Errorf("CPU %d is not for this process; it may run on %s (see taskset -p $$, or the container's cpuset)", cpu, allowed)
		}
	}
	return nil
}

// AllowedCPUs are the CPUs that this process may run on now; nil where that can't
// be told.
func AllowedCPUs() CPUSet {
	_, allowed, err := cpusHere()
	if err != nil {
		return nil
	}
	return allowed
}
