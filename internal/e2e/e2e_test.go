//go:build unix

package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
	"github.com/benchtui/benchtui/internal/servertest"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/internal/testrole"
	"github.com/benchtui/benchtui/procs/runtimes"
)

// demoFile is the recording that comes with benchtui.
const demoFile = "../../demo/demo.btr"

// program is the binary that the end-to-end tests run, built once.
var program string

func TestMain(m *testing.M) {
	// The reporter first: a shell that is to be a server starts it.
	if testrole.Play(reporterVariable, map[testrole.Role]func(reporter){reports: report}) {
		return
	}
	servertest.Play()
	if flag.Parse(); testing.Short() {
		fmt.Println("NOT CHECKED with -short: all of the end-to-end tests")
		return
	}
	// Those that run at the same time mostly wait, whatever the number of cores.
	if err := flag.Set("test.parallel", "4"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// Children begin with a hang-up that ends them, also under nohup.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	dir, err := os.MkdirTemp("", "benchtui-e2e")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(dir, "benchtui")
	build := exec.Command("go", "build", "-o", program, "../..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build benchtui:", err)
		os.Exit(1)
	}
	// What the runs record is not the person's whose machine this is.
	os.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// serverOf is the --cmd of a server that this binary plays, with the role as its id.
func serverOf(role servertest.Role, options ...servertest.Options) string {
	return servertest.Command(string(role), role, options...)
}

// reporter is what a process is told that reports what another one inherited, whose number
// is its argument.
type reporter struct{ File string }

const (
	reporterVariable testrole.Variable = "BENCHTUI_TEST_REPORTER"
	reports          testrole.Role     = "reports"
)

func report(o reporter) {
	pid, err := strconv.Atoi(os.Args[1])
	if err == nil {
		err = os.WriteFile(o.File, []byte(inherited(pid)), 0o600)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// bench is one start of the program with a mark in its environment that all its
// descendants carry.
type bench struct {
	*exec.Cmd
	mark           string
	stdout, stderr bytes.Buffer
}

func newBench(t testing.TB, args ...string) *bench {
	t.Helper()
	b := &bench{Cmd: exec.Command(program, args...)}
	b.mark = fmt.Sprintf("BENCHTUI_E2E=%s-%d", t.Name(), time.Now().UnixNano())
	b.Env = append(os.Environ(), b.mark)
	b.Stdout, b.Stderr = &b.stdout, &b.stderr
	t.Cleanup(func() {
		if b.Process != nil {
			b.Process.Kill()
		}
		b.nothingIsLeft(t)
	})
	return b
}

// run runs the program to its end and returns its exit code.
func (b *bench) run(t testing.TB) int {
	t.Helper()
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	return b.exitCode(t)
}

func (b *bench) exitCode(t testing.TB) int {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- b.Wait() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return b.ProcessState.ExitCode()
	case <-time.After(3 * time.Minute):
		b.Process.Signal(syscall.SIGQUIT)
		<-ended
		t.Fatalf("benchtui did not end\nstdout:\n%s\nstderr:\n%s", b.stdout.String(), b.stderr.String())
		return -1
	}
}

// nothingIsLeft fails the test if a process that came from this start still runs.
func (b *bench) nothingIsLeft(t testing.TB) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		left := b.descendants()
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("still running: %v", left)
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// descendants lists the processes that carry the mark, the program itself left out.
func (b *bench) descendants() []string {
	var found []string
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range environments {
		environment, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(environment, []byte(b.mark)) {
			continue
		}
		pid := strings.Split(path, "/")[2]
		if b.Process != nil && pid == fmt.Sprint(b.Process.Pid) {
			continue
		}
		stat, _ := os.ReadFile("/proc/" + pid + "/stat")
		if _, state, ok := strings.Cut(string(stat), ") "); ok && state[0] != 'Z' {
			command, _ := os.ReadFile("/proc/" + pid + "/cmdline")
			found = append(found, pid+" "+strings.ReplaceAll(string(command), "\x00", " "))
		}
	}
	return found
}

// unreadPipe is one whose reader has gone.
func unreadPipe(t *testing.T) *os.File {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	t.Cleanup(func() { write.Close() })
	return write
}

// intervalLine is how a line of the plain text begins that tells of an interval under
// load. One of a second may tell of 1.1 s: on a busy machine its end is noticed late.
var intervalLine = regexp.MustCompile(`(?m)^ +([0-9]+\.[0-9]) s +([0-9,]+) `)

// toldOK is how many replies such lines tell at least, whose times are rounded to a tenth
// of a second.
func toldOK(t *testing.T, text string) (least uint64) {
	t.Helper()
	last := 0.0
	for _, line := range intervalLine.FindAllStringSubmatch(text, -1) {
		until, err := strconv.ParseFloat(line[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		perSecond, err := strconv.ParseFloat(strings.ReplaceAll(line[2], ",", ""), 64)
		if err != nil {
			t.Fatal(err)
		}
		least += uint64(perSecond * max(0, until-last-0.1))
		last = until
	}
	return least
}

// await waits until the condition holds.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func decode(t testing.TB, data []byte) stream.Result {
	t.Helper()
	var result stream.Result
	if err := json.Unmarshal(data, &result); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return result
}

func only(t testing.TB, result stream.Result) stream.ContenderResult {
	t.Helper()
	if len(result.Contenders) != 1 {
		t.Fatalf("%d contenders in the result, want 1", len(result.Contenders))
	}
	return result.Contenders[0]
}

func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("NOT CHECKED: %s is not installed", name)
		}
	}
}

