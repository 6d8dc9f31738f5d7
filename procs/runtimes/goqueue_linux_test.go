package runtimes

import (
	"bufio"
	"bytes"
	"debug/elf"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/measure"
)

// buildCrowd builds testdata/crowd into a folder that everybody may read.
func buildCrowd(t testing.TB, flags ...string) (path string) {
	t.Helper()
	folder, err := os.MkdirTemp("", "benchtui-crowd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, "crowd")
	build := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), "./testdata/crowd")...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// startCrowd starts it: 299 goroutines wait.
func startCrowd(t testing.TB, path string) (pid int) {
	t.Helper()
	child := exec.Command(path)
	child.Env = append(os.Environ(), "GOMAXPROCS=1")
	return start(t, child)
}

// start starts one, and waits until it has begun.
func start(t testing.TB, child *exec.Cmd) (pid int) {
	t.Helper()
	out, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	return child.Process.Pid
}

// queueTold is the first that a watch tells of the run queue of a process.
func queueTold(t *testing.T, watch *Watch, pid int, measured bool) measure.Runtime {
	t.Helper()
	watch.Follow([]int{pid}, measured)
	for limit := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		if told := watch.Since(); told.RunQueue.Known || told.RunQueueLacks != "" || time.Now().After(limit) {
			return told
		}
	}
}

// needsMemory skips a test where the system lets nobody read another's memory.
func needsMemory(t *testing.T) {
	t.Helper()
	if !ReadsMemoryOfDescendants() {
		t.Skip("NOT CHECKED: this system does not let memory of processes be read")
	}
}

func TestRunQueueOfAGoServerIsReadFromItsMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds programs")
	}
	needsMemory(t)
	for name, c := range map[string]struct {
		flags []string
		lacks error
	}{
		"as it is by default":  {nil, nil},
		"position independent": {[]string{"-buildmode=pie"}, nil},
		"stripped":             {[]string{"-ldflags=-s"}, errNoDebugData},
		"without debug data":   {[]string{"-ldflags=-w"}, errNoDebugData},
	} {
		t.Run(name, func(t *testing.T) {
			path := buildCrowd(t, c.flags...)
			programs := &Programs{}
			if tells := programs.TellsInMemory(path); tells != (c.lacks == nil) {
				t.Errorf("before it is started, that its memory tells is %v", tells)
			}
			pid := startCrowd(t, path)
			watch := NewWatch(programs)
			defer watch.Stop()
			told := queueTold(t, watch, pid, true) // it is known
			switch {
			case c.lacks != nil && (told.RunQueue.Known || told.RunQueueLacks != c.lacks.Error()):
				t.Errorf("told %+v", told)
			case c.lacks == nil && (told.RunQueue.Value < 295 || told.RunQueue.Value > 310): // and some of the runtime's own
				t.Errorf("told %+v", told)
			}
			if told.Processes != 0 || len(told.Untold) != 1 || told.Untold[0].Name != Go {
				t.Errorf("of its pauses it told %+v", told)
			}
		})
	}
}

// A large program takes a second to be read: not while a load is measured.
func TestNoProgramIsReadWhileALoadIsMeasured(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds a program")
	}
	needsMemory(t)
	pid := startCrowd(t, buildCrowd(t))
	programs := &Programs{}
	watch := NewWatch(programs)
	defer watch.Stop()
	if told := queueTold(t, watch, pid, true); told.RunQueue.Known || told.RunQueueLacks != errUnread.Error() {
		t.Errorf("told %+v", told)
	}
	if told := queueTold(t, watch, pid, false); !told.RunQueue.Known || told.RunQueueLacks != "" {
		t.Errorf("after it told %+v", told)
	}
	if len(programs.known) != 1 {
		t.Errorf("it knows %d programs", len(programs.known))
	}
}

// nobody is a user that has no rights.
const nobody = 65534

// asNobody runs something as nobody; not if this one has none to become it.
func asNobody(t *testing.T, run func()) (ran bool) {
	t.Helper()
	if os.Geteuid() != 0 {
		return false
	}
	done := make(chan unix.Errno)
	go func() {
		runtime.LockOSThread()                                                       // for good: the thread ends with the goroutine
		_, _, refused := unix.RawSyscall(unix.SYS_SETRESUID, nobody, nobody, nobody) // of this thread alone
		if refused == 0 {
			run()
		}
		done <- refused
	}()
	refused := <-done
	// The kernel takes a process of which a part gave up its rights for one with secrets.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		t.Error(err)
	}
	return refused == 0
}

func TestMemoryOfAnotherUsersProcessIsNotRead(t *testing.T) {
	if os.Geteuid() != 0 { // the first process of the machine is another's, or this test's own
		if err := memoryOf(1, make([]byte, 8), []memoryPart{{0x1000, 8}}); !errors.Is(err, errNoPermission) && !errors.Is(err, errNoReading) {
			t.Errorf("pid 1: %v", err)
		}
		return
	}
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds a program")
	}
	needsMemory(t)
	path := buildCrowd(t)
	pid := startCrowd(t, path)
	layout, err := new(Programs).of(open(t, path), false)
	if err != nil {
		t.Fatal(err)
	}
	var refused error
	var told, nameless measure.Runtime
	child := exec.Command(path)
	child.Args[0] = "./crowd" // of a folder that only its user knows
	child.Env = append(os.Environ(), "GOMAXPROCS=1")
	elsewhere := start(t, child)
	if !asNobody(t, func() {
		queue := &goQueue{layout: layout, base: func() (uint64, error) { return 0, nil }, memory: func(into []byte, from []memoryPart) error { return memoryOf(pid, into, from) }}
		_, refused = queue.look()
		one := &process{pid: pid}
		one.look(time.Now(), nil, false)
		told = one.told(time.Now())
		one = &process{pid: elsewhere}
		one.look(time.Now(), nil, false)
		nameless = one.told(time.Now())
	}) {
		t.Skip("NOT CHECKED: that another user's memory is not read; the system lets nobody become nobody")
	}
	if !errors.Is(refused, errNoPermission) {
		t.Errorf("reading it: %v", refused)
	}
	if told.RunQueue.Known || told.RunQueueLacks != errNoPermission.Error() {
		t.Errorf("told %+v", told)
	}
	if len(nameless.Lacks) != 1 || nameless.Lacks[0] != lacksProgram || len(nameless.Untold) > 0 {
		t.Errorf("of one whose file is not known, told %+v", nameless)
	}
}

