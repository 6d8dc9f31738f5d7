package system

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// MemoryStall is for how long some process waited for memory since the machine
// began, in µs; the kernel's pressure-stall information, since Linux 4.20.
func MemoryStall() (microseconds float64, ok bool) {
	text, ok := NewFiles().Read(unix.AT_FDCWD, "/proc/pressure/memory")
	if !ok {
		return 0, false
	}
	return parseStall(text)
}

// parseStall reads "some avg10=0.00 avg60=0.00 avg300=0.00 total=0".
func parseStall(text []byte) (microseconds float64, ok bool) {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	_, total, found := bytes.Cut(line, []byte("total="))
	if !found || !bytes.HasPrefix(line, []byte("some ")) {
		return 0, false
	}
	value, ok := Number(bytes.TrimSpace(total))
	return float64(value), ok
}