func TestRunMeasuresGolang(t *testing.T) {
	measuretest.Undisturbed(t, 200*time.Millisecond, measureGolang)
}

func measureGolang(t testing.TB) {
	file := filepath.Join(t.TempDir(), "result.json")
	b := newBench(t, "run", "golang", "-w", "steady", "-c", "16", "-z", "1500ms", "--warmup", "300ms", "--json", file)
	if code := b.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s%s", code, b.stdout.String(), b.stderr.String())
	}
	for _, want := range []string{"golang", "leaderboard", "req/s"} {
		if !strings.Contains(b.stdout.String(), want) {
			t.Errorf("no %q in the plain text:\n%s", want, b.stdout.String())
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result := decode(t, data)
	one := only(t, result)
	if one.Status != stream.StatusOK || one.Rank != 1 {
		t.Errorf("status %q rank %d", one.Status, one.Rank)
	}
	if one.Requests.OK < 100 || one.Requests.KO != 0 || one.Requests.OK != one.Requests.Total {
		t.Errorf("requests %+v", one.Requests)
	}
	if one.StartupMS == nil || *one.StartupMS <= 0 {
		t.Errorf("startup %v", one.StartupMS)
	}
	process := one.Process
	if process == nil || process.CPUUSPerRequest == nil || *process.CPUUSPerRequest <= 0 || process.RSSMBMax == nil || *process.RSSMBMax < 1 || process.RSSMBIdle == nil {
		t.Errorf("process %+v", process)
	}
	// Its memory tells of its scheduler, unasked.
	if told := process.Runtime; runtimes.ReadsMemoryOfDescendants() && (told == nil || told.RunQueueMean == nil || told.Pauses != nil || process.RunQueueNote != "" || !strings.Contains(b.stdout.String(), "run queue ")) {
		t.Errorf("of its runtime it tells %+v, %q, %q", told, process.RuntimeNote, process.RunQueueNote)
	}
	if result.Generator.CPUUSPerRequest <= 0 {
		t.Errorf("generator %+v", result.Generator)
	}
}

// The routes of the contenders are raced as those of one's own server are.
func TestRunAsksForAnyRouteOfAContender(t *testing.T) {
	for _, c := range []struct {
		args  []string
		words string
	}{
		{[]string{"--path", "/json?n=500"}, "GET /json?n=500"},
		{[]string{"--path", "/work?rounds=1000", "--check-json", "hash"}, "GET /work?rounds=1000"},
		{[]string{"--path", "/echo", "-m", "POST", "-d", "{}", "-H", "Content-Type: application/json"}, "POST /echo with 2 bytes"},
	} {
		file := filepath.Join(t.TempDir(), "result.json")
		b := newBench(t, append([]string{"run", "golang", "-w", "steady", "-c", "4", "-n", "200", "--warmup", "0s", "--json", file}, c.args...)...)
		if code := b.run(t); code != cli.ExitDone {
			t.Fatalf("%v: exit code %d\n%s%s", c.args, code, b.stdout.String(), b.stderr.String())
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		result := decode(t, data)
		if one := only(t, result); one.Requests.OK != 200 || one.Requests.Total != 200 {
			t.Errorf("%v: requests %+v, failures %+v", c.args, one.Requests, one.Failures)
		}
		if result.Workload.Request == nil || result.Workload.Request.Words() != c.words {
			t.Errorf("%v: the result says of the request %+v", c.args, result.Workload.Request)
		}
		if !strings.Contains(b.stdout.String(), c.words) {
			t.Errorf("%v: no %q in the text:\n%s", c.args, c.words, b.stdout.String())
		}
	}
}

// The article's finding: with a browser's cache Express answers three of four
// requests with 304, and the check for 200 refuses them.
func TestArticleIsReproducedAndExplained(t *testing.T) {
	needs(t, "node", "npm")
	article := newBench(t, "run", "expressjs", "-w", "article", "--users", "400", "--ramp", "1s", "--plain", "--json", "-")
	if code := article.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, article.stderr.String())
	}
	one := only(t, decode(t, article.stdout.Bytes()))
	if one.Requests.Total != 1600 || one.Requests.KO != 1200 || one.Requests.OK != 400 {
		t.Errorf("requests %+v, want 400 OK and 1200 KO of 1600", one.Requests)
	}
	if len(one.Failures) != 1 || one.Failures[0].Cause != "status 304" || one.Failures[0].Count != 1200 {
		t.Errorf("failures %+v, want 1200 × status 304 alone", one.Failures)
	}
	var found bool
	for _, finding := range one.Findings {
		found = found || finding.ID == "cached_replies_refused"
	}
	if !found {
		t.Errorf("no finding cached_replies_refused in %+v", one.Findings)
	}
	if one.Rank != 0 {
		t.Errorf("rank %d for a contender that fails 75 %%", one.Rank)
	}
	if !strings.Contains(article.stderr.String(), "status 304") || !strings.Contains(article.stderr.String(), "If-None-Match") {
		t.Errorf("the plain text does not tell of it:\n%s", article.stderr.String())
	}

	burst := newBench(t, "run", "expressjs", "-w", "burst", "--users", "400", "--ramp", "1s", "--warmup", "200ms", "--plain", "--json", "-")
	if code := burst.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, burst.stderr.String())
	}
	one = only(t, decode(t, burst.stdout.Bytes()))
	if one.Requests.Total != 1600 || one.Requests.OK != 1600 {
		t.Errorf("requests %+v, want 1600 OK", one.Requests)
	}
	for _, finding := range one.Findings {
		if finding.ID == "cached_replies_refused" {
			t.Errorf("finding %+v without a cache", finding)
		}
	}
	if one.Rank != 1 {
		t.Errorf("rank %d", one.Rank)
	}
}

