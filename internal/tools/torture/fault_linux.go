package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// What must hold after each fault.
const (
	mostTime   = time.Minute
	mostMemory = 200 << 20 // bytes, of what reads files from outside
	mostOfFile = 10 * time.Second
	patience   = 20 * time.Second // until nobody is left
)

// fault is a kind of trouble, and how it is made.
type fault struct {
	name  string // its kind, a colon, and what is wrong
	noun  string // of promised, that it stands for
	try   func(*row)
	alone bool // it takes the whole machine
	long  bool // no part of a short round
}

// row is what came of a fault.
type row struct {
	t      *torture
	fault  fault
	folder string // its own, with folders around it into which nothing may be written
	chance *rand.Rand

	tried    int
	codes    map[int]int
	longest  time.Duration
	memory   int64 // bytes, at most
	troubles []string
	notTried string // why not
}

func (r *row) try() {
	if err := os.MkdirAll(r.folder, 0o755); err != nil {
		r.trouble("%v", err)
		return
	}
	r.fault.try(r)
	_ = os.RemoveAll(filepath.Dir(filepath.Dir(r.folder)))
}

func (r *row) trouble(format string, args ...any) {
	r.troubles = append(r.troubles, fmt.Sprintf(format, args...))
}

// times is how often something is done, of which a short round does a tenth.
func (r *row) times(n int) int {
	if r.t.short {
		return max(1, n/10)
	}
	return n
}

func (r *row) path(name string) string { return filepath.Join(r.folder, name) }

func (r *row) write(name string, text []byte) string {
	if err := os.WriteFile(r.path(name), text, 0o644); err != nil {
		r.trouble("%v", err)
	}
	return r.path(name)
}

// try is one start of the program.
type try struct {
	what     string // said of a trouble, beside the arguments
	program  string // that is started; "" for benchtui
	args     []string
	env      []string
	place    place // where it is started
	prepare  func(*exec.Cmd)
	meddle   func(*started)
	most     time.Duration // that it may take; 0: mostTime
	memory   int64         // bytes that it may take; 0: as many as it likes
	traced   bool          // a trace is what was asked for
	codes    []int         // that it may end with; nil: 0, 1, 2, 3 and 130
	complain func(said string) string
}

// started is a try that is under way.
type started struct {
	*exec.Cmd
	mark  string
	said  text
	ended chan struct{} // closed then
}

// after waits until the program has said something, and a while of chance's choice.
// It says false when the program ended before.
func (s *started) after(said string, more time.Duration) bool {
	for !strings.Contains(s.said.String(), said) {
		select {
		case <-s.ended:
			return false
		case <-time.After(5 * time.Millisecond):
		}
	}
	select {
	case <-s.ended:
		return false
	case <-time.After(more):
		return true
	}
}

// text is what a program says, which others read meanwhile.
type text struct {
	mutex sync.Mutex
	bytes bytes.Buffer
}

// mostText is what of an output is kept; what is searched for is at its begin or end.
const mostText = 16 << 20

func (t *text) Write(p []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.bytes.Len() > mostText {
		t.bytes.Next(mostText / 2)
	}
	return t.bytes.Write(p)
}

func (t *text) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.bytes.String()
}

var (
	trace  = regexp.MustCompile(`(?m)^(panic: |fatal error: |goroutine \d+ (gp=\S+ m=\S+ (mp=\S+ )?)?\[)`)
	escape = regexp.MustCompile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\u0080-\u009f]|[\u202a-\u202e\u2066-\u2069]")
)

// command is the program as it is to be started, with a mark in its environment that
// all have who come of it.
func (r *row) command(one try) *started {
	s := &started{mark: fmt.Sprint(r.t.mark(), r.t.starts.Add(1), ";"), ended: make(chan struct{})}
	program := one.program
	if program == "" {
		program = r.t.program
	}
	s.Cmd = exec.Command(program, one.args...)
	s.Env = append(append(os.Environ(), s.mark, "HOME="+r.path("home"), "XDG_DATA_HOME="+r.path("data"), "XDG_CACHE_HOME="+r.path("cache"),
		fmt.Sprintf("%s=%d", untilVariable, time.Now().Add(mostTime).Unix())), one.env...)
	s.Dir = r.folder
	s.Stdout, s.Stderr = &s.said, &s.said
	one.place.prepare(s.Cmd, r.t.self)
	if one.prepare != nil {
		one.prepare(s.Cmd)
	}
	return s
}

