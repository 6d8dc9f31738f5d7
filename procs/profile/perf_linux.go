package profile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	prof "github.com/benchtui/benchtui/internal/profile"
	"github.com/benchtui/benchtui/procs/system"
)

// Take profiles processes with all their threads, for as long as the target says, or
// until the context or the last of them ends: what was seen until then is the profile,
// and a note says so. Names are looked up after the sampling, since there may be no core
// to spare meanwhile. What can't be had at all is an error, a *Refusal.
func Take(ctx context.Context, target Target) (*prof.Profile, error) {
	target, err := target.withDefaults()
	if err != nil {
		return nil, err
	}
	s, err := startSampling(target)
	if err != nil {
		return nil, err
	}
	defer s.close()
	s.run(ctx)
	if s.toldByOthers() { // looking up names takes longer than it is worth
		return &prof.Profile{Source: outsideSource, Start: target.Start, Duration: s.took, Period: period(target.Hz)}, nil
	}
	return s.profile(), nil
}

// outsideSource names this profiler.
const outsideSource = "perf_event_open"

// toldByOthers says that all that was seen is of processes whose first thread's profile
// their runtime takes, and that the other threads did little.
func (s *sampling) toldByOthers() bool {
	const little = 0.3 // of what the first ones did: a runtime compiles and collects there
	var first, beside time.Duration
	for pid, before := range s.firsts {
		first += max(0, firstOnCPU(pid)-before)
	}
	for thread, spent := range s.spent {
		if !s.target.told[thread.pid] {
			return false
		}
		beside += spent.counted
	}
	return len(s.target.told) > 0 && beside <= time.Duration(little*float64(first))
}

// firstOnCPU is the CPU time of a process's first thread; 0 where the kernel does not tell.
func firstOnCPU(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/schedstat", pid, pid))
	if err != nil {
		return 0
	}
	ns, err := strconv.ParseInt(firstWord(string(text)), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(ns)
}

// Check opens what Take opens, of this process, and says what the kernel lets be seen.
func Check() Ability {
	fd, err := openEvent(0, DefaultHz, 0, true)
	if err == nil {
		_ = unix.Close(fd)
		return Ability{}
	}
	kernel := refusalOf(err, 0)
	fd, err = openEvent(0, DefaultHz, 0, false)
	if err != nil {
		refused := refusalOf(err, 0)
		return Ability{Refused: refused, Kernel: refused}
	}
	_ = unix.Close(fd)
	return Ability{Kernel: kernelRefusal(kernel)}
}

const (
	ringPages   = 8                      // of a thread's samples: some fifty deep stacks
	tasksEvery  = 100 * time.Millisecond // threads born meanwhile are looked for
	treeEvery   = 500 * time.Millisecond // and processes, and what they have mapped
	maxThreads  = 4096
	maxStacks   = 1 << 18 // different ones
	maxBytes    = 1 << 28 // of all of them
	kernelMark  = ^uint64(0) - 0x80 + 1
	userMark    = ^uint64(0) - 0x200 + 1
	lowestMark  = ^uint64(0) - 0xfff + 1 // above are marks in a chain of addresses
	wakeupBytes = 4096

	// The kernel's numbers of amd64's registers, in whose order they come.
	regBP, regSP, regIP = 6, 7, 8

	// What comes of the stack: enough for a function without a frame, and where nothing has
	// frame pointers, for most of it.
	littleStack = 256
	muchStack   = 16 << 10
	muchPages   = 64
)

// openEvent has the kernel take samples of a thread, at its own software clock: virtual
// machines often have no other. Of the stack so many bytes come with each.
func openEvent(tid, hz int, stack uint32, kernel bool) (int, error) {
	attr := unix.PerfEventAttr{
		Type:        unix.PERF_TYPE_SOFTWARE,
		Size:        uint32(unsafe.Sizeof(unix.PerfEventAttr{})),
		Config:      unix.PERF_COUNT_SW_CPU_CLOCK,
		Sample:      uint64(period(hz)),
		Sample_type: unix.PERF_SAMPLE_TID | unix.PERF_SAMPLE_CALLCHAIN,
		Bits:        unix.PerfBitDisabled | unix.PerfBitExcludeHv | unix.PerfBitWatermark,
		Wakeup:      wakeupBytes,
	}
	if stack > 0 {
		attr.Sample_type |= unix.PERF_SAMPLE_REGS_USER | unix.PERF_SAMPLE_STACK_USER
		attr.Sample_regs_user, attr.Sample_stack_user = 1<<regBP|1<<regSP|1<<regIP, stack
		attr.Wakeup = max(wakeupBytes, 4*stack)
	}
	if !kernel {
		attr.Bits |= unix.PerfBitExcludeKernel | unix.PerfBitExcludeCallchainKernel
	}
	for {
		fd, err := unix.PerfEventOpen(&attr, tid, -1, -1, unix.PERF_FLAG_FD_CLOEXEC)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return fd, err
	}
}

// sampling is a profile that is being taken.
type sampling struct {
	target    Target
	kernel    bool // the kernel's part is told, too
	events    map[int]*event
	processes map[int]*process
	modules   *modules
	order     []int // of processes, as they were found
	stacks    map[string]int
	bytes     int // of them
	key       []byte
	lost      int
	unseen    map[int]bool          // threads that can't be followed
	notes     []prof.Note           // in the order in which they came up
	took      time.Duration         // of wall time
	spent     map[thread]spent      // CPU time by thread, and how much of it was seen
	ended     bool                  // all processes did, before the time was up
	listsKids bool                  // the kernel lists a thread's children
	firsts    map[int]time.Duration // CPU time of first threads that are not followed, as it was at the beginning
}

type thread struct{ pid, tid int }

type spent struct {
	counted time.Duration // by the kernel
	samples int
}

// event is a thread that samples are taken of.
type event struct {
	thread
	fd    int
	ring  []byte
	stack bool // a part of the stack comes with each sample
}

func startSampling(target Target) (*sampling, error) {
	s := &sampling{target: target, kernel: true, events: map[int]*event{}, processes: map[int]*process{}, modules: newModules(),
		stacks: map[string]int{}, unseen: map[int]bool{}, spent: map[thread]spent{}, firsts: map[int]time.Duration{}}
	s.listsKids = system.ListsChildren()
	alive := 0
	for _, root := range target.Roots {
		if !exists(root) {
			continue
		}
		alive++
		fd, err := openEvent(root, target.Hz, 0, s.kernel)
		if s.kernel && (errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM)) {
			first := err
			if fd, err = openEvent(root, target.Hz, 0, false); err == nil {
				s.kernel = false
				refusal := kernelRefusal(refusalOf(first, root))
				s.note(prof.Note{Lacks: refusal.What, Fix: refusal.Fix})
			}
		}
		switch {
		case err == nil:
			_ = unix.Close(fd)
		case errors.Is(err, unix.ESRCH):
			alive--
		default:
			return nil, refusalOf(err, root)
		}
	}
	if alive == 0 {
		return nil, &Refusal{Reason: Gone, What: fmt.Sprintf("the server with pid %d is no more", target.Roots[0])}
	}
	s.findProcesses()
	for pid := range target.told {
		s.firsts[pid] = firstOnCPU(pid)
	}
	s.findThreads()
	if len(s.events) == 0 && len(s.firsts) == 0 {
		s.close()
		return nil, &Refusal{Reason: NoMemory, What: "no memory that the kernel lets a profiler lock",
			Fix: "sudo sysctl kernel.perf_event_mlock_kb=4096"}
	}
	return s, nil
}