func TestBadInputIsOneClearLine(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + free.Addr().String() + "/"
	free.Close()
	manifest := filepath.Join(t.TempDir(), "contender.yaml")
	if err := os.WriteFile(manifest, []byte("id: mine\nnmae: Mine\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"unknown contender":     {[]string{"run", "expresjs"}, cli.ExitUsage, []string{"expresjs", "did you mean expressjs?"}},
		"unknown workload":      {[]string{"run", "golang", "-w", "brust"}, cli.ExitUsage, []string{"brust", "did you mean burst?"}},
		"unknown command":       {[]string{"rnu"}, cli.ExitUsage, []string{"rnu", "did you mean run?"}},
		"unknown help":          {[]string{"help", "rnu"}, cli.ExitUsage, []string{"rnu", "did you mean run?"}},
		"unknown manual page":   {[]string{"man", "rnu"}, cli.ExitUsage, []string{"rnu", "did you mean run?"}},
		"unknown shell":         {[]string{"completion", "bsh"}, cli.ExitUsage, []string{"bsh", "did you mean bash?"}},
		"unknown shorthand":     {[]string{"run", "golang", "-Z", "3s"}, cli.ExitUsage, []string{"-Z", "did you mean -z?"}},
		"near flag":             {[]string{"run", "golang", "--duratoin", "3s"}, cli.ExitUsage, []string{"--duratoin", "did you mean --duration?"}},
		"time without a unit":   {[]string{"run", "golang", "-z", "10"}, cli.ExitUsage, []string{"-z, --duration", "did you mean 10s?"}},
		"rate of words":         {[]string{"run", "golang", "-q", "abc"}, cli.ExitUsage, []string{"-q, --rate", "requests per second"}},
		"path beside url":       {[]string{"run", "--url", nobody, "--path", "/x"}, cli.ExitUsage, []string{"--path", nobody, "write the path there"}},
		"pid of nobody":         {[]string{"run", "--url", nobody, "--pid", "99999999"}, cli.ExitUsage, []string{"--pid", "no process 99999999"}},
		"pid 0":                 {[]string{"run", "--url", nobody, "--pid", "0"}, cli.ExitUsage, []string{"--pid", "no number of a process"}},
		"url for a contender":   {[]string{"run", nobody}, cli.ExitNotMeasured, []string{nobody, "is the server running"}},
		"another scheme":        {[]string{"run", "ftp://127.0.0.1/"}, cli.ExitUsage, []string{"must begin with http:// or https://"}},
		"no scheme":             {[]string{"run", "localhost:8080/hello"}, cli.ExitUsage, []string{"did you mean http://localhost:8080/hello?"}},
		"punycode":              {[]string{"run", "http://b\u00fccher.invalid:8080/"}, cli.ExitNotMeasured, []string{"xn--bcher-kva.invalid"}},
		"value behind why":      {[]string{"run", "golang", "--why", "never"}, cli.ExitUsage, []string{"did you mean --why=never?"}},
		"unknown flag":          {[]string{"run", "golang", "--userz", "3"}, cli.ExitUsage, []string{"--userz", "--help"}},
		"all and a name":        {[]string{"run", "--all", "golang"}, cli.ExitUsage, []string{"--all", "leave out golang"}},
		"unreachable url":       {[]string{"run", "--url", nobody}, cli.ExitNotMeasured, []string{nobody, "is the server running"}},
		"cmd exits at once":     {[]string{"run", "--cmd", "mine=sh -c 'echo no licence; exit 3' {port}"}, cli.ExitNotMeasured, []string{"exit code 3", "no licence"}},
		"cmd is not there":      {[]string{"run", "--cmd", "mine=./no-such-server {port}"}, cli.ExitNotMeasured, []string{"no-such-server"}},
		"taken port":            {[]string{"run", "golang", "--port", port}, cli.ExitUsage, []string{"port " + port + " is taken by", "--port 0"}},
		"bad manifest":          {[]string{"run", manifest}, cli.ExitUsage, []string{manifest, "nmae"}},
		"no such manifest":      {[]string{"run", "./no-such.yaml"}, cli.ExitUsage, []string{"no-such.yaml"}},
		"rate of 0":             {[]string{"run", "golang", "-w", "rate", "-q", "0"}, cli.ExitUsage, []string{"--rate"}},
		"negative rate":         {[]string{"run", "golang", "-w", "rate", "-q", "-5"}, cli.ExitUsage, []string{"--rate"}},
		"no rounds":             {[]string{"run", "golang", "--rounds", "0"}, cli.ExitUsage, []string{"--rounds"}},
		"efficiency unseen":     {[]string{"run", "--url", nobody, "-w", "efficiency"}, cli.ExitUsage, []string{"--pid"}},
		"no users":              {[]string{"run", "golang", "--users", "0"}, cli.ExitUsage, []string{"--users"}},
		"too many users":        {[]string{"run", "golang", "--users", "900000"}, cli.ExitUsage, []string{"descriptors"}},
		"flag of another":       {[]string{"run", "golang", "-w", "burst", "-c", "5"}, cli.ExitUsage, []string{"--connections", "burst"}},
		"bad metric":            {[]string{"run", "golang", "--rank-by", "p9"}, cli.ExitUsage, []string{"p9", "p99"}},
		"bad tiers":             {[]string{"run", "golang", "--tiers", "fast,slow"}, cli.ExitUsage, []string{"--tiers"}},
		"bad condition":         {[]string{"run", "golang", "--fail-if", "p99!50"}, cli.ExitUsage, []string{"--fail-if", "p99>50ms"}},
		"bad header":            {[]string{"run", "golang", "-H", "nonsense"}, cli.ExitUsage, []string{"nonsense", "Name: value"}},
		"choose without screen": {[]string{}, cli.ExitUsage, []string{"terminal", "benchtui run"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, c.args...)
			if code := b.run(t); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			said := b.stderr.String()
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("%q is not in: %s", want, said)
				}
			}
			if c.code == cli.ExitUsage && strings.Count(strings.TrimSpace(said), "\n") > 0 {
				t.Errorf("more than one line: %s", said)
			}
			if strings.Contains(said, "goroutine") || strings.Contains(b.stdout.String(), "goroutine") {
				t.Errorf("a stack trace: %s", said)
			}
		})
	}
}