// run starts the program and holds what it does against what must hold.
func (r *row) run(one try) (said string) {
	r.tried++
	s := r.command(one)
	trouble := func(format string, args ...any) {
		r.trouble("%s: %s %s", fmt.Sprintf(format, args...), one.what, strings.Join(one.args, " "))
	}
	before := r.around()
	began := time.Now()
	if err := s.Start(); err != nil {
		if one.place.namespaces != 0 && (os.Geteuid() != 0 || os.IsPermission(err)) {
			r.tried--
			r.notTried = "no new namespaces here: " + err.Error()
			return ""
		}
		trouble("it does not start: %v", err)
		return ""
	}
	var meddling sync.WaitGroup
	if one.meddle != nil {
		meddling.Go(func() { one.meddle(s) })
	}
	most := one.most
	if most == 0 {
		most = mostTime
	}
	var hung atomic.Bool
	go func() {
		if hung.Store(s.hangs(most)); hung.Load() {
			_ = s.Process.Signal(syscall.SIGQUIT)
			time.Sleep(time.Second)
			_ = s.Process.Kill()
		}
	}()
	var seen atomic.Int64
	go func() {
		for !isClosed(s.ended) {
			if bytes := highWater(s.Process.Pid); bytes > 0 {
				seen.Store(bytes)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	_ = s.Wait()
	took := time.Since(began)
	if r.t.calledOff.Load() {
		select {} // it was ended by this process, which is about to end
	}
	close(s.ended)
	meddling.Wait()
	said = s.said.String()
	if hung.Load() {
		trouble("it had not ended after %s, and said %.300q", most, said)
	}
	r.longest = max(r.longest, took)
	r.judge(one, s.ProcessState, seen.Load(), said, trouble)
	if !r.nobodyIsLeft(s.mark) {
		trouble("somebody is left")
	}
	if after := r.around(); after != before {
		trouble("outside of its folder there is now %s", after)
	}
	return said
}

// starved is how much longer than it may take what works is waited for, where others have
// the CPU.
const starved = 6

// hangs waits until it has ended, or took longer than it may: of time, if it does nothing,
// and of CPU, if it works.
func (s *started) hangs(most time.Duration) bool {
	began := time.Now()
	select {
	case <-s.ended:
		return false
	case <-time.After(most):
	}
	for before := time.Duration(-1); ; {
		now := cpuTime(s.Process.Pid)
		if worked := now - before; now >= most || before >= 0 && worked < 10*time.Millisecond || time.Since(began) > starved*most {
			return true
		}
		before = now
		select {
		case <-s.ended:
			return false
		case <-time.After(time.Second):
		}
	}
}

// cpuTime is the CPU time of a process so far.
func cpuTime(pid int) time.Duration {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (time.Second / 100)
}

// judge looks at how it ended and what it said.
func (r *row) judge(one try, end *os.ProcessState, seen int64, said string, trouble func(string, ...any)) {
	code := end.ExitCode()
	if place, reason, _ := strings.Cut(said, notInside); code == notInsideCode && place == "" {
		r.tried--
		r.notTried = strings.TrimSpace(reason)
		return
	}
	r.codes[code]++
	if most := peak(end, seen); most > 0 {
		r.memory = max(r.memory, most)
		if one.memory > 0 && most > one.memory {
			trouble("it took %d MB", most>>20)
		}
	}
	allowed := one.codes
	if allowed == nil {
		allowed = []int{0, 1, 2, 3, 130}
	}
	if !slices.Contains(allowed, code) {
		trouble("exit code %d, and it said %.300q", code, said[max(0, len(said)-300):])
	}
	if at := trace.FindStringIndex(said); at != nil && !one.traced {
		trouble("it printed a trace: %.600s", said[at[0]:])
	}
	if found := escape.FindStringIndex(said); found != nil && !one.traced {
		trouble("it printed %q", said[max(0, found[0]-30):min(len(said), found[1]+30)])
	}
	if one.complain != nil {
		if complaint := one.complain(said); complaint != "" {
			trouble("%s", complaint)
		}
	}
}

// peak is the most memory that a process held, in bytes. What the kernel tells of one that
// ended begins with what this process, which forked it, held: where it is no more than
// that, it is what was seen while it ran.
func peak(end *os.ProcessState, seen int64) int64 {
	usage, ok := end.SysUsage().(*syscall.Rusage)
	var ours syscall.Rusage
	if !ok || syscall.Getrusage(syscall.RUSAGE_SELF, &ours) != nil || usage.Maxrss <= ours.Maxrss {
		return seen
	}
	return int64(usage.Maxrss) << 10 // 32 bits wide on some
}

// highWater is the most memory that a process that runs has held.
func highWater(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kb int64
	_, _ = fmt.Sscan(after, &kb)
	return kb << 10
}

func isClosed(channel chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

// around is what lies in the folders around the row's own: nothing of a file's text may
// lead there.
func (r *row) around() string {
	var all []string
	for _, folder := range []string{filepath.Dir(r.folder), filepath.Dir(filepath.Dir(r.folder))} {
		entries, _ := os.ReadDir(folder)
		for _, entry := range entries {
			all = append(all, entry.Name())
		}
	}
	return strings.Join(all, " ")
}

// nobodyIsLeft waits for those who carry the mark, and ends them where they stay.
func (r *row) nobodyIsLeft(mark string) bool {
	for until := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		left := leftBy(mark)
		if len(left) == 0 {
			return true
		}
		if time.Now().After(until) {
			for range 50 { // those who fork as they die
				for _, pid := range leftBy(mark) {
					_ = syscall.Kill(pid, syscall.SIGKILL)
				}
			}
			return false
		}
	}
}

// leftBy are the processes that carry the mark and are no zombies.
func leftBy(mark string) (pids []int) {
	all, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range all {
		text, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(text, []byte(mark)) {
			continue
		}
		if pid, err := strconv.Atoi(strings.Split(path, "/")[2]); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// serverOf is a server of ours as --cmd is told of it.
func (r *row) serverOf(role string) []string {
	return []string{"--cmd", fmt.Sprintf("mine=/bin/sh -c \"exec env '%s=%s' '%s' {port}\"", roleVariable, role, r.t.self)}
}

// against is the flags of a run against a server that misbehaves.
func (r *row) against(role string, more ...string) []string {
	args := append([]string{"run"}, r.serverOf(role)...)
	return append(append(args, "--start-timeout", "10s", "--timeout", "1s", "--warmup", "0s", "--no-record"), more...)
}

// steady is a small load, of which the text is printed.
func steady(length string) []string {
	return []string{"-w", "steady", "-c", "8", "-z", length, "--plain"}
}
