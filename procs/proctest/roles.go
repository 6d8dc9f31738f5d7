//go:build unix

package proctest

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/benchtui/benchtui/internal/testrole"
	"github.com/benchtui/benchtui/procs"
)

// Role is what a child does. Each says "ready" when it is, and "pid N" for each process
// that it starts.
type Role = testrole.Role

// The roles, and which options they heed.
const (
	WaitsForTerm     Role = "waits-for-term"      // ends on SIGTERM
	IgnoresTerm      Role = "ignores-term"        //
	ExitsWith3       Role = "exits-with-3"        // after it said why
	KillsItself      Role = "kills-itself"        //
	Listens          Role = "listens"             // on Port of loopback; Talks; ends on SIGTERM
	ListensInNetwork Role = "listens-in-network"  // on Port of every address, in a network whose loopback may be down
	DockerProxy      Role = "docker-proxy"        // the same, under the name of docker's
	LeavesListener   Role = "leaves-listener"     // leaves a Listens in a session of its own behind, and ends
	LeavesDaemon     Role = "leaves-daemon"       // leaves an IgnoresTerm in a session of its own behind, and ends
	KeepsDaemon      Role = "keeps-daemon"        // starts a LeavesDaemon, and stays
	Connects         Role = "connects"            // to Address of Network, and keeps the connection
	Forks            Role = "forks"               // as many Workers, each an IgnoresTerm
	HasThreads       Role = "has-threads"         // as many Threads, and as many Workers with as many
	BurnsCPU         Role = "burns-cpu"           // one core for the time For; 0: for good
	RunsShortWorkers Role = "runs-short-workers"  // three, one after another, each a BurnsCPU of the time For
	TakesMemory      Role = "takes-memory"        // 64 MB
	SharesMemory     Role = "shares-memory"       // as many MB (of 2^20) with as many Workers, who write to the same ones
	CrowdsGoroutines Role = "crowds-goroutines"   // many goroutines that want to run all the time, and make garbage
	Floods           Role = "floods"              // says as many Lines, and a last one of 1 MB without an end
	StandsStill      Role = "stands-still"        // is stopped as a child of its ends, and says what it heard of that
	IsBenchtui       Role = "is-benchtui"         // starts Role with its options, and waits to be killed
	AsksOnTerminal   Role = "asks-on-terminal"    // has a server that asks on the terminal, and says what came of it
	IsFirstProcess   Role = "is-first-of-machine" // is benchtui as the first process of a container
)

// Options are what a role is told; each heeds its own.
type Options struct {
	Port             int
	Talks            bool // says a word every 10 ms
	Network, Address string
	Workers, Threads int
	For              time.Duration
	Lines, MB        int
	Role             Role

	Inherited bool // its file is the one that it was started with
}

var roles = map[Role]func(Options){
	WaitsForTerm:     func(Options) { readyUntilTerm() },
	IgnoresTerm:      func(Options) { signal.Ignore(syscall.SIGTERM); fmt.Println("ready"); select {} },
	ExitsWith3:       func(Options) { exitWith3() },
	KillsItself:      func(Options) { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} },
	Listens:          listen,
	ListensInNetwork: func(o Options) { nameProcess(ListensInNetwork); loopbackUp(); listenAnywhere(o) },
	DockerProxy:      func(o Options) { nameProcess(DockerProxy); listenAnywhere(o) },
	LeavesListener:   leaveListener,
	LeavesDaemon: func(Options) {
		begin(IgnoresTerm, Options{}, &syscall.SysProcAttr{Setsid: true})
		fmt.Println("ready")
	},
	KeepsDaemon:      func(Options) { begin(LeavesDaemon, Options{}, nil); readyUntilTerm() },
	Connects:         connect,
	Forks:            fork,
	HasThreads:       haveThreads,
	BurnsCPU:         burnCPU,
	RunsShortWorkers: runShortWorkers,
	TakesMemory:      func(Options) { takeMemory() },
	SharesMemory:     shareMemory,
	CrowdsGoroutines: func(Options) { crowd() },
	Floods:           flood,
	StandsStill:      func(Options) { standStill() },
	IsBenchtui:       beBenchtui,
	AsksOnTerminal:   func(Options) { askOnTerminal() },
	IsFirstProcess:   func(Options) { beFirstProcess() },
}