func TestInterruptKeepsWhatWasMeasured(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "result.json")
			b := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "60s", "--warmup", "0s", "--json", file, "--plain", "--html", file+".html", "--csv", file+".csv")
			var lines syncBuffer
			b.Stdout = &lines
			if err := b.Start(); err != nil {
				t.Fatal(err)
			}
			await(t, "two seconds of load", func() bool {
				return len(intervalLine.FindAllString(lines.String(), 2)) == 2
			})
			told := toldOK(t, lines.String())
			b.Process.Signal(sent)
			if code := b.exitCode(t); code != cli.ExitInterrupted {
				t.Errorf("exit code %d, want %d", code, cli.ExitInterrupted)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			result := decode(t, data)
			if one := only(t, result); one.Status != stream.StatusAborted || one.Requests.OK < max(1, told) || !result.Interrupted {
				t.Errorf("status %q, requests %+v of %d at least, interrupted %v", one.Status, one.Requests, told, result.Interrupted)
			}
			for path, want := range map[string]string{file + ".html": "The run was interrupted", file + ".csv": ",aborted,"} {
				if report, err := os.ReadFile(path); err != nil || !strings.Contains(string(report), want) {
					t.Errorf("%s does not say %q: %v", path, want, err)
				}
			}
		})
	}
}

