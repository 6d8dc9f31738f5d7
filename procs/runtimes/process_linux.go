package runtimes

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

func inProc(pid int, name string) string { return "/proc/" + strconv.Itoa(pid) + "/" + name }

// programOf tells one program in a process from another.
func programOf(pid int) (string, bool) {
	program, err := os.Readlink(inProc(pid, "exe"))
	return program, err == nil
}

// counterFolder begins the name of the folder of a user's files of counters.
const counterFolder = "hsperfdata_"

// findCounters opens the file of the virtual machine in a process; nil if there is none
// yet. isJVM says that the process has loaded HotSpot.
func findCounters(pid int) (file *os.File, isJVM bool) {
	maps, err := os.Open(inProc(pid, "maps"))
	if err != nil {
		return nil, false
	}
	defer maps.Close()
	path := ""
	lines := bufio.NewScanner(maps)
	lines.Buffer(make([]byte, 0, 4096), 1<<16)
	for lines.Scan() {
		line := lines.Bytes()
		at := bytes.IndexByte(line, '/')
		if at < 0 {
			continue
		}
		switch mapped := line[at:]; {
		case bytes.Contains(mapped, []byte("/"+counterFolder)):
			path = string(mapped)
		case bytes.HasSuffix(mapped, []byte("/libjvm.so")):
			isJVM = true
		}
	}
	if path != "" {
		if file, err := openCounters(pid, path); err == nil {
			return file, true
		}
	}
	if !isJVM {
		return nil, false
	}
	// Where the kernel names the file as another namespace sees it, it is looked for by
	// the number that the process has in its own.
	number := ownNumber(pid)
	found, _ := filepath.Glob(inProc(pid, "root/tmp/"+counterFolder+"*/"+number))
	for _, one := range found {
		file, err := openFile(one)
		if err != nil {
			continue
		}
		if begunBy(file, pid) {
			return file, true
		}
		file.Close()
	}
	return nil, true
}

// openCounters opens a file that the process has mapped, as it sees it.
func openCounters(pid int, path string) (*os.File, error) {
	if strings.HasSuffix(path, " (deleted)") {
		return nil, os.ErrNotExist
	}
	file, err := openFile(inProc(pid, "root") + path)
	if err != nil {
		return nil, err
	}
	if !begunBy(file, pid) {
		file.Close()
		return nil, errors.New("it is of a process that has ended")
	}
	return file, nil
}

// openFile follows no link and waits for nobody: the folder is one in which others write.
func openFile(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
}

// begunBy says that a file of counters is of the process that has the number now: a
// virtual machine that was killed leaves its file behind, and its number is used again.
func begunBy(file *os.File, pid int) bool {
	began, ok := startOf(pid)
	if !ok {
		return false
	}
	head := make([]byte, hsperfMost)
	n, _ := file.ReadAt(head, 0)
	layout, err := readCounters(head[:n])
	if err != nil {
		return errors.Is(err, errHsperfNotYet) // it begins
	}
	begin, ok := layout.number(head[:n], "sun.rt.createVmBeginTime")
	// The kernel counts a start in hundredths, and the time of day may have been set since.
	const slack = time.Second
	return !ok || begin == 0 || time.UnixMilli(begin).After(began.Add(-slack))
}

// startOf is when a process began.
func startOf(pid int) (time.Time, bool) {
	text, err := os.ReadFile(inProc(pid, "stat"))
	if err != nil {
		return time.Time{}, false
	}
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return time.Time{}, false
	}
	const began = 22 - 3 // of proc(5)'s fields, of which the third follows the name
	fields := bytes.Fields(text[end+1:])
	if len(fields) <= began {
		return time.Time{}, false
	}
	ticks, err := strconv.ParseInt(string(fields[began]), 10, 64)
	var up unix.Timespec
	if err != nil || unix.ClockGettime(unix.CLOCK_BOOTTIME, &up) != nil {
		return time.Time{}, false
	}
	const hundredth = 10 * time.Millisecond
	return time.Now().Add(-time.Duration(up.Nano())).Add(time.Duration(ticks) * hundredth), true
}

// ownNumber is the number of a process as it knows itself: that of the innermost
// namespace.
func ownNumber(pid int) string {
	text, err := os.ReadFile(inProc(pid, "status"))
	if err == nil {
		if _, rest, ok := bytes.Cut(text, []byte("\nNSpid:")); ok {
			line, _, _ := bytes.Cut(rest, []byte("\n"))
			if all := bytes.Fields(line); len(all) > 0 {
				return string(all[len(all)-1])
			}
		}
	}
	return strconv.Itoa(pid)
}
