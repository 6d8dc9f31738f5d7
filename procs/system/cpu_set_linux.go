package system

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// cpusHere are the CPUs that the machine has switched on, and those of them that
// this process may run on.
func cpusHere() (present, allowed CPUSet, err error) {
	if allowed, err = Affinity(0); err != nil {
		return nil, nil, fmt.Errorf("read which CPUs this process may run on: %w", err)
	}
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return allowed, allowed, nil
	}
	if present, err = ParseCPUs(strings.TrimSpace(string(text))); err != nil {
		return allowed, allowed, nil
	}
	return present, allowed, nil
}

// Affinity is the CPUs that a thread may run on; 0 is the calling one.
func Affinity(thread int) (CPUSet, error) {
	var mask unix.CPUSet
	if err := unix.SchedGetaffinity(thread, &mask); err != nil {
		return nil, err
	}
	var set CPUSet
	for cpu := range mostCPUs {
		if mask.IsSet(cpu) {
			set = append(set, cpu)
		}
	}
	return set, nil
}

func setAffinity(thread int, set CPUSet) error {
	var mask unix.CPUSet
	for _, cpu := range set {
		mask.Set(cpu)
	}
	return unix.SchedSetaffinity(thread, &mask)
}

// KeepTo has all threads of this process, and those to come, run on the CPUs of
// the set only, until release lets them run where they could before. Children
// started meanwhile are kept to it too, unless their Command names their CPUs.
// An empty set changes nothing.
func KeepTo(set CPUSet) (release func(), err error) {
	if len(set) == 0 {
		return func() {}, nil
	}
	before, err := Affinity(os.Getpid())
	if err == nil {
		err = keepThreads(set)
	}
	if err != nil {
		if before != nil {
			_ = keepThreads(before)
		}
		return nil, fmt.Errorf("keep this process to CPU %s: %w", set, err)
	}
	return func() { _ = keepThreads(before) }, nil
}

// keepThreads looks again until it finds no new thread: one that another began
// before its own turn came has that one's old CPUs.
func keepThreads(set CPUSet) error {
	files := NewFiles()
	done := map[int]bool{}
	for grown := true; grown; {
		grown = false
		directory, err := unix.Open("/proc/self/task", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return err
		}
		threads := files.Numbers(directory)
		unix.Close(directory)
		for _, thread := range threads {
			if done[thread] {
				continue
			}
			if err := setAffinity(thread, set); err != nil && !errors.Is(err, unix.ESRCH) {
				return err
			}
			done[thread], grown = true, true
		}
	}
	return nil
}

// StartOn starts something from a thread that may run on the set's CPUs alone:
// what it starts inherits them, before its first instruction. The caller has
// locked the thread; the runtime begins no other from it meanwhile.
func StartOn(set CPUSet, begin func() error) error {
	if len(set) == 0 {
		return begin()
	}
	thread := unix.Gettid()
	before, err := Affinity(thread)
	if err != nil {
		return fmt.Errorf("read this thread's CPUs: %w", err)
	}
	if err := setAffinity(thread, set); err != nil {
		return fmt.Errorf("keep it to CPU %s: %w", set, err)
	}
	defer func() { _ = setAffinity(thread, before) }()
	return begin()
}