// Under nohup a run outlives its terminal.
func TestHangUpThatIsIgnoredStaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Path, b.Args = "/bin/sh", []string{"sh", "-c", `trap "" HUP; exec "$0" "$@"`, program,
		"run", "golang", "-w", "rate", "-q", "200", "-z", "2s", "--warmup", "0s", "--plain"}
	var lines syncBuffer
	b.Stdout = &lines
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "the load", func() bool { return strings.Contains(lines.String(), "load 2 s") })
	b.Process.Signal(syscall.SIGHUP)
	if code := b.exitCode(t); code != cli.ExitDone || !strings.Contains(lines.String(), "done: 400 requests") {
		t.Errorf("exit code %d\n%s%s", code, lines.String(), b.stderr.String())
	}
}

func TestKilledProgramLeavesNoServer(t *testing.T) {
	b := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "60s", "--warmup", "0s", "--plain")
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, "a server", func() bool { return len(b.descendants()) > 0 })
	b.Process.Signal(syscall.SIGKILL)
	b.exitCode(t)
	b.nothingIsLeft(t)
}

func TestServerThatCrashesEndsItsLoadOnly(t *testing.T) {
	needs(t, "python3")
	script := filepath.Join(t.TempDir(), "crash.py")
	if err := os.WriteFile(script, []byte(crashingServer), 0o644); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, "run", "golang", "--cmd", "mine=python3 "+script+" {port}",
		"-w", "rate", "-q", "100", "-z", "2s", "--warmup", "0s", "--plain", "--json", "-")
	if code := b.run(t); code != cli.ExitNotMeasured {
		t.Errorf("exit code %d, want %d\n%s", code, cli.ExitNotMeasured, b.stderr.String())
	}
	for _, one := range decode(t, b.stdout.Bytes()).Contenders {
		switch one.ID {
		case "mine":
			if one.Status != stream.StatusCrashed || !strings.Contains(one.StatusDetail, "exit code 7") || !strings.Contains(one.StatusDetail, "out of cheese") {
				t.Errorf("mine: %s: %s", one.Status, one.StatusDetail)
			}
		case "golang":
			if one.Status != stream.StatusOK || one.Requests.OK != 200 {
				t.Errorf("golang: %s, %+v", one.Status, one.Requests)
			}
		}
	}
}

// crashingServer ends with code 7 at its 50th request.
const crashingServer = `
import http.server, os, sys
count = 0
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        global count
        count += 1
        if count == 50:
            print("out of cheese", flush=True)
            os._exit(7)
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H).serve_forever()
`

func TestReplayPrintsWhatTheRunPrinted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.btr")
	b := newBench(t, "run", "golang", "-w", "rate", "-q", "200", "-z", "1s", "--warmup", "0s", "--plain", "--record", file)
	if code := b.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, b.stderr.String())
	}
	replay := newBench(t, "replay", file)
	if code := replay.run(t); code != cli.ExitDone {
		t.Fatalf("exit code %d\n%s", code, replay.stderr.String())
	}
	if replay.stdout.String() != b.stdout.String() {
		t.Errorf("the run printed\n%s\nand its replay\n%s", b.stdout.String(), replay.stdout.String())
	}
}
