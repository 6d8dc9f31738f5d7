//go:build !linux

package system

import "errors"

// errNoCPUs is why processes can't be kept to CPUs here.
var errNoCPUs = errors.New("processes can't be kept to CPUs on this system; it takes Linux")

func cpusHere() (present, allowed CPUSet, err error) { return nil, nil, errNoCPUs }

// KeepTo has all threads of this process, and those to come, run on the CPUs of
// the set only, until release; not on this platform. An empty set changes nothing.
func KeepTo(set CPUSet) (release func(), err error) {
	if len(set) > 0 {
		return nil, errNoCPUs
	}
	return func() {}, nil
}

func StartOn(set CPUSet, begin func() error) error {
	if len(set) > 0 {
		return errNoCPUs
	}
	return begin()
}

func Affinity(int) (CPUSet, error) { return nil, errNoCPUs }
