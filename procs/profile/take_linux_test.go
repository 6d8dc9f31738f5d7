package profile

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	prof "github.com/benchtui/benchtui/internal/profile"
)

// roleVariable makes a run of the test binary a child of one of the kinds below.
const roleVariable = "PROFILE_TEST_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		play(role, os.Args[1:])
		return
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) { // no test leaves a goroutine behind
		for _, program := range goServers {
			_ = os.RemoveAll(filepath.Dir(program))
		}
		os.Exit(code)
	}))
}

// goServers are the servers that were built, by their flags: each once.
var goServers = map[string]string{}

// play is what the children of the tests do.
func play(role string, args []string) {
	switch role {
	case "burn": // as much CPU time as its argument says
		most, _ := time.ParseDuration(args[0])
		burn(most)
	case "workers": // has others burn
		for range 3 {
			child := exec.Command("/proc/self/exe", "1m")
			child.Env = append(os.Environ(), roleVariable+"=burn")
			child.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			if err := child.Start(); err != nil {
				panic(err)
			}
		}
		fmt.Println("ready")
		select {}
	case "late": // burns in a thread that it makes later
		fmt.Println("ready")
		time.Sleep(300 * time.Millisecond)
		go func() {
			runtime.LockOSThread()
			burn(time.Minute)
		}()
		time.Sleep(time.Minute)
	case "hangs":
		time.Sleep(time.Minute)
	case "filtered": // asks for a profile that a filter of system calls refuses
		refuseBySeccomp()
		tell(args)
	case "asks":
		tell(args)
	}
}

// burn uses so much CPU time: where the machine stands still it waits, too.
//
//go:noinline
func burn(most time.Duration) {
	var used syscall.Rusage
	for h := uint32(1); time.Duration(used.Utime.Nano()) < most; _ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) {
		for i := range uint32(100_000) {
			h = (h ^ i) * 16777619
		}
	}
}

// tell writes what a profile of the process that its argument names is refused for.
func tell(args []string) {
	var pid int
	_, _ = fmt.Sscan(args[0], &pid)
	_, err := Take(context.Background(), Target{Roots: []int{pid}, Duration: 10 * time.Millisecond})
	refusal := &Refusal{}
	if !errors.As(err, &refusal) {
		refusal.What = fmt.Sprint(err)
	}
	_ = json.NewEncoder(os.Stdout).Encode([]any{refusal, Check().Refused})
}

// refuseBySeccomp has the kernel answer perf_event_open with EPERM, as Docker's filter does.
func refuseBySeccomp() {
	runtime.LockOSThread()
	const load, jumpIfEqual, give = 0x20, 0x15, 0x06
	program := []unix.SockFilter{
		{Code: load, K: 0}, // the number of the system call
		{Code: jumpIfEqual, K: uint32(unix.SYS_PERF_EVENT_OPEN), Jt: 0, Jf: 1},
		{Code: give, K: 0x00050000 | uint32(unix.EPERM)},
		{Code: give, K: 0x7fff0000},
	}
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		panic(err)
	}
	if _, _, err := unix.Syscall(unix.SYS_SECCOMP, 1, 1, uintptr(unsafe.Pointer(&filter))); err != 0 { // for all threads
		panic(err)
	}
}

// startRole starts a child of the test binary.
func startRole(t *testing.T, change func(*exec.Cmd), role string, args ...string) *exec.Cmd {
	t.Helper()
	child := exec.Command("/proc/self/exe", args...)
	child.Env = append(os.Environ(), roleVariable+"="+role)
	if change != nil {
		change(child)
	}
	start(t, child)
	return child
}

// requireProfiles ends a test where the machine refuses all profiles, or time is short.
func requireProfiles(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	if refused := Check().Refused; refused != nil {
		t.Skipf("NOT CHECKED: %v", refused)
	}
}

// take takes a profile; where others leave the process little of the cores, for as long
// as it needs to have some samples.
func take(t *testing.T, most time.Duration, pid int) *prof.Profile {
	t.Helper()
	var p *prof.Profile
	for range 20 {
		one, err := Take(context.Background(), Target{Roots: []int{pid}, Duration: most})
		if err != nil {
			t.Fatal(err)
		}
		if p = prof.Merge(p, one); p.Count() >= 40 {
			return p
		}
	}
	t.Fatalf("%d samples in %s: %+v", p.Count(), p.Duration, p)
	return nil
}