func (s *sampling) note(note prof.Note) {
	if !slices.Contains(s.notes, note) {
		s.notes = append(s.notes, note)
	}
}

// run takes samples until the time is up or there is nobody left.
func (s *sampling) run(ctx context.Context) {
	began := time.Now()
	tasks, tree := began.Add(tasksEvery), began.Add(treeEvery)
	for {
		now := time.Now()
		s.took = min(now.Sub(began), s.target.Duration)
		if now.Sub(began) >= s.target.Duration || ctx.Err() != nil {
			break
		}
		s.wait(min(tasksEvery, s.target.Duration-now.Sub(began)))
		if now = time.Now(); now.Before(tasks) {
			continue
		}
		tasks = now.Add(tasksEvery)
		if !now.Before(tree) {
			tree = now.Add(treeEvery)
			s.findProcesses()
		}
		s.findThreads()
		if len(s.events) == 0 && !slices.ContainsFunc(s.order, exists) {
			s.ended = true
			s.took = time.Since(began)
			break
		}
	}
	for _, event := range s.events {
		_ = unix.IoctlSetInt(event.fd, unix.PERF_EVENT_IOC_DISABLE, 0)
	}
	for _, event := range s.events {
		s.finish(event)
	}
}

// wait reads what has come, or waits for it.
func (s *sampling) wait(most time.Duration) {
	list := make([]unix.PollFd, 0, len(s.events))
	at := make([]*event, 0, len(s.events))
	for _, event := range s.events {
		list = append(list, unix.PollFd{Fd: int32(event.fd), Events: unix.POLLIN})
		at = append(at, event)
	}
	if len(list) == 0 {
		time.Sleep(min(most, 10*time.Millisecond))
		return
	}
	if _, err := unix.Poll(list, max(1, int(most.Milliseconds()))); err != nil {
		return // interrupted: the next turn reads it
	}
	for i, one := range list {
		switch {
		case one.Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0: // the thread ended
			s.finish(at[i])
		case one.Revents != 0:
			s.drain(at[i])
		}
	}
}

