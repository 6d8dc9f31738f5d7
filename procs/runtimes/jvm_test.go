package runtimes

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/measure/measuretest"
)

// machine is a virtual machine that runs testdata/Collects.java.
type machine struct {
	pid   int
	stdin io.WriteCloser
	lines *bufio.Scanner
}

// startJVM starts one, or skips the test and says what that leaves open.
func startJVM(t testing.TB, options ...string) *machine {
	t.Helper()
	java, err := exec.LookPath("java")
	if err != nil {
		t.Skip("NOT CHECKED: the counters of a virtual machine that runs; there is no java on this machine")
	}
	if out, err := exec.Command(java, "--list-modules").Output(); err != nil || !strings.Contains(string(out), "jdk.compiler") {
		t.Skip("NOT CHECKED: the counters of a virtual machine that runs; java is no JDK from 11 on")
	}
	cmd := exec.Command(java, append(options, filepath.Join("testdata", "Collects.java"))...)
	cmd.Stderr = os.Stderr
	m := &machine{}
	if m.stdin, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		m.stdin.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	m.pid, m.lines = cmd.Process.Pid, bufio.NewScanner(out)
	m.await(t, "ready")
	return m
}

func (m *machine) await(t testing.TB, line string) {
	t.Helper()
	for m.lines.Scan() {
		if m.lines.Text() == line {
			return
		}
	}
	t.Fatalf("it ended without saying %q", line)
}

// follow waits until something is told.
func follow(t testing.TB, w *Watch, pid int) measure.Runtime {
	t.Helper()
	for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(5 * time.Millisecond) {
		w.Follow([]int{pid}, false)
		if told := w.Since(); told.Told() {
			return told
		}
	}
	t.Fatal("nothing is told")
	return measure.Runtime{}
}

var logged = regexp.MustCompile(`Pause .* ([0-9.]+)ms$`)

// The virtual machine's own log of the same collections is what the counters are held to.
func TestPausesAreThoseOfTheCollectorsLog(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	for _, gc := range []string{"-XX:+UseSerialGC", "-XX:+UseG1GC", "-XX:+UseParallelGC"} {
		t.Run(gc, func(t *testing.T) {
			t.Parallel() // it mostly waits
			measuretest.Undisturbed(t, 20*time.Millisecond, func(t testing.TB) {
				log := filepath.Join(t.TempDir(), "gc.log")
				vm := startJVM(t, gc, "-Xmx64m", "-Xlog:gc:file="+log)
				w := NewWatch(nil)
				defer w.Stop()
				if told := follow(t, w, vm.pid); len(told.Names) != 1 || !strings.HasPrefix(told.Names[0], "JVM ") {
					t.Fatalf("told %+v", told)
				}
				before := collections(t, log)
				w.Since()
				began := time.Now()
				io.WriteString(vm.stdin, "\n")
				vm.await(t, "done")
				var want []float64
				var told measure.Runtime
				// A concurrent collection may still be under way.
				for limit := time.Now().Add(time.Minute); time.Now().Before(limit); time.Sleep(20 * time.Millisecond) {
					told = told.Merge(w.Since())
					want = collections(t, log)[len(before):]
					if told.PauseCount.Value >= float64(len(want)) {
						break
					}
				}
				sum := 0.0
				for _, ms := range want {
					sum += ms
				}
				if told.PauseCount != figure.Of(float64(len(want))) {
					t.Errorf("%v pauses; the log has %d", told.PauseCount, len(want))
				}
				// The log's own times leave out what the safepoint takes around them.
				if got := 1000 * told.PauseSeconds.Value; got < 0.8*sum || got > 1.3*sum+2 {
					t.Errorf("%.2f ms of pauses; the log has %.2f", got, sum)
				}
				if len(told.Pauses) == 0 {
					t.Error("none was seen by itself")
				}
				for _, pause := range told.Pauses {
					if pause.Ago < -time.Second || pause.Ago > time.Since(began)+time.Second {
						t.Errorf("a pause of the last %s was %s ago", time.Since(began), pause.Ago)
					}
				}
				if used, limit := told.HeapUsedBytes, told.HeapLimitBytes; !used.Known || limit.Value < 60e6 || limit.Value > 68e6 || used.Value > limit.Value {
					t.Errorf("heap %v of %v", used, limit)
				}
				if !told.CompilingCores.Known || !told.Safepoints.Known {
					t.Errorf("told %+v", told)
				}
				t.Logf("%d pauses of %.2f ms by the log, %v of %.2f ms by the counters, %d of them one by one", len(want), sum, told.PauseCount.Value, 1000*told.PauseSeconds.Value, len(told.Pauses))
			})
		})
	}
}

// collections are the lengths of the pauses in a log, ms.
func collections(t testing.TB, log string) (lengths []float64) {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if found := logged.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			ms, err := strconv.ParseFloat(found[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			lengths = append(lengths, ms)
		}
	}
	return lengths
}

func TestVirtualMachineWithoutCountersIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	vm := startJVM(t, "-XX:-UsePerfData", "-Xmx64m")
	w := NewWatch(nil)
	defer w.Stop()
	told := follow(t, w, vm.pid)
	if len(told.Lacks) != 1 || !strings.Contains(told.Lacks[0], "-XX:-UsePerfData") || told.PauseCount.Known || told.Processes != 0 {
		t.Errorf("told %+v", told)
	}
}

func TestProgramWithoutARuntimeTellsNothing(t *testing.T) {
	w := NewWatch(nil)
	defer w.Stop()
	w.Follow([]int{os.Getpid(), 0, -1, 1 << 22}, false)
	if told := w.Since(); told.Processes != 0 || len(told.Lacks) != 0 || told.PauseCount.Known {
		t.Errorf("told %+v", told)
	}
}

// What a look costs, twenty times a second.
func BenchmarkLookAtCounters(b *testing.B) {
	vm := startJVM(b, "-Xmx64m")
	w := NewWatch(nil)
	defer w.Stop()
	follow(b, w, vm.pid)
	one := w.known[vm.pid]
	b.ReportAllocs()
	for b.Loop() {
		w.mu.Lock()
		one.read()
		w.mu.Unlock()
	}
}
