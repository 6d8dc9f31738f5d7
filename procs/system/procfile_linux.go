package system

import (
	"slices"
	"strconv"

	"golang.org/x/sys/unix"
)

// Files reads the kernel's files about processes. A reading of a tree opens
// hundreds: os.ReadFile takes three times as long, as it also asks the poller.
type Files struct {
	text   []byte
	names  []string
	direct []byte
}

// NewFiles makes one, with room to read into; it is for one goroutine.
func NewFiles() *Files {
	return &Files{text: make([]byte, 4096), direct: make([]byte, 8192)}
}

// Read returns a file's text, which is good until the next read.
func (p *Files) Read(directory int, path string) ([]byte, bool) {
	file, err := unix.Openat(directory, path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, false
	}
	defer unix.Close(file)
	length := 0
	for {
		n, err := unix.Read(file, p.text[length:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, false
		case n == 0:
			return p.text[:length], true
		}
		length += max(n, 0)
		if length == len(p.text) {
			p.text = append(p.text, make([]byte, len(p.text))...)
		}
	}
}

// Numbers lists the entries of an open directory whose names are numbers.
func (p *Files) Numbers(directory int) []int {
	var found []int
	for {
		n, err := unix.ReadDirent(directory, p.direct)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n <= 0 {
			return found
		}
		_, _, p.names = unix.ParseDirent(p.direct[:n], -1, p.names[:0])
		found = slices.Grow(found, len(p.names))
		for _, name := range p.names {
			if number, err := strconv.Atoi(name); err == nil {
				found = append(found, number)
			}
		}
	}
}

// Fields cuts a text at its spaces, without an allocation if they fit.
func Fields(text []byte, into [][]byte) [][]byte {
	into = into[:0]
	for at := 0; at < len(text); {
		for at < len(text) && text[at] <= ' ' {
			at++
		}
		begin := at
		for at < len(text) && text[at] > ' ' {
			at++
		}
		if at > begin {
			into = append(into, text[begin:at])
		}
	}
	return into
}

// Number reads digits; false if there are none, or something else.
func Number(text []byte) (uint64, bool) {
	var value uint64
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		value = 10*value + uint64(digit-'0')
	}
	return value, len(text) > 0
}

// Path is that of one of the kernel's files about a process.
func Path(pid int, file string) string { return "/proc/" + strconv.Itoa(pid) + "/" + file }
