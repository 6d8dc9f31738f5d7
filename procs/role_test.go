//go:build unix

package procs

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// roleVariable makes a run of the test binary a child of one of the kinds below.
const roleVariable = "PROCS_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role, os.Args[1:])
		return
	}
	// Children begin with a hang-up that ends them, also under nohup.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	os.Exit(m.Run())
}

// kept keeps what the crowd makes from being left out.
var kept []byte

// play is what the children of the tests do. Each says "ready" when it is, and
// "pid N" for each process that it starts.
func play(role string, args []string) {
	switch role {
	case "server": // listens on its argument and ends on SIGTERM
		listener, err := net.Listen("tcp", "127.0.0.1:"+args[0])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		if len(args) > 1 { // and says a word every 10 ms
			go func() {
				for i := 0; ; i++ {
					fmt.Println("word", i)
					time.Sleep(10 * time.Millisecond)
				}
			}()
		}
		readyUntilTerm()
		listener.Close()
	case "crowd": // many goroutines that want to run all the time, and make garbage
		for range 50 {
			go func() {
				for {
					kept = make([]byte, 1<<16)
				}
			}()
		}
		readyUntilTerm()
	case "server-in-a-network", "docker-proxy": // the same, where the loopback may be down
		setUp(role)
		listener, err := net.Listen("tcp", ":"+args[0])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		readyUntilTerm()
		listener.Close()
	case "daemonizes-server": // leaves a server in a session of its own behind, and ends
		server := exec.Command(os.Args[0], args...)
		server.Env = append(os.Environ(), roleVariable+"=server")
		server.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		server.Stdout, server.Stderr = os.Stdout, os.Stderr
		if err := server.Start(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	case "talks": // holds a connection to its arguments
		conn, err := net.Dial(args[0], args[1])
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		readyUntilTerm()
		conn.Close()
	case "first":
		asFirstProcess()
	case "asks-on-terminal": // has a server that asks, and says what came of it
		if _, err := os.Open("/dev/tty"); err != nil {
			fmt.Println("this test shows nothing:", err)
			os.Exit(1)
		}
		child, err := Start(Command{Path: "/bin/sh", Args: []string{"-c", "read key </dev/tty || echo no terminal"}})
		if err == nil {
			<-child.Done()
			fmt.Println(child.LastLines(9))
		}
	case "quiet":
		readyUntilTerm()
	case "stubborn":
		signal.Ignore(syscall.SIGTERM)
		fmt.Println("ready")
		select {}
	case "forks": // its argument says how many workers; each may outlive it
		number, _ := strconv.Atoi(args[0])
		for range number {
			begin("stubborn", &syscall.SysProcAttr{})
		}
		readyUntilTerm()
	case "daemonizes": // leaves a stubborn process in a session of its own behind, and ends
		begin("stubborn", &syscall.SysProcAttr{Setsid: true})
		fmt.Println("ready")
	case "keeps-daemon": // the same, but stays
		begin("daemonizes", &syscall.SysProcAttr{})
		readyUntilTerm()
	case "exits":
		fmt.Println("reading the configuration")
		fmt.Fprintln(os.Stderr, "no configuration")
		os.Exit(3)
	case "dies":
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "burns": // one thread, all of it
		fmt.Println("ready")
		burn(time.Hour)
	case "burns-for": // as much CPU time as its argument says, then ends
		most, _ := time.ParseDuration(args[0])
		burn(most)
	case "short-lived": // a worker at a time that burns CPU and ends
		fmt.Println("ready")
		for range 3 {
			worker := exec.Command(os.Args[0], args[0])
			worker.Env = append(os.Environ(), roleVariable+"=burns-for")
			_ = worker.Run()
		}
		fmt.Println("worked")
		untilTerm()
	case "leaks": // 16 MB at each line on its standard output
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
	case "shares-memory": // as many MB as its first argument says with as many workers as the second; its third is their file
		size, _ := strconv.Atoi(args[0])
		if err := shareMemory(size<<20, args[1:]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		readyUntilTerm()
	case "floods": // as many lines as its argument says, the last one endless
		number, _ := strconv.Atoi(args[0])
		out := bufio.NewWriter(os.Stdout)
		for i := range number {
			fmt.Fprintln(out, "line", i, strings.Repeat("x", 80))
		}
		fmt.Fprint(out, strings.Repeat("y", 1<<20))
		out.Flush()
	case "threads": // as many threads as its argument says, and as many workers with as many
		threads, _ := strconv.Atoi(args[0])
		workers, _ := strconv.Atoi(args[1])
		for range threads {
			go func() { runtime.LockOSThread(); select {} }()
		}
		for range workers {
			begin("threads", &syscall.SysProcAttr{}, args[0], "0")
		}
		readyUntilTerm()
	case "benchtui": // starts the role in its arguments, and is killed
		runtime.LockOSThread() // the first thread never ends: none may start on it
		child, err := Start(Command{
			Path: os.Args[0], Args: args[1:], Env: []string{roleVariable + "=" + args[0]},
			OnLine: func(line string) { fmt.Println(line) },
		})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("pid", child.PID())
		// The thread that started the child must not end, whatever the others do.
		endThreads()
		select {}
	default:
		fmt.Println("no such role:", role)
		os.Exit(1)
	}
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

// begin starts a role, and returns when it is ready.
func begin(role string, attributes *syscall.SysProcAttr, args ...string) {
	beginWith(nil, role, attributes, args...)
}

// beginWith is begin with files that the role has open from 3 on.
func beginWith(files []*os.File, role string, attributes *syscall.SysProcAttr, args ...string) {
	cmd := exec.Command(os.Args[0], args...)
	cmd.ExtraFiles = files
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.SysProcAttr = attributes
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("pid", cmd.Process.Pid)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if lines.Text() == "ready" {
			return
		}
		fmt.Println(lines.Text())
	}
}

// shareMemory writes to so many bytes and has as many workers as its first argument
// says write to the same ones: a file that has no name any more, whose number is the
// second for those.
func shareMemory(size int, args []string) error {
	workers, _ := strconv.Atoi(args[0])
	var file *os.File
	if len(args) > 1 {
		file = os.NewFile(3, "shared")
	} else {
		var err error
		if file, err = os.CreateTemp("", "shared"); err != nil {
			return err
		}
		_ = os.Remove(file.Name())
		if err := file.Truncate(int64(size)); err != nil {
			return err
		}
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return err
	}
	for at := 0; at < len(memory); at += 4096 {
		memory[at] = 1
	}
	for range workers {
		beginWith([]*os.File{file}, "shares-memory", &syscall.SysProcAttr{}, strconv.Itoa(size>>20), "0", "3")
	}
	return nil
}

// endThreads has all idle threads end: goroutines that end while locked to a
// thread take it along, and so many at the same time need each its own.
func endThreads() {
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
	for spins := 0; spins%(1<<24) != 0 || usage(syscall.RUSAGE_SELF) < most; spins++ {
	}
}

func usage(who int) time.Duration {
	var spent syscall.Rusage
	if syscall.Getrusage(who, &spent) != nil {
		return 0
	}
	return time.Duration(spent.Utime.Nano() + spent.Stime.Nano())
}

// patience is how long a test waits for what must come; no test waits for it to pass.
const patience = 15 * time.Second

// run is a child of a test, with what it said.
type run struct {
	*Child
	mu    sync.Mutex
	said  []string
	spoke chan struct{}
}

// start starts a role; it is stopped, and verified gone, as the test ends.
func start(t testing.TB, role string, args ...string) *run {
	t.Helper()
	return startWith(t, Command{Path: os.Args[0], Args: args, Env: []string{roleVariable + "=" + role}})
}

func startWith(t testing.TB, command Command) *run {
	t.Helper()
	r := &run{spoke: make(chan struct{}, 1)}
	command.Env = append(command.Env, "GORACE=atexit_sleep_ms=0") // the race detector's leave-taking
	command.OnLine = func(line string) {
		r.mu.Lock()
		r.said = append(r.said, line)
		r.mu.Unlock()
		select {
		case r.spoke <- struct{}{}:
		default:
		}
	}
	child, err := Start(command)
	if err != nil {
		t.Fatal(err)
	}
	r.Child = child
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		if err := r.Stop(now, 0); err != nil {
			t.Error(err)
		}
		for _, pid := range r.pids() {
			if running(pid) {
				t.Errorf("process %d outlived the test", pid)
			}
		}
	})
	return r
}

// await waits until the child says the line.
func (r *run) await(t testing.TB, line string) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		for _, said := range r.lines() {
			if said == line {
				return
			}
		}
		select {
		case <-r.spoke:
		case <-limit.C:
			t.Fatalf("the child never said %q, but %q", line, r.lines())
		}
	}
}

func (r *run) awaitEnd(t testing.TB) {
	t.Helper()
	select {
	case <-r.Done():
	case <-time.After(patience):
		t.Fatal("the child did not end")
	}
}

func (r *run) lines() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.said...)
}

// pids are the child and the processes that it told of.
func (r *run) pids() []int {
	pids := []int{r.PID()}
	for _, line := range r.lines() {
		if number, ok := strings.CutPrefix(line, "pid "); ok {
			pid, _ := strconv.Atoi(number)
			pids = append(pids, pid)
		}
	}
	return pids
}

// until waits for a condition.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("in %s there was never: %s", patience, what)
		}
	}
}