// told is a profile's five hottest functions, for a test's failure.
func told(p *prof.Profile) string {
	var lines strings.Builder
	for i, hot := range p.Hottest(prof.OwnFirst) {
		if i < 5 {
			fmt.Fprintf(&lines, "\n%s %5.1f %% %5.1f %% %s %s [%s]", hot.Kind.Letter(), 100*hot.SelfShare, 100*hot.TotalShare, hot.Name, hot.Place(), hot.Module)
		}
	}
	return fmt.Sprintf("%s\n%+v", lines.String(), p.Notes)
}

func hasNote(p *prof.Profile, word string) bool {
	return slices.ContainsFunc(p.Notes, func(n prof.Note) bool { return strings.Contains(n.Lacks, word) })
}

// buildGo builds the server with a hot function.
func buildGo(t *testing.T, flags ...string) string {
	t.Helper()
	if built := goServers[strings.Join(flags, " ")]; built != "" {
		return built
	}
	folder, err := os.MkdirTemp("", "benchtui-goserver-")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(folder, "goserver")
	goServers[strings.Join(flags, " ")] = program
	build := exec.Command("go", append(append([]string{"build", "-o", program}, flags...), "./testdata/goserver")...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// loaded sends requests to a server until the test ends.
func loaded(t *testing.T, address string) {
	ctx, stop := context.WithCancel(context.Background())
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: strings.HasPrefix(address, "https:"), TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	var clients sync.WaitGroup
	for range 2 {
		clients.Go(func() {
			for ctx.Err() == nil {
				request, _ := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
				if reply, err := client.Do(request); err == nil {
					_ = reply.Body.Close()
				}
			}
		})
	}
	t.Cleanup(func() { stop(); clients.Wait(); client.CloseIdleConnections() })
}

func TestHotFunctionOfAGoServerComesFirst(t *testing.T) {
	requireProfiles(t)
	for name, flags := range map[string][]string{"as it is built": nil, "stripped": {"-ldflags=-s -w"}} {
		t.Run(name, func(t *testing.T) {
			child := exec.Command(buildGo(t, flags...))
			loaded(t, firstLineOf(t, child))
			p := take(t, 500*time.Millisecond, child.Process.Pid)
			first := p.Hottest(prof.OwnFirst)[0]
			if first.Name == "main.step" { // which is inlined into it
				first = p.Hottest(prof.OwnFirst)[1]
			}
			if first.Name != "main.busy" || first.Kind != prof.Own || filepath.Base(first.File) != "main.go" || first.Line < 22 || first.Line > 31 || first.Start != 26 {
				t.Errorf("the first is %+v%s", first, told(p))
			}
			callers := p.CalledFrom(first.Function)
			if runtime.GOARCH == "amd64" && (len(callers) != 1 || callers[0].Function != "main.handler" || callers[0].Line != 35) {
				t.Errorf("called from %+v%s", callers, told(p))
			}
			if hasNote(p, "names of functions") || hasNote(p, "stripped") || hasNote(p, "frame pointers") {
				t.Errorf("notes: %+v", p.Notes)
			}
			if p.Processes[0].Name != "goserver" || p.Source != "perf_event_open" || p.Period != time.Second/499 {
				t.Errorf("of %+v by %s every %s", p.Processes, p.Source, p.Period)
			}
		})
	}
}

// buildC compiles one of the programs in testdata/c.
func buildC(t *testing.T, name string, flags ...string) string {
	t.Helper()
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("NOT CHECKED: gcc not found")
	}
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("gcc", append([]string{"-O2", "-o", program, "testdata/c/" + name + ".c"}, flags...)...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return program
}

func runC(t *testing.T, program string) *prof.Profile {
	t.Helper()
	child := exec.Command(program)
	start(t, child)
	return take(t, 500*time.Millisecond, child.Process.Pid)
}

// ownStacks are the parts of a profile's stacks that are the program's own, the leaf first.
func ownStacks(p *prof.Profile) []string {
	var stacks []string
	for _, sample := range p.Samples {
		var names []string
		for _, index := range sample.Stack {
			if frame := p.Frames[index]; frame.Kind == prof.Own {
				names = append(names, strings.TrimSpace(frame.Function+" "+frame.Place()))
			}
		}
		stacks = append(stacks, strings.Join(names, ", "))
	}
	return stacks
}

// Compilers leave frame pointers out, unless they are told otherwise.
func TestCallersInAProgramWithoutFramePointers(t *testing.T) {
	requireProfiles(t)
	if runtime.GOARCH != "amd64" {
		t.Skip("NOT CHECKED: call frame information is read on amd64 only")
	}
	p := runC(t, buildC(t, "hot", "-fomit-frame-pointer"))
	if stacks := ownStacks(p); !slices.Contains(stacks, "busy, handler, main") || hasNote(p, "frame pointers") {
		t.Errorf("stacks %q%s", stacks, told(p))
	}
}

func TestInlinedFunctionsAndLinesOfANativeProgram(t *testing.T) {
	requireProfiles(t)
	if runtime.GOARCH != "amd64" {
		t.Skip("NOT CHECKED: the caller of a function without a frame is found on amd64 only")
	}
	p := runC(t, buildC(t, "hot", "-g", "-fno-omit-frame-pointer"))
	if stacks := ownStacks(p); !slices.Contains(stacks, "step hot.c:7, busy hot.c:13, handler hot.c:18, main hot.c:25") && !slices.Contains(stacks, "busy hot.c:12, handler hot.c:18, main hot.c:25") {
		t.Errorf("no stack has what was inlined: %q%s", stacks, told(p))
	}
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "step" && first.Name != "busy" {
		t.Errorf("first is %+v%s", first, told(p))
	}
}

func TestWhatAProgramLacksIsTold(t *testing.T) {
	requireProfiles(t)
	for name, c := range map[string]struct {
		flags []string
		first string
		note  string
	}{
		"stripped":               {[]string{"-s", "-fno-omit-frame-pointer"}, "[hot]", "hot is stripped"},
		"without frame pointers": {[]string{"-fomit-frame-pointer", "-fno-asynchronous-unwind-tables", "-fno-unwind-tables"}, "busy", "no frame pointers"},
	} {
		t.Run(name, func(t *testing.T) {
			p := runC(t, buildC(t, "hot", c.flags...))
			if first := p.Hottest(prof.OwnFirst)[0]; first.Name != c.first || first.Kind != prof.Own {
				t.Errorf("first is %+v, want %s%s", first, c.first, told(p))
			}
			if !hasNote(p, c.note) {
				t.Errorf("no note says %q: %+v", c.note, p.Notes)
			}
		})
	}
}

func TestSymbolsInAFileBesideTheProgram(t *testing.T) {
	requireProfiles(t)
	program := buildC(t, "hot", "-g", "-fno-omit-frame-pointer", "-Wl,--build-id")
	if _, err := exec.LookPath("objcopy"); err != nil {
		t.Skip("NOT CHECKED: objcopy not found")
	}
	for _, args := range [][]string{{"--only-keep-debug", program, program + ".dbg"}, {"--strip-all", program}, {"--add-gnu-debuglink=" + program + ".dbg", program}} {
		command := exec.Command("objcopy", args...)
		command.Dir = filepath.Dir(program)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("objcopy %v: %v\n%s", args, err, out)
		}
	}
	p := runC(t, program)
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "step" && first.Name != "busy" || filepath.Base(first.File) != "hot.c" || hasNote(p, "stripped") {
		t.Errorf("first is %+v%s", first, told(p))
	}
}

func TestCodeThatARuntimeMadeHasItsNameFromThePerfMap(t *testing.T) {
	requireProfiles(t)
	program := buildC(t, "jit")
	child := exec.Command(program)
	start(t, child)
	t.Cleanup(func() { _ = os.Remove(fmt.Sprintf("/tmp/perf-%d.map", child.Process.Pid)) })
	p := take(t, 500*time.Millisecond, child.Process.Pid)
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "busy" || first.Place() != "app.js:5" || first.Kind != prof.Own {
		t.Errorf("first is %+v%s", first, told(p))
	}
}

// A container's files are not where they say they are.
func TestProgramInAContainer(t *testing.T) {
	requireProfiles(t)
	program := buildC(t, "jit", "-static")
	inside := t.TempDir()
	script := `mount -t tmpfs none "$1" && cp "$2" "$1/server" && mkdir "$1/tmp" && echo ready && exec chroot "$1" /server`
	child := exec.Command("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", inside, program)
	child.Stderr = &strings.Builder{}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Skipf("NOT CHECKED: %v", err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	if !bufio.NewScanner(out).Scan() {
		t.Skipf("NOT CHECKED: no namespaces of its own: %s", child.Stderr)
	}
	p := take(t, 500*time.Millisecond, child.Process.Pid)
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "busy" || first.Place() != "app.js:5" {
		t.Errorf("first is %+v%s", first, told(p))
	}
	if !slices.ContainsFunc(p.Processes, func(one prof.Process) bool { return one.Name == "server" }) {
		t.Errorf("processes %+v", p.Processes)
	}
}

// Each of the rules that Go's servers can break has a route that does.
func TestRulesKnowTheHabitsOfAGoServer(t *testing.T) {
	requireProfiles(t)
	if runtime.GOARCH != "amd64" {
		t.Skip("NOT CHECKED: the caller of a function without a frame is found on amd64 only")
	}
	program := buildGo(t)
	for route, c := range map[string]struct{ rule, caller string }{
		"json":        {"json", "main.asJSON"},
		"regexp":      {"regexp", "main.matches"},
		"crypto":      {"crypto", "main.sums"},
		"compression": {"compression", "main.packs"},
		"log":         {"log", "main.logs"},
		"file":        {"file", "main.reads"},
		"lock":        {"lock", "main.locks"},
		"gc":          {"gc", ""},
		"tls":         {"tls", ""}, // each request begins with a handshake, of which the server's code knows nothing
		"map":         {"", "main.counts"},
		"":            {"", "main.handler"},
	} {
		t.Run(route, func(t *testing.T) {
			if route == "lock" && runtime.NumCPU() < 2 {
				t.Skip("NOT CHECKED: on one core nobody waits for a lock")
			}
			child := exec.Command(program)
			if route == "tls" {
				child.Args = append(child.Args, route)
			}
			child.Env = append(os.Environ(), "GOMAXPROCS=4")
			loaded(t, firstLineOf(t, child)+"/"+route)
			var reasons []prof.Reason
			for range 10 { // with few cores waiting for a lock takes its time to be seen
				p := take(t, 400*time.Millisecond, child.Process.Pid)
				reasons = p.Reasons()
				for _, reason := range reasons {
					if reason.Rule.ID == c.rule && (c.caller == "" || reason.Caller != nil && strings.HasPrefix(reason.Caller.Function, c.caller) || reason.PassesOn() && reason.Function.Name == c.caller) {
						return
					}
				}
				t.Log(told(p))
			}
			for _, reason := range reasons {
				t.Logf("%s: %s", reason.Rule.ID, reason.Evidence("the CPU time"))
			}
			t.Errorf("no reason %q called from %s", c.rule, c.caller)
		})
	}
}

// Goroutines that wait for a P hold no lock, and the scheduler is no reason.
func TestGoroutinesThatWaitForAPAreNoReason(t *testing.T) {
	requireProfiles(t)
	child := exec.Command(buildGo(t), "1000")
	child.Env = append(os.Environ(), "GOMAXPROCS=1")
	loaded(t, firstLineOf(t, child))
	p := take(t, 500*time.Millisecond, child.Process.Pid)
	for _, reason := range p.Reasons() {
		if reason.Rule.ID != "" || reason.Function.Name != "main.busy" && reason.Function.Name != "main.step" {
			t.Errorf("told %s%s", reason.Evidence("the CPU time"), told(p))
		}
	}
	if first := p.Hottest(prof.OwnFirst)[0]; first.Name != "main.busy" && first.Name != "main.step" {
		t.Errorf("first is %+v%s", first, told(p))
	}
}

// Of a language whose functions nobody tells from outside, it is said who would.
func TestInterpreterOfAnotherLanguageIsSaid(t *testing.T) {
	requireProfiles(t)
	perl, err := exec.LookPath("perl")
	if err != nil {
		t.Skip("NOT CHECKED: perl not found")
	}
	child := exec.Command(perl, "-e", "while (1) { $sum = ($sum * 31 + 7) % 65521 }")
	start(t, child)
	p := take(t, 500*time.Millisecond, child.Process.Pid)
	if !hasNote(p, "Perl runs it") || hasNote(p, "stripped") || p.Hottest(prof.OwnFirst)[0].Kind == prof.Own {
		t.Error(told(p))
	}
}

func TestServerThatEndsInTheMiddle(t *testing.T) {
	requireProfiles(t)
	child := startRole(t, nil, "burn", "1s")
	p, err := Take(context.Background(), Target{Roots: []int{child.Process.Pid}, Duration: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if !hasNote(p, "the server ended") || p.Duration >= time.Minute {
		t.Errorf("after %s: %+v", p.Duration, p.Notes)
	}
	if hot := p.Hottest(prof.ByTotal); !slices.ContainsFunc(hot[:min(8, len(hot))], func(h prof.Hot) bool { return strings.HasSuffix(h.Name, "profile.burn") }) {
		t.Errorf("the names are gone with it%s", told(p))
	}
	_ = child.Wait()
	_, err = Take(context.Background(), Target{Roots: []int{child.Process.Pid}})
	if refusal := (*Refusal)(nil); !errors.As(err, &refusal) || refusal.Reason != Gone {
		t.Errorf("of a process that is no more: %v", err)
	}
}

func TestAllProcessesOfAServer(t *testing.T) {
	requireProfiles(t)
	child := exec.Command("/proc/self/exe")
	child.Env = append(os.Environ(), roleVariable+"=workers")
	firstLineOf(t, child)
	p := take(t, time.Second, child.Process.Pid)
	byProcess := map[int]time.Duration{}
	for _, sample := range p.Samples {
		byProcess[p.Threads[sample.Thread].PID] += sample.Weight
	}
	delete(byProcess, child.Process.Pid)
	if len(p.Processes) != 4 || len(byProcess) != 3 {
		t.Errorf("processes %+v, samples of %v", p.Processes, byProcess)
	}
}

func TestThreadThatIsBornLater(t *testing.T) {
	requireProfiles(t)
	child := exec.Command("/proc/self/exe")
	child.Env = append(os.Environ(), roleVariable+"=late")
	firstLineOf(t, child)
	p := take(t, 2*time.Second, child.Process.Pid)
	if burning := p.Hottest(prof.ByTotal); !slices.ContainsFunc(burning, func(h prof.Hot) bool {
		return strings.HasSuffix(h.Name, "profile.burn") && h.TotalShare > 0.5
	}) {
		t.Errorf("the thread that was born later is not seen%s", told(p))
	}
}

func TestProfileEndsWithItsContext(t *testing.T) {
	requireProfiles(t)
	child := startRole(t, nil, "burn", "1m")
	ctx, stop := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer stop()
	p, err := Take(ctx, Target{Roots: []int{child.Process.Pid}, Duration: time.Minute, Start: 3 * time.Second, Hz: LowHz})
	if err != nil || p.Duration >= time.Minute || p.Start != 3*time.Second || p.Period != time.Second/99 || hasNote(p, "ended") {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestRefusalSaysWhatMendsIt(t *testing.T) {
	ask := func(t *testing.T, role string, pid int, change func(*exec.Cmd)) (refusals [2]Refusal) {
		t.Helper()
		child := exec.Command("/proc/self/exe", fmt.Sprint(pid))
		child.Env = append(os.Environ(), roleVariable+"="+role)
		child.Stderr = os.Stderr
		if change != nil {
			change(child)
		}
		out, err := child.Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, &refusals); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return refusals
	}
	server := startRole(t, nil, "burn", "1m")
	t.Run("seccomp", func(t *testing.T) {
		got := ask(t, "filtered", server.Process.Pid, nil)
		level, _ := paranoidLevel()
		if level > 2 && os.Geteuid() != 0 {
			t.Skip("NOT CHECKED: kernel.perf_event_paranoid refuses first")
		}
		for _, refusal := range got {
			if refusal.Reason != Seccomp || !strings.Contains(refusal.Fix, "--cap-add PERFMON") {
				t.Errorf("refused for %+v", refusal)
			}
		}
	})
	t.Run("another user's process", func(t *testing.T) {
		if os.Geteuid() != 0 {
			t.Skip("NOT CHECKED: only root can be another user")
		}
		got := ask(t, "asks", server.Process.Pid, func(c *exec.Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534, NoSetGroups: true}}
		})
		want := OtherUser
		if level, _ := paranoidLevel(); level > 2 {
			want = Paranoid // which refuses all others, too
		}
		if got[0].Reason != want || got[0].Fix == "" {
			t.Errorf("refused for %+v", got[0])
		}
	})
}

func TestTargetHasBounds(t *testing.T) {
	for _, target := range []Target{{}, {Roots: []int{1}, Duration: -1}, {Roots: []int{1}, Duration: time.Hour}, {Roots: []int{1}, Hz: -1}, {Roots: []int{1}, Hz: 1 << 20}} {
		if p, err := Take(context.Background(), target); err == nil {
			t.Errorf("%+v: %+v", target, p)
		}
	}
}
