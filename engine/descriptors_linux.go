package engine

import "os"

// openDescriptors is how many files this process has open; missing before Linux
// 6.2, which was the first to tell without listing them.
func openDescriptors() (count int, ok bool) {
	info, err := os.Stat("/proc/self/fd")
	if err != nil || info.Size() == 0 {
		return 0, false
	}
	return int(info.Size()), true
}
