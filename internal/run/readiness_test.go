//go:build unix

package run

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/engine"
	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/plan"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/traffic"
	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/system"
)

// started runs a contender that does not come to be measured, and returns why, with
// what was told while it was waited for, and for how long.
func started(t testing.TB, contender frameworks.Contender, timeout time.Duration) (detail string, told []string, took time.Duration) {
	t.Helper()
	status := 200
	plan := Plan{
		Contenders: []frameworks.Contender{contender},
		Workload:   plan.Workload{Name: "test", Load: traffic.Load{Model: traffic.Closed, Connections: 1, Duration: 100 * time.Millisecond}},
		Grace:      200 * time.Millisecond, StartTimeout: timeout, Checks: CheckChanges{Status: &status},
	}
	began := time.Now()
	result, events := carryOut(t, plan, nil)
	for _, event := range events {
		if notice, ok := event.Body.(stream.Notice); ok {
			told = append(told, notice.Text)
		}
	}
	one := result.Contenders[0]
	if one.Status != stream.StatusStartFailed {
		t.Fatalf("%s: %s; want that it does not start", one.Status, one.StatusDetail)
	}
	return one.StatusDetail, told, time.Since(began)
}

func commandOf(t *testing.T, line string) frameworks.Contender {
	t.Helper()
	contender, err := frameworks.Command(line)
	if err != nil {
		t.Fatal(err)
	}
	return contender
}

func TestServerThatDoesNotBeginWellIsToldAsItIs(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	if listener, err := net.Listen("tcp", "[::1]:0"); err != nil {
		t.Skip("NOT CHECKED: a server on IPv6 alone; there is no IPv6 on this machine")
	} else {
		listener.Close()
	}
	const long = 40 * time.Second
	for _, c := range []struct {
		name      string
		contender frameworks.Contender
		timeout   time.Duration
		within    time.Duration // 0: any
		want      []string
		wantNot   []string
		notice    string
	}{
		{name: "401", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nwho?"}), timeout: long, within: long / 2,
			want: []string{"answers status 401", "HTTP/1.1 401 Unauthorized", "who?", "Authorization"}, wantNot: []string{"port"}, notice: "status 401"},
		{name: "404", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}), timeout: long, within: long / 2,
			want: []string{"answers status 404", "--path"}, wantNot: []string{"port"}, notice: "status 404"},
		{name: "redirect", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n"}), timeout: long, within: long / 2,
			want: []string{"status 302", "to /login"}, wantNot: []string{"port"}, notice: "to /login"},
		{name: "503", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 503 Busy\r\nContent-Length: 7\r\n\r\nloading"}), timeout: 4 * time.Second,
			want: []string{"it answers status 503", "loading"}, wantNot: []string{"port"}, notice: "status 503"},
		{name: "another protocol", contender: serverOf(t, servertest.Says, servertest.Options{Text: "220 mail.example ESMTP ready\r\n"}), timeout: long, within: long / 2,
			want: []string{"malformed reply", "it begins with", "220 mail.example"}, wantNot: []string{"port"}, notice: "220 mail.example"},
		{name: "bytes behind", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok"}), timeout: long, within: long / 2,
			want: []string{"1 byte after the reply", "Content-Length 1"}, wantNot: []string{"port"}},
		{name: "shorter than it says", contender: serverOf(t, servertest.Says, servertest.Options{Text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nok"}), timeout: 4 * time.Second,
			want: []string{"Content-Length 5, and 2 bytes came"}, wantNot: []string{"refused"}},
		{name: "mute", contender: serverOf(t, servertest.SaysNothing), timeout: 7 * time.Second,
			want: []string{"accepts connections and never answered"}, wantNot: []string{"refused", "port"}, notice: "without an answer"},
		{name: "IPv6 alone", contender: serverOf(t, servertest.ListensElsewhere, servertest.Options{Address: "[::1]:PORT"}), timeout: 4 * time.Second,
			want: []string{"it listens on [::1]:", "and not on 127.0.0.1:"}, notice: "listens on [::1]:"},
		{name: "another port", contender: serverOf(t, servertest.ListensElsewhere, servertest.Options{Address: "127.0.0.1:0"}), timeout: 4 * time.Second,
			want: []string{"it listens on 127.0.0.1:", "and not on port", "{port}"}},
		{name: "ended well, and listens nowhere", contender: serverOf(t, servertest.Exits, servertest.Options{Well: true}), timeout: 1500 * time.Millisecond,
			want: []string{"the command ended (exit code 0), and nothing has come to listen on port", "background"}, wantNot: []string{"no good reply"}},
		{name: "the same, and waited for", contender: serverOf(t, servertest.Exits, servertest.Options{Well: true}), timeout: long, within: long / 2,
			want: []string{"ended before it answered: exit code 0", "nothing listened", "background"}, wantNot: []string{"no good reply"}},
		{name: "killed", contender: serverOf(t, servertest.KillsItself, servertest.Options{Text: "panic: no room for the index", Lines: 300}), timeout: long,
			want: []string{"killed by SIGKILL", "it said: panic: no room for the index", "at frame 299"}},
		{name: "killed, in few lines", contender: serverOf(t, servertest.KillsItself, servertest.Options{Text: "could not map the index: out of room", Lines: 9}), timeout: long,
			want: []string{"it said: could not map the index: out of room", "at frame 8"}},
		{name: "a shell's variable", contender: commandOf(t, `/bin/cat "/nonexistent/$PORT"`), timeout: long,
			want: []string{"no shell read its command", "/nonexistent/$PORT", "write {port}"}},
		{name: "a dollar that is meant", contender: commandOf(t, `/bin/cat '/nonexistent/$5' '*.there-is-none'`), timeout: long,
			want: []string{"exit code 1"}, wantNot: []string{"shell"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			undisturbed(t, func(t testing.TB) {
				detail, told, took := started(t, c.contender, c.timeout)
				for _, want := range c.want {
					if !strings.Contains(detail, want) {
						t.Errorf("it lacks %q: %s", want, detail)
					}
				}
				for _, not := range c.wantNot {
					if strings.Contains(strings.ReplaceAll(detail, "--start-timeout", ""), not) {
						t.Errorf("it has %q: %s", not, detail)
					}
				}
				if !strings.Contains(strings.Join(told, "\n"), c.notice) {
					t.Errorf("told while it was waited for: %q; want %q", told, c.notice)
				}
				if c.within > 0 && took > c.within {
					t.Errorf("it took %s; want it soon", took)
				}
			})
		})
	}
}

