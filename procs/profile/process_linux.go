package profile

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/files"
	"github.com/benchtui/benchtui/procs/object"
	"github.com/benchtui/benchtui/procs/system"
)

// process is one whose threads are followed, and what it has mapped.
type process struct {
	pid     int
	inside  int // its pid as it knows it itself, in its container
	uid     uint32
	name    string
	command []string
	exe     string // as the kernel names it
	// frameless says that it may have no frame pointers: of its stack more is needed.
	frameless bool
	looked    bool
	at        time.Time
	text      []byte      // of maps, as of the last look
	maps      []mapping   // by address
	older     [][]mapping // what it had mapped before, the latest first
	files     map[moduleKey]*module
	all       *modules
}

// modules are the files that the processes of a profile have mapped: forked workers have
// the same ones, and of all together no more is read than there is room for.
type modules struct {
	of   map[moduleKey]*module
	room object.Room
}

func newModules() *modules {
	return &modules{of: map[moduleKey]*module{}, room: object.Room{Bytes: mostOfModules}}
}

type moduleKey struct {
	path          string
	device, inode string
}

const maxMaps = 16 << 20 // bytes of one process's list

func newProcess(pid int, all *modules) *process {
	info, err := os.Stat(system.Path(pid, ""))
	if err != nil {
		return nil
	}
	p := &process{pid: pid, inside: system.InnermostPID(pid), files: map[moduleKey]*module{}, all: all}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		p.uid = stat.Uid
	}
	return p
}

// look reads what a process is and has mapped now. What it has no more is kept: samples
// were taken while it had.
func (p *process) look() {
	p.looked, p.at = true, time.Now()
	text, err := files.ReadStart(system.Path(p.pid, "maps"), maxMaps)
	if err != nil || len(text) == 0 || bytes.Equal(text, p.text) {
		return // it has ended, or nothing is new
	}
	if name := system.NameOf(p.pid); name != "" {
		p.name = name
	}
	if line, err := files.ReadStart(system.Path(p.pid, "cmdline"), 1<<16); err == nil {
		p.command = strings.Split(strings.TrimRight(string(line), "\x00"), "\x00")
	}
	p.exe, _ = os.Readlink(system.Path(p.pid, "exe"))
	p.frameless = p.maybeFrameless()
	if p.maps != nil {
		p.older = slices.Insert(p.older, 0, p.maps)
		p.older = p.older[:min(len(p.older), 4)]
	}
	p.text, p.maps = text, nil
	for line := range strings.Lines(string(text)) {
		one, key, ok := parseMapping(strings.TrimSuffix(line, "\n"))
		if !ok {
			continue
		}
		if strings.HasPrefix(one.path, "/") {
			if _, known := p.files[key]; !known {
				p.files[key] = p.moduleOf(key)
			}
			one.module = p.files[key]
		}
		p.maps = append(p.maps, one)
	}
}

// maybeFrameless says whether a process's program is of a compiler that may keep no frame
// pointers. Go's does, and so do runtimes that compile while they run.
func (p *process) maybeFrameless() bool {
	if interpreter(filepath.Base(p.exe)) {
		return false
	}
	f := openRegular(system.Path(p.pid, "exe"))
	if f == nil {
		return false
	}
	defer f.Close()
	file, err := object.Open(f)
	return err == nil && file.Section(".gopclntab") == nil && file.Section(".data.rel.ro.gopclntab") == nil && file.Section(".eh_frame") != nil
}

// parseMapping reads a line of maps: "start-end perms offset device inode path". Only
// what may be executed counts.
func parseMapping(line string) (mapping, moduleKey, bool) {
	fields := strings.SplitN(line, " ", 6)
	if len(fields) < 5 || !strings.Contains(fields[1], "x") {
		return mapping{}, moduleKey{}, false
	}
	from, to, _ := strings.Cut(fields[0], "-")
	start, err1 := strconv.ParseUint(from, 16, 64)
	end, err2 := strconv.ParseUint(to, 16, 64)
	offset, err3 := strconv.ParseUint(fields[2], 16, 64)
	if err1 != nil || err2 != nil || err3 != nil || end <= start {
		return mapping{}, moduleKey{}, false
	}
	one := mapping{start: start, end: end, offset: offset}
	if len(fields) == 6 {
		one.path = strings.TrimLeft(fields[5], " ")
	}
	return one, moduleKey{path: one.path, device: fields[3], inode: fields[4]}, true
}

// moduleOf is a file that a process has mapped, which another one may have, too. What has
// no inode is each one's own, and so is what runs code that it tells nothing of: which
// process does that the most is told by its samples.
func (p *process) moduleOf(key moduleKey) *module {
	if runtime, _ := interpreted(filepath.Base(key.path)); runtime != "" || key.inode == "0" {
		m := p.open(key.path)
		m.room = &p.all.room
		return m
	}
	if m := p.all.of[key]; m != nil && m.file != nil && m.main == (key.path == p.exe) {
		return m
	}
	m := p.open(key.path)
	m.room = &p.all.room
	p.all.of[key] = m
	return m
}

// open opens a file that a process has mapped, as it sees it. It stays open, for the file
// may be gone with the process's container when names are looked up.
func (p *process) open(path string) *module {
	m := &module{path: strings.TrimSuffix(path, " (deleted)")}
	root := system.Path(p.pid, "root")
	if path == p.exe {
		m.main = true
		m.file = openRegular(system.Path(p.pid, "exe")) // also when it was replaced or removed
	}
	if m.file == nil {
		m.file = openRegular(filepath.Join(root, path))
	}
	// A name beside it, such as of its debug symbols, is looked up there.
	m.near = func(name string) (io.ReaderAt, func()) {
		for _, root := range []string{root, ""} {
			if f := openRegular(filepath.Join(root+"/", name)); f != nil {
				return f, func() { _ = f.Close() }
			}
		}
		return nil, nil
	}
	return m
}

func (p *process) close() {
	for _, m := range p.files {
		if m != nil && m.file != nil {
			_ = m.file.Close()
			m.file = nil
		}
	}
}

// mappingOf is what a process has at an address, now or before.
func (p *process) mappingOf(address uint64) (mapping, bool) {
	for _, maps := range append([][]mapping{p.maps}, p.older...) {
		at, _ := slices.BinarySearchFunc(maps, address, func(m mapping, address uint64) int {
			if m.end <= address {
				return -1
			}
			return 1
		})
		if at < len(maps) && maps[at].start <= address {
			return maps[at], true
		}
	}
	return mapping{}, false
}

// jitted reads what the process's runtime told of the code that it made, in the file that
// the runtimes agreed on: /tmp/perf-PID.map, of its container if it has one.
func (p *process) jitted() []jitSymbol {
	name := fmt.Sprintf("/tmp/perf-%d.map", p.inside)
	for _, root := range []string{system.Path(p.pid, "root"), ""} {
		f := openRegular(root + name)
		if f == nil {
			continue
		}
		defer f.Close()
		// Anyone may write to /tmp: only the process's user knows its code.
		var stat unix.Stat_t
		if err := unix.Fstat(int(f.Fd()), &stat); err != nil || stat.Uid != p.uid && stat.Uid != 0 {
			continue
		}
		return parseJIT(io.LimitReader(f, maxJITBytes))
	}
	return nil
}

// openRegular opens a file that is one: a pipe would keep us waiting.
func openRegular(path string) *os.File {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		_ = f.Close()
		return nil
	}
	return f
}