// finish takes what is left of a thread's samples, and its CPU time.
func (s *sampling) finish(event *event) {
	s.drain(event)
	count := make([]byte, 8)
	if n, err := unix.Read(event.fd, count); err == nil && n == 8 {
		sum := s.spent[event.thread]
		sum.counted += time.Duration(nativeUint64(count))
		s.spent[event.thread] = sum
	}
	_ = unix.Munmap(event.ring)
	_ = unix.Close(event.fd)
	delete(s.events, event.tid)
}

func (s *sampling) close() {
	for _, event := range s.events {
		_ = unix.Munmap(event.ring)
		_ = unix.Close(event.fd)
	}
	s.events = nil
	for _, process := range s.processes {
		process.close()
	}
}

// findThreads follows the threads that were born since it looked the last time.
func (s *sampling) findThreads() {
	for _, pid := range s.order {
		tids := system.ThreadsOf(pid)
		for _, tid := range tids {
			if s.events[tid] == nil && !s.unseen[tid] && !(tid == pid && s.target.told[pid]) {
				s.follow(thread{pid, tid})
			}
		}
	}
}

// follow begins to take samples of a thread.
func (s *sampling) follow(thread thread) {
	if len(s.events) >= maxThreads {
		s.unseen[thread.tid] = true
		s.note(prof.Note{Lacks: fmt.Sprintf("threads beyond the first %d", maxThreads)})
		return
	}
	stack, most := uint32(0), ringPages
	if runtime.GOARCH == "amd64" {
		stack = littleStack
		if of := s.processes[thread.pid]; of != nil && of.frameless {
			stack, most = muchStack, muchPages
		}
	}
	fd, err := openEvent(thread.tid, s.target.Hz, stack, s.kernel)
	if err != nil {
		if !errors.Is(err, unix.ESRCH) {
			s.unseen[thread.tid] = true
			refusal := refusalOf(err, thread.pid)
			s.note(prof.Note{Lacks: "some of the threads: " + refusal.What, Fix: refusal.Fix})
		}
		return
	}
	// What may be locked is bounded: rather a small ring for all than a large one for some.
	var ring []byte
	for pages := most; pages > 0; pages /= 2 {
		ring, err = unix.Mmap(fd, 0, (1+pages)*os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err == nil {
			break
		}
	}
	if err == nil {
		err = unix.IoctlSetInt(fd, unix.PERF_EVENT_IOC_ENABLE, 0)
	}
	if err != nil {
		if ring != nil {
			_ = unix.Munmap(ring)
		}
		_ = unix.Close(fd)
		s.unseen[thread.tid] = true
		s.note(prof.Note{Lacks: "some of the threads: no more memory that a profiler may lock", Fix: "sudo sysctl kernel.perf_event_mlock_kb=4096"})
		return
	}
	s.events[thread.tid] = &event{thread: thread, fd: fd, ring: ring, stack: stack > 0}
}

// findProcesses looks for descendants, and at what each process has mapped: what a server
// loads later has to be known before it ends.
func (s *sampling) findProcesses() {
	var children map[int][]int
	if !s.listsKids {
		children = system.ChildrenOfAll()
	}
	for _, root := range s.target.Roots {
		s.findFrom(root, children)
	}
}

func (s *sampling) findFrom(pid int, children map[int][]int) {
	known := s.processes[pid]
	if known == nil {
		if known = newProcess(pid, s.modules); known == nil {
			return
		}
		s.processes[pid] = known
		s.order = append(s.order, pid)
	}
	if known.looked && time.Since(known.at) < treeEvery/2 {
		return // reached a second time, through another root
	}
	known.look()
	kids := children[pid]
	if children == nil {
		for _, tid := range system.ThreadsOf(pid) {
			list, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, tid))
			if err != nil {
				continue
			}
			for _, field := range strings.Fields(string(list)) {
				if kid, err := strconv.Atoi(field); err == nil {
					kids = append(kids, kid)
				}
			}
		}
	}
	for _, kid := range kids {
		s.findFrom(kid, children)
	}
}

// exists says whether a process is there that has not ended: a dead one may still be
// listed, since nobody asked how it ended.
func exists(pid int) bool {
	stat, ok := system.ReadStat(pid)
	return ok && !stat.Ended()
}