// A server that ends while what it answered is told has ended, and has not used up its time.
func TestServerThatEndsWhileItIsJudgedHasEnded(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	port, err := procs.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	end := t.TempDir() + "/end" // where that is, the shell ends the server, and itself
	child, err := procs.Start(procs.Command{
		Path: "/bin/sh", Args: []string{"-c", `"$0" "$1" & while ! [ -e "$2" ]; do sleep 0.02; done; kill -9 $!; exit 3`, os.Args[0], strconv.Itoa(port), end},
		Env: append(os.Environ(), servertest.As(servertest.Says, servertest.Options{Text: "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Stop(context.Background(), 0) })
	s := &server{id: "ends", contender: command(t, "ends=/bin/sh"), port: port, base: fmt.Sprintf("http://127.0.0.1:%d", port), child: child, service: child.Serve(port)}
	s.stream = newEmitter(time.Now, []stream.Sink{func(event stream.Event) {
		if notice, ok := event.Body.(stream.Notice); ok && strings.Contains(notice.Text, "status 503") {
			if err := os.WriteFile(end, nil, 0o600); err != nil {
				t.Error(err)
			}
			<-s.service.Done()
		}
	}})
	plan := Plan{Workload: plan.Workload{Name: "test", Load: traffic.Load{Model: traffic.Closed, Connections: 1}}, StartTimeout: time.Minute}
	if _, err := s.awaitReady(t.Context(), plan, time.Now()); err == nil || !strings.Contains(err.Error(), "ended before it answered: exit code 3") {
		t.Errorf("%v; want that it ended", err)
	}
}

// One that answers 503 while it begins is waited for, however long that takes.
func TestServerThatIsStillLoadingIsWaitedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	undisturbed(t, func(t testing.TB) {
		run := measured(t, serverOf(t, servertest.SaysLoading, servertest.Options{For: time.Second}), traffic.Load{Model: traffic.Closed, Connections: 1, Duration: 100 * time.Millisecond}, "")
		if run.result.Status != stream.StatusOK || !strings.Contains(fmt.Sprint(run.notices()), "still loading") {
			t.Errorf("%s %s, told %q; want it measured, and told what it answered first", run.result.Status, run.result.StatusDetail, run.notices())
		}
	})
}

// Of several workers that listen on the port one may be stuck, and whoever is led to it
// waits for good: the start asks the others, too.
func TestServerIsAskedOnOtherConnectionsWhereOneStaysWithoutAReply(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	run := measured(t, serverOf(t, servertest.Hangs, servertest.Options{AtRequest: 1}), traffic.Load{Model: traffic.Closed, Connections: 1, Duration: 100 * time.Millisecond}, "")
	if run.result.Status != stream.StatusOK || run.result.Requests.OK == 0 {
		t.Errorf("%s %s; want the second connection to do", run.result.Status, run.result.StatusDetail)
	}
}

func TestLineThatSaysWhy(t *testing.T) {
	for _, c := range []struct {
		name, want string
		lines      []string
	}{
		{"Go", "panic: runtime error: index out of range [3]", []string{"listening on :80", "panic: runtime error: index out of range [3]", "", "goroutine 1 [running]:", "main.main()", "\t/app/main.go:3", "exit status 2"}},
		{"Go, by a signal", "SIGSEGV: segmentation violation", []string{"SIGSEGV: segmentation violation", "PC=0x40b1ee m=0 sigcode=0 addr=0x2172", "", "goroutine 0 gp=0x997660 m=0 mp=0x998600 [idle]:", "rax    0x0"}},
		{"JVM, by a signal", "# A fatal error has been detected by the Java Runtime Environment: SIGSEGV (0xb) at pc=0x00007f3a, pid=12, tid=13",
			[]string{"#", "# A fatal error has been detected by the Java Runtime Environment:", "#", "#  SIGSEGV (0xb) at pc=0x00007f3a, pid=12, tid=13", "#", "# JRE version: OpenJDK (25.0)"}},
		{"Python", "ValueError: no such index", []string{"Traceback (most recent call last):", `  File "a.py", line 1, in <module>`, "    f()", "ValueError: no such index"}},
		{"Node", "TypeError: Cannot read properties of undefined (reading 'x')", []string{"/app/a.js:3", "    x.y.z", "        ^", "", "TypeError: Cannot read properties of undefined (reading 'x')", "    at Object.<anonymous> (/app/a.js:3:5)", "Node.js v22.0.0"}},
		{"Java", `Exception in thread "main" java.lang.OutOfMemoryError: Java heap space`, []string{`Exception in thread "main" java.lang.OutOfMemoryError: Java heap space`, "\tat a.B.c(B.java:3)", "Error: it failed"}},
		{"Rust", "thread 'main' panicked at src/main.rs:2:5: no port", []string{"thread 'main' panicked at src/main.rs:2:5:", "no port", "note: run with `RUST_BACKTRACE=1`"}},
		{"C++", "terminate called after throwing an instance of 'std::runtime_error' what():  no port", []string{"terminate called after throwing an instance of 'std::runtime_error'", "  what():  no port"}},
		{"surer words later", "fatal error: out of memory", []string{"request failed: EOF", "fatal error: out of memory", "error: again"}},
		{"nothing", "", []string{"listening", "bye"}},
	} {
		var words lastLines
		for _, line := range c.lines {
			words.line(line)
		}
		if got := words.why(); got != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

// A try that the end of our patience cuts off says less than the replies before it.
func TestReplyBeforeTheLastTryIsWhatIsTold(t *testing.T) {
	cut := &engine.NoReplyError{Cause: measure.CauseTimeout, Connected: true}
	for _, c := range []struct {
		name            string
		reply           bool
		after           time.Duration
		answers, mutely bool
	}{
		{name: "answered before", reply: true, after: 100 * time.Millisecond, answers: true},
		{name: "answered before, and then no more", reply: true, after: muteFor, mutely: true},
		{name: "never answered", after: 100 * time.Millisecond, mutely: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			wait := startWait{server: &server{stream: newEmitter(time.Now, nil)}}
			if c.reply {
				wait.take(engine.Reply{Status: 503, Cause: "status 503"}, nil, time.Millisecond)
			}
			wait.take(engine.Reply{}, cut, c.after)
			if wait.answers != c.answers || wait.mutely != c.mutely {
				t.Errorf("answers %v, mutely %v: %s", wait.answers, wait.mutely, wait.last)
			}
		})
	}
}

// A process whose figures are asked for, and that does not listen where the load goes, is
// told as what it is.
func TestProcessThatDoesNotListenWhereAskedIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it runs a load against a real server")
	}
	t.Parallel()
	process := func(role servertest.Role, port string) int {
		cmd := exec.Command(os.Args[0], port)
		cmd.Env = append(os.Environ(), servertest.As(role))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		return cmd.Process.Pid
	}
	free, err := procs.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	serving := apart(t, servertest.Serves, servertest.Options{})
	target, err := url.Parse(serving)
	if err != nil {
		t.Fatal(err)
	}
	owner, _ := procs.PortOwner(port(t, target))
	mute := process(servertest.NeverListens, "0")
	run := func(url string, pid int) (detail, notices string) {
		contender, err := frameworks.URL(url)
		if err != nil {
			t.Fatal(err)
		}
		plan := Plan{Contenders: []frameworks.Contender{contender}, PID: pid,
			Workload: plan.Workload{Name: "test", Load: traffic.Load{Model: traffic.Closed, Connections: 1, Duration: 100 * time.Millisecond}}}
		result, events := carryOut(t, plan, nil)
		for _, event := range events {
			if notice, ok := event.Body.(stream.Notice); ok {
				notices += notice.Text + "\n"
			}
		}
		return result.Contenders[0].StatusDetail, notices
	}
	silent := fmt.Sprintf("http://127.0.0.1:%d", free)
	if detail, _ := run(silent, mute); !strings.Contains(detail, fmt.Sprintf("process %d (", mute)) || !strings.Contains(detail, "listens on no port") {
		t.Errorf("one that listens nowhere: %s", detail)
	}
	var pid int
	if _, err := fmt.Sscanf(owner[strings.LastIndex(owner, "(pid"):], "(pid %d)", &pid); err != nil {
		t.Fatalf("%q: %v", owner, err)
	}
	if detail, _ := run(silent, pid); !strings.Contains(detail, "listens on "+target.Host) {
		t.Errorf("one that listens elsewhere: %s", detail)
	}
	if _, notices := run(serving, mute); !strings.Contains(notices, "listens on no port: who answers on port") {
		t.Errorf("another answers, and told is %q", notices)
	}
	if _, notices := run(serving, pid); strings.Contains(notices, "listens on") {
		t.Errorf("it is the one that answers, and told is %q", notices)
	}
}

func port(t *testing.T, of *url.URL) int {
	t.Helper()
	number, err := strconv.Atoi(of.Port())
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// Who listens where the load goes and takes no connection is not to be loaded elsewhere.
func TestAdviceOnSilenceFitsWhatListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	if len(system.ListenersOn(port)) == 0 {
		t.Skip("NOT CHECKED: this system does not tell who listens")
	}
	for _, c := range []struct {
		none *engine.NoReplyError
		host string
		want string
	}{
		{&engine.NoReplyError{Cause: measure.CauseConnectTimeout}, "127.0.0.1", "takes no more connections"},
		{&engine.NoReplyError{Cause: measure.CauseConnectTimeout, Connected: true}, "127.0.0.1", "does it speak no TLS?"},
		{&engine.NoReplyError{Cause: measure.CauseConnectFailed}, "127.0.0.1", "is the address right?"}, // as of a network that is down
		{&engine.NoReplyError{Cause: measure.CauseConnectRefused}, "::1", fmt.Sprintf("127.0.0.1:%d is listened on: load that address", port)},
		{&engine.NoReplyError{Cause: measure.CauseConnectTimeout}, "::1", fmt.Sprintf("127.0.0.1:%d is listened on: load that address", port)},
	} {
		if got := (&Run{}).adviceOnSilence(c.none, c.host, port); !strings.Contains(got, c.want) {
			t.Errorf("%s of %s: %q, want %q", c.none.Cause, c.host, got, c.want)
		}
	}
}
