package runtimes

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/procs/system"
)

// idOf tells a file from others and from what it was before.
func idOf(file *os.File) (fileID, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &stat); err != nil {
		return fileID{}, err
	}
	return fileID{uint64(stat.Dev), stat.Ino, stat.Size, stat.Mtim.Nano()}, nil
}

// ReadsMemoryOfDescendants says whether the system lets this process read the memory of
// those that it starts: neither a filter of system calls nor Yama forbids it.
func ReadsMemoryOfDescendants() bool {
	const adminsOnly = "2"
	return (yamaScope() != adminsOnly || os.Geteuid() == 0) && !forbidsReading()
}

// forbidsReading says that nobody here reads the memory of others, whoever asks.
func forbidsReading() bool {
	const nobody = "3"
	// A part of nothing: only whether the call may be made is asked.
	return yamaScope() == nobody || errors.Is(memoryOf(os.Getpid(), nil, nil), errNoReading)
}

// yamaScope is whom Yama lets look into others; "" where there is no Yama.
func yamaScope() string {
	scope, _ := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope")
	return string(bytes.TrimSpace(scope))
}

// openGoQueue finds the run queue of a process that runs a program in Go.
func openGoQueue(pid int, programs *Programs, measured bool) (*goQueue, error) {
	file, err := os.Open(system.Path(pid, "exe"))
	if err != nil {
		return nil, ofProcFile(err)
	}
	defer file.Close()
	layout, err := programs.of(file, measured)
	if err != nil {
		return nil, err
	}
	return &goQueue{
		layout: layout,
		base:   func() (uint64, error) { return baseOf(pid, layout) },
		memory: func(into []byte, from []memoryPart) error { return memoryOf(pid, into, from) },
	}, nil
}

// ofProcFile is why a file of a process can't be read.
func ofProcFile(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return errNoPermission
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ESRCH):
		return errGone
	}
	return err
}

// baseOf is by how much a program lies in a process's memory above where its file says:
// the kernel tells the process where it begins.
func baseOf(pid int, layout *goLayout) (uint64, error) {
	text, err := os.ReadFile(system.Path(pid, "auxv"))
	if err != nil {
		return 0, ofProcFile(err)
	}
	const entry = 9 // AT_ENTRY
	for word := int(layout.word); len(text) >= 2*word; text = text[2*word:] {
		if addressIn(text[:word], layout.order) != entry {
			continue
		}
		base := addressIn(text[word:2*word], layout.order) - layout.entry
		if layout.fixed && base != 0 || base%4096 != 0 {
			return 0, errNonsense
		}
		return base, nil
	}
	return 0, errNotBegun
}

// memoryOf reads parts of a process's memory, one behind the other.
func memoryOf(pid int, into []byte, from []memoryPart) error {
	const most = 1024 // parts that the kernel reads at once
	for {
		n, size := min(len(from), most), 0
		remote := make([]unix.RemoteIovec, 0, n)
		for _, one := range from[:n] {
			address := uintptr(one.address)
			if uint64(address) != one.address {
				return errNonsense
			}
			remote, size = append(remote, unix.RemoteIovec{Base: address, Len: one.size}), size+one.size
		}
		var local []unix.Iovec
		if size > 0 {
			local = []unix.Iovec{{Base: &into[0]}}
			local[0].SetLen(size)
		}
		got, err := unix.ProcessVMReadv(pid, local, remote, 0)
		switch {
		case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.EPERM) && pid == os.Getpid():
			return errNoReading
		case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
			if pid != os.Getpid() && forbidsReading() {
				return errNoReading // then who asks makes no difference
			}
			return errNoPermission
		case errors.Is(err, unix.ESRCH):
			return errGone
		case err != nil && !errors.Is(err, unix.EFAULT):
			return fmt.Errorf("its memory can't be read: %w", err)
		case got != size:
			return errNonsense // it has nothing there
		}
		if into, from = into[size:], from[n:]; len(from) == 0 {
			return nil
		}
	}
}

// isHidden says that it can't be seen what program a process runs.
func isHidden(pid int) bool {
	_, err := os.Readlink(system.Path(pid, "exe"))
	return errors.Is(err, fs.ErrPermission)
}

// hides says that it can't be seen what program a process runs, which is none that only
// starts others.
func hides(pid int) bool {
	name, err := os.ReadFile(system.Path(pid, "comm"))
	return err == nil && isHidden(pid) && !slices.Contains(starters, string(bytes.TrimSpace(name)))
}

// hidesGo says that a process whose program can't be opened runs one in Go: what it says
// that it is called.
func hidesGo(pid int) bool {
	if !isHidden(pid) {
		return false
	}
	words, err := os.ReadFile(system.Path(pid, "cmdline"))
	if err != nil {
		return false
	}
	path, _, _ := strings.Cut(string(words), "\x00")
	if !filepath.IsAbs(path) {
		return false
	}
	// Any file may have that name, a pipe among them.
	file, err := openFile(path)
	if err != nil {
		return false
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return false
	}
	program, err := elf.NewFile(file)
	return err == nil && program.Section(goSection) != nil
}
