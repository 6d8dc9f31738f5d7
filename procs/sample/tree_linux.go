package sample

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
)

// tree reads a process and its descendants from the kernel's files, where
// gopsutil is slow or lacks the figure, and through gopsutil where it serves.
type tree struct {
	roots   map[int]uint64      // with when each began, so that a pid used again is not taken for it
	began   uint64              // of the oldest root: a descendant is never older
	members map[int]*member     // as of the last reading
	threads map[int]threadTimes // by thread id, as of the last reading
	files   *system.Files
	lists   bool // the kernel lists the children of a thread
	pss     pssRounds
}

// threadTimes is what /proc/PID/task/TID/schedstat says.
type threadTimes struct {
	ran    uint64 // ns on a CPU
	waited uint64 // ns ready to run, but not on a CPU
	turns  uint64 // times it was put on one
}

func newTree(root int) *tree {
	t := &tree{files: system.NewFiles()}
	t.take([]int{root})
	t.lists = system.ListsChildren()
	return t
}

func (t *tree) take(roots []int) {
	t.roots, t.began = map[int]uint64{}, 0
	for _, pid := range roots {
		if stat, ok := t.files.Stat(pid); ok {
			t.roots[pid] = stat.Began
			if t.began == 0 || stat.Began < t.began {
				t.began = stat.Began
			}
		}
	}
}

// is says whether the tree is that of the root alone.
func (t *tree) is(root int) bool {
	_, ok := t.roots[root]
	return ok && len(t.roots) == 1
}

// pids are the processes of the tree as of the last reading.
func (t *tree) pids() []int { return slices.Collect(maps.Keys(t.members)) }

// follow has the tree be that of other roots. What those have done until now is no
// part of what is told of the tree.
func (t *tree) follow(roots []int) {
	t.take(roots)
	t.members, t.threads, t.pss = nil, nil, pssRounds{}
	t.read(false)
}

// visit is what is gathered on the way through the tree.
type visit struct {
	members  map[int]*member
	threads  map[int]threadTimes
	children map[int][]int // of all processes; nil where the kernel lists those of a thread
	sums     sums
	each     []measure.ProcessRSS
	thread   threadTimes // the most and the sums of what the threads did since the reading before
}

// sums are figures of which one unreadable part makes the whole missing.
type sums struct{ rss, peak, descriptors, fullest, limit figure.Value }

// read reads the tree. whole has it ask for all of the memory that is shared, too, which
// it asks for more rarely otherwise.
func (t *tree) read(whole bool) (treeReading, bool) {
	var alive []int
	for pid, began := range t.roots {
		if stat, ok := t.files.Stat(pid); ok && stat.Began == began && !stat.Ended() {
			alive = append(alive, pid)
		}
	}
	if len(alive) == 0 {
		return treeReading{}, false
	}
	v := visit{members: map[int]*member{}, threads: make(map[int]threadTimes, len(t.threads))}
	v.sums = sums{rss: figure.Of(0), peak: figure.Of(0), descriptors: figure.Of(0)}
	if !t.lists {
		v.children = system.ChildrenOfAll()
	}
	for _, pid := range alive {
		t.visit(&v, pid)
	}
	// Who lost its parent is not reached from the root any more, but still ours.
	for pid := range t.members {
		t.visit(&v, pid)
	}
	if len(v.members) == 0 {
		return treeReading{}, false
	}
	// A process that runs holds memory: 0 means that it could not be read.
	for _, figure := range []*figure.Value{&v.sums.rss, &v.sums.peak} {
		figure.Known = figure.Known && figure.Value > 0
	}
	t.pss.read(t.files, v.members, v.sums.rss.Value, whole, time.Now())
	for i := range v.each {
		v.each[i].PSSBytes = t.pss.known[v.each[i].PID]
	}
	reading := treeReading{spent: spent(t.members, v.members), spentKnown: true}
	reading.sample = measure.Sample{
		Processes:       len(v.members),
		ByProcess:       largest(v.each),
		RSSBytes:        v.sums.rss,
		PeakRSSBytes:    v.sums.peak,
		PSSBytes:        t.pss.sum,
		Threads:         figure.Value{Value: float64(len(v.threads)), Known: len(v.threads) > 0},
		FileDescriptors: v.sums.descriptors,

		DescriptorsOfFullest: v.sums.fullest, DescriptorLimit: v.sums.limit,
	}
	if len(t.threads) > 0 && len(v.threads) > 0 {
		reading.hottest = figure.Of(float64(v.thread.ran) / 1e9)
		reading.waited = figure.Of(float64(v.thread.waited) / 1e9)
		reading.sample.ContextSwitches = figure.Of(float64(v.thread.turns))
	}
	t.members, t.threads = v.members, v.threads
	return reading, true
}