// variable makes a run of the test binary a child.
const variable testrole.Variable = "BENCHTUI_TEST_CHILD"

// Main runs the tests, or what the environment has this process do.
func Main(m *testing.M) {
	if testrole.Play(variable, roles) {
		return
	}
	// Children begin with a hang-up that ends them, also under nohup.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	goleak.VerifyTestMain(m) // no test leaves a goroutine behind
}

// As is the variable that has the test's binary play the role; there is one set of options at most.
func As(role Role, options ...Options) string { return testrole.As(variable, role, options...) }

// command has the test's binary play the role.
func command(role Role, options Options) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), As(role, options))
	return cmd
}

func fail(what ...any) {
	fmt.Println(what...)
	os.Exit(1)
}

func listen(o Options) {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", o.Port))
	if err != nil {
		fail(err)
	}
	if o.Talks {
		go func() {
			for i := 0; ; i++ {
				fmt.Println("word", i)
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
	readyUntilTerm()
	listener.Close()
}

func listenAnywhere(o Options) {
	listener, err := net.Listen("tcp", fmt.Sprintf(":%d", o.Port))
	if err != nil {
		fail(err)
	}
	readyUntilTerm()
	listener.Close()
}

func leaveListener(o Options) {
	server := command(Listens, o)
	server.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	server.Stdout, server.Stderr = os.Stdout, os.Stderr
	if err := server.Start(); err != nil {
		fail(err)
	}
}

func connect(o Options) {
	conn, err := net.Dial(o.Network, o.Address)
	if err != nil {
		fail(err)
	}
	readyUntilTerm()
	conn.Close()
}

func askOnTerminal() {
	if _, err := os.Open("/dev/tty"); err != nil {
		fail("this test shows nothing:", err)
	}
	child, err := procs.Start(procs.Command{Path: "/bin/sh", Args: []string{"-c", "read key </dev/tty || echo no terminal"}})
	if err == nil {
		<-child.Done()
		fmt.Println(child.LastLines(9))
	}
}

func fork(o Options) {
	for range o.Workers {
		begin(IgnoresTerm, Options{}, nil)
	}
	readyUntilTerm()
}

func exitWith3() {
	fmt.Println("reading the configuration")
	fmt.Fprintln(os.Stderr, "no configuration")
	os.Exit(3)
}

func burnCPU(o Options) {
	fmt.Println("ready")
	if o.For == 0 {
		o.For = time.Hour
	}
	burn(o.For)
}

func runShortWorkers(o Options) {
	fmt.Println("ready")
	for range 3 {
		_ = command(BurnsCPU, o).Run()
	}
	fmt.Println("worked")
	untilTerm()
}

func takeMemory() {
	fmt.Println("ready")
	var kept [][]byte
	for range 4 {
		block := make([]byte, 16<<20)
		for i := range block {
			block[i] = byte(i)
		}
		kept = append(kept, block)
	}
	fmt.Println("leaked")
	untilTerm()
	runtime.KeepAlive(kept)
}

// shareMemory writes to a file without a name any more, which its workers inherit.
func shareMemory(o Options) {
	file := os.NewFile(3, "shared")
	if !o.Inherited {
		var err error
		if file, err = os.CreateTemp("", "shared"); err != nil {
			fail(err)
		}
		_ = os.Remove(file.Name())
		if err := file.Truncate(int64(o.MB << 20)); err != nil {
			fail(err)
		}
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, o.MB<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		fail(err)
	}
	for at := 0; at < len(memory); at += 4096 {
		memory[at] = 1
	}
	for range o.Workers {
		begin(SharesMemory, Options{MB: o.MB, Inherited: true}, nil, file)
	}
	readyUntilTerm()
}

// kept keeps garbage from being no allocation at all.
var kept []byte

func crowd() {
	for range 50 {
		go func() {
			for {
				kept = make([]byte, 1<<16)
				runtime.KeepAlive(kept)
			}
		}()
	}
	readyUntilTerm()
}

func flood(o Options) {
	out := bufio.NewWriter(os.Stdout)
	for i := range o.Lines {
		fmt.Fprintln(out, "line", i, strings.Repeat("x", 80))
	}
	fmt.Fprint(out, strings.Repeat("y", 1<<20))
	out.Flush()
}

func haveThreads(o Options) {
	for range o.Threads {
		go func() { runtime.LockOSThread(); select {} }()
	}
	for range o.Workers {
		begin(HasThreads, Options{Threads: o.Threads}, nil)
	}
	readyUntilTerm()
}

// standStill is stopped after its child has ended and before the last line of that is read.
func standStill() {
	started := make(chan *procs.Child, 1)
	child, err := procs.Start(procs.Command{Path: "/bin/sh", Args: []string{"-c", "echo first; sleep 0.1; echo last"}, OnLine: func(line string) {
		if line != "first" {
			return
		}
		for pid := (<-started).PID(); syscall.Kill(pid, 0) == nil; {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(20 * time.Millisecond) // its end is known, and its last lines are waited for
		wakes := exec.Command("/bin/sh", "-c", "sleep 0.6; kill -CONT $PPID")
		if err := wakes.Start(); err != nil {
			fail(err)
		}
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		_ = wakes.Wait()
		time.Sleep(50 * time.Millisecond)
	}})
	if err != nil {
		fail(err)
	}
	started <- child
	<-child.Done()
	fmt.Println(child.LastLines(5))
}

func beBenchtui(o Options) {
	runtime.LockOSThread() // the first thread never ends: none may start on it
	role := o.Role
	o.Role = ""
	child, err := procs.Start(procs.Command{
		Path: os.Args[0], Env: []string{As(role, o)},
		OnLine: func(line string) { fmt.Println(line) },
	})
	if err != nil {
		fail(err)
	}
	fmt.Println("pid", child.PID())
	// The thread that started the child must not end, whatever the others do.
	EndThreads()
	select {}
}

func readyUntilTerm() {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	fmt.Println("ready")
	<-term
}

func untilTerm() {
	term := make(chan os.Signal, 1)
	signal.Notify(term, syscall.SIGTERM)
	<-term
}

// begin starts a role, with files that it has open from 3 on, and returns when it is ready.
func begin(role Role, options Options, attributes *syscall.SysProcAttr, files ...*os.File) {
	cmd := command(role, options)
	cmd.SysProcAttr, cmd.ExtraFiles = attributes, files
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fail(err)
	}
	fmt.Println("pid", cmd.Process.Pid)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "ready" {
			return
		}
		fmt.Println(lines.Text())
	}
}

// EndThreads has all idle threads end: goroutines that end while locked to a
// thread take it along, and so many at the same time need each its own.
func EndThreads() {
	const number = 64
	var locked, ended sync.WaitGroup
	locked.Add(number)
	for range number {
		ended.Go(func() {
			runtime.LockOSThread()
			locked.Done()
			locked.Wait()
		})
	}
	ended.Wait()
}

func burn(most time.Duration) {
	runtime.LockOSThread()
	for spins := 0; spins%(1<<24) != 0 || Usage(syscall.RUSAGE_SELF) < most; spins++ {
	}
}

// Usage is the CPU time of this process, or of its ended children.
func Usage(who int) time.Duration {
	var spent syscall.Rusage
	if syscall.Getrusage(who, &spent) != nil {
		return 0
	}
	return time.Duration(spent.Utime.Nano() + spent.Stime.Nano())
}
