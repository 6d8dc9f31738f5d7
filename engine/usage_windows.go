package engine

import (
	"time"

	"golang.org/x/sys/windows"
)

// usage is what this process has used so far.
type usage struct {
	cpu time.Duration // user and system time
}

func readUsage() usage {
	var created, exited, kernel, user windows.Filetime
	if windows.GetProcessTimes(windows.CurrentProcess(), &created, &exited, &kernel, &user) != nil {
		return usage{}
	}
	// A Filetime that holds a span counts units of 100 ns.
	span := func(t windows.Filetime) int64 { return (int64(t.HighDateTime)<<32 | int64(t.LowDateTime)) * 100 }
	return usage{cpu: time.Duration(span(kernel) + span(user))}
}