// visit reads the process and its descendants, unless it was visited. Of those
// known from the reading before it takes no other for them.
func (t *tree) visit(v *visit, root int) {
	for pids := []int{root}; len(pids) > 0; pids = pids[1:] {
		pid := pids[0]
		if v.members[pid] != nil {
			continue
		}
		stat, ok := t.files.Stat(pid)
		if !ok || stat.Began < t.began {
			continue
		}
		m := &member{began: stat.Began}
		switch was := t.members[pid]; {
		case was != nil && was.began == stat.Began:
			m.process = was.process
		case was != nil && pid == root && t.roots[pid] != stat.Began: // the number is another's now
			continue
		default:
			// All that is needed of a handle; NewProcess would look for the
			// process first.
			m.process = &process.Process{Pid: int32(pid)}
		}
		m.measure(pid, stat)
		v.members[pid] = m
		if !stat.Ended() { // of a zombie there is but its CPU time
			t.memory(v, m, stat.Name)
			pids = append(pids, t.tasks(v, pid)...)
		}
	}
}

// memory adds up what the process holds. One that ends meanwhile holds nothing;
// one that can't be read makes the figure missing.
func (t *tree) memory(v *visit, m *member, name string) {
	one := measure.ProcessRSS{PID: int(m.process.Pid), Name: name}
	memory, err := m.process.MemoryInfo()
	if err == nil {
		one.RSSBytes = figure.Of(float64(memory.RSS))
		v.sums.rss = v.sums.rss.Plus(one.RSSBytes)
	} else if !vanished(err) {
		v.sums.rss = figure.Value{}
	}
	if err == nil || !vanished(err) {
		v.each = append(v.each, one)
	}
	if most, ok := peakRSS(t.files, int(m.process.Pid)); ok {
		v.sums.peak = v.sums.peak.Plus(figure.Of(most))
	}
	if count, err := descriptors(m.process); err == nil {
		v.sums.descriptors = v.sums.descriptors.Plus(figure.Of(count))
		if limit, ok := descriptorLimit(int(m.process.Pid)); ok && (!v.sums.limit.Known || count*v.sums.limit.Value >= v.sums.fullest.Value*limit) {
			v.sums.fullest, v.sums.limit = figure.Of(count), figure.Of(limit)
		}
	} else if !vanished(err) {
		v.sums.descriptors = figure.Value{} // another user's, perhaps
	}
}

func vanished(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) }

// tasks reads the threads of the process and returns its children.
func (t *tree) tasks(v *visit, pid int) (children []int) {
	directory, err := unix.Open(system.Path(pid, "task"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(directory)
	var room [16][]byte
	for _, tid := range t.files.Numbers(directory) {
		thread := strconv.Itoa(tid)
		if text, ok := t.files.Read(directory, thread+"/schedstat"); ok {
			v.turn(tid, t.threads, system.Fields(text, room[:]))
		}
		if !t.lists {
			continue
		}
		if text, ok := t.files.Read(directory, thread+"/children"); ok {
			for _, field := range system.Fields(text, room[:]) {
				if child, ok := system.Number(field); ok {
					children = append(children, int(child))
				}
			}
		}
	}
	if !t.lists {
		return v.children[pid]
	}
	return children
}

// turn adds what a thread did since the reading before. A thread that is new, or
// has the number of one that ended, did all of it since.
func (v *visit) turn(tid int, threads map[int]threadTimes, schedstat [][]byte) {
	if len(schedstat) < 3 {
		return
	}
	var now threadTimes
	now.ran, _ = system.Number(schedstat[0])
	now.waited, _ = system.Number(schedstat[1])
	now.turns, _ = system.Number(schedstat[2])
	v.threads[tid] = now
	before := threads[tid]
	if now.ran < before.ran || now.turns < before.turns || now.waited < before.waited {
		before = threadTimes{}
	}
	v.thread.ran = max(v.thread.ran, now.ran-before.ran)
	v.thread.waited += now.waited - before.waited
	v.thread.turns += now.turns - before.turns
}

// peakRSS is the most memory the process ever held, in bytes.
func peakRSS(files *system.Files, pid int) (float64, bool) {
	text, ok := files.Read(unix.AT_FDCWD, system.Path(pid, "status"))
	if !ok {
		return 0, false
	}
	_, rest, ok := bytes.Cut(text, []byte("\nVmHWM:"))
	if !ok {
		return 0, false
	}
	var room [64][]byte
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	all := system.Fields(line, room[:])
	if len(all) != 2 {
		return 0, false
	}
	kilobytes, ok := system.Number(all[0])
	return float64(kilobytes) * 1024, ok
}

// parseDescriptorLimit finds the soft limit of open files in /proc/PID/limits.
func parseDescriptorLimit(text []byte) (float64, bool) {
	_, rest, ok := bytes.Cut(text, []byte("Max open files"))
	if !ok {
		return 0, false
	}
	line, _, _ := bytes.Cut(rest, []byte("\n"))
	all := system.Fields(line, nil)
	if len(all) < 2 {
		return 0, false
	}
	limit, ok := system.Number(all[0]) // "unlimited" is none that could be reached
	return float64(limit), ok
}

// descriptors counts the open files of a process. Since Linux 6.2 their number is
// the size of the directory; before, the directory must be read, which takes ms
// with thousands of connections.
func descriptors(of *process.Process) (float64, error) {
	var directory unix.Stat_t
	if err := unix.Stat(system.Path(int(of.Pid), "fd"), &directory); err != nil {
		return 0, err
	}
	if directory.Size > 0 {
		return float64(directory.Size), nil
	}
	count, err := of.NumFDs()
	return float64(count), err
}