// Of a program that its user may start and not read the system protects the memory, from
// that user, too; as of one that said so itself (PR_SET_DUMPABLE).
func TestMemoryOfAProtectedProcessIsNotRead(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds a program")
	}
	needsMemory(t)
	path := buildCrowd(t)
	layout, err := new(Programs).of(open(t, path), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o111); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(path)
	child.Env = append(os.Environ(), "GOMAXPROCS=1")
	if os.Geteuid() == 0 {
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody, NoSetGroups: true}}
	}
	pid := start(t, child)
	var refused error
	look := func() {
		queue := &goQueue{layout: layout, base: func() (uint64, error) { return 0, nil }, memory: func(into []byte, from []memoryPart) error { return memoryOf(pid, into, from) }}
		_, refused = queue.look()
	}
	if os.Geteuid() != 0 {
		look()
	} else if !asNobody(t, look) {
		t.Skip("NOT CHECKED: that protected memory is not read; the system lets nobody become nobody")
	}
	if !errors.Is(refused, errNoPermission) {
		t.Errorf("reading it: %v", refused)
	}
}

// Of a machine with many cores more is read than the kernel reads at once.
func TestManyPartsOfMemoryAreRead(t *testing.T) {
	needsMemory(t)
	held := bytes.Repeat([]byte{0}, 5000) // on the heap, which stays where it is
	from := make([]memoryPart, len(held))
	for i := range held {
		held[i] = byte(i * 7)
		from[i] = memoryPart{uint64(uintptr(unsafe.Pointer(&held[i]))), 1}
	}
	into := make([]byte, len(held))
	if err := memoryOf(os.Getpid(), into, from); err != nil || !bytes.Equal(into, held) {
		t.Errorf("read %v, %v", bytes.Equal(into, held), err)
	}
	if err := memoryOf(os.Getpid(), into[:8], []memoryPart{{8, 8}}); !errors.Is(err, errNonsense) {
		t.Errorf("where nothing is: %v", err)
	}
	runtime.KeepAlive(held)
}

// Where a filter of system calls forbids it, as in some containers, it is no matter of whose
// the process is: that root may is no advice there.
func TestMemoryThatAFilterKeepsIsNoMatterOfPermission(t *testing.T) {
	needsMemory(t)
	child := exec.Command("/bin/sh", "-c", "echo ready >&2; exec cat")
	if _, err := child.StdinPipe(); err != nil { // which it waits for
		t.Fatal(err)
	}
	pid := start(t, child)
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}, // the call's number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: unix.SYS_PROCESS_VM_READV},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	done := make(chan error)
	var refused error
	var reads bool
	go func() {
		runtime.LockOSThread() // for good: the thread, which alone has the filter, ends with the goroutine
		err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		if err == nil {
			err = unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&program)), 0, 0)
		}
		if err == nil {
			refused, reads = memoryOf(pid, make([]byte, 8), []memoryPart{{0x1000, 8}}), ReadsMemoryOfDescendants()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Skipf("NOT CHECKED: what a filter of system calls forbids; the system takes none: %v", err)
	}
	if !errors.Is(refused, errNoReading) || reads {
		t.Errorf("reading it: %v; that it may is %v", refused, reads)
	}
}

func open(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// A program whose debug data is broken is no reason to end, nor for a figure that is wrong.
func TestBrokenDebugDataMakesNoRunQueue(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it builds a program")
	}
	whole, err := os.ReadFile(buildCrowd(t, "-ldflags=-compressdwarf=false"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := readGoLayout(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	file, err := elf.NewFile(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	broken := 0
	const times = 60
	for i := range times {
		program := bytes.Clone(whole)
		spoil := program[:4096]
		if section := file.Section([]string{".debug_info", ".debug_abbrev", ".shstrtab"}[i%3]); i%4 != 0 {
			spoil = program[section.Offset : section.Offset+section.FileSize]
		}
		for range 1 + len(spoil)/50 {
			spoil[random.IntN(len(spoil))] = byte(random.Uint32())
		}
		if got, err := readGoLayout(bytes.NewReader(program)); err != nil || *got != *want {
			broken++
		}
		if got, err := readGoLayout(bytes.NewReader(program[:random.IntN(len(program))])); err == nil && *got != *want {
			t.Errorf("cut off: %+v", got)
		}
	}
	if broken < times/2 {
		t.Errorf("of %d broken programs %d were not read as the whole one", times, broken)
	}
}

// What a look at a run queue costs, twenty times a second.
func BenchmarkLookAtRunQueue(b *testing.B) {
	queue, err := openGoQueue(startCrowd(b, buildCrowd(b)), nil, false)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := queue.look(); err != nil {
			b.Fatal(err)
		}
	}
}

// What it costs to read a program, once: this one's size is that of a small server.
func BenchmarkReadGoProgram(b *testing.B) {
	file, err := os.Open(buildCrowd(b))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	for b.Loop() {
		if _, err := readGoLayout(file); err != nil {
			b.Fatal(err)
		}
	}
}
