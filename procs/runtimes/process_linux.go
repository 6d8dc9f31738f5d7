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

	"github.com/benchtui/benchtui/procs/system"
)

// programOf tells one program in a process from another.
func programOf(pid int) (string, bool) {
	program, err := os.Readlink(system.Path(pid, "exe"))
	return program, err == nil
}

// counterFolder begins the name of the folder of a user's files of counters.
const counterFolder = "hsperfdata_"

// findCounters opens the file of the virtual machine in a process; nil if there is none
// yet. isJVM says that the process has loaded HotSpot.
func findCounters(pid int) (file *os.File, isJVM bool) {
	maps, err := os.Open(system.Path(pid, "maps"))
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
	number := strconv.Itoa(system.InnermostPID(pid))
	found, _ := filepath.Glob(system.Path(pid, "root/tmp/"+counterFolder+"*/"+number))
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
	file, err := openFile(system.Path(pid, "root") + path)
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
	stat, ok := system.ReadStat(pid)
	var up unix.Timespec
	if !ok || unix.ClockGettime(unix.CLOCK_BOOTTIME, &up) != nil {
		return time.Time{}, false
	}
	const tick = time.Second / system.TicksPerSecond
	return time.Now().Add(-time.Duration(up.Nano())).Add(time.Duration(stat.Began) * tick), true
}
