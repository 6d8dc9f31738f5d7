package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/benchtui/benchtui/internal/servertest"
)

// A panic in any goroutine that a run on the screen starts is read on the person's own
// screen, after the other one, raw mode and the mouse are left; nothing stays behind.
func TestPanicInAnyGoroutineComesAfterTheTerminalIsGivenBack(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "benchtui")
	if out, err := exec.Command("go", "build", "-tags", "injectpanics", "-o", broken, "../..").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	begin := func(variable string) *screenRun {
		usual := program
		program = broken
		defer func() { program = usual }()
		t.Setenv(strings.SplitN(variable, "=", 2)[0], strings.SplitN(variable, "=", 2)[1])
		return newScreenRun(t, "run", "--cmd", serverOf(servertest.Serves), "-w", "steady", "-c", "4", "-z", "400ms", "--warmup", "0s", "--record", filepath.Join(t.TempDir(), "r.btr"), "--html", filepath.Join(t.TempDir(), "r.html"))
	}
	told := filepath.Join(t.TempDir(), "goroutines")
	first := begin("BENCHTUI_GOROUTINES=" + told)
	await(t, "the leaderboard", func() bool { return strings.Contains(first.shown.String(), "leaderboard") })
	first.terminal.WriteString("q")
	first.exitCode(t)
	os.Unsetenv("BENCHTUI_GOROUTINES")
	text, err := os.ReadFile(told)
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(text))
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 8 {
		t.Fatalf("goroutines of %v alone; this test shows nothing", names)
	}
	t.Logf("%d: %v", len(names), names)
	ends := func(name string, s *screenRun) {
		t.Log("a panic in ", name)
		ended := make(chan int, 1)
		go func() { ended <- s.exitCode(t) }()
		await(t, "the end of a run with a panic in "+name, func() bool {
			select {
			case code := <-ended:
				ended <- code
				return true
			default:
				if strings.Contains(s.shown.String(), "leaderboard") {
					s.terminal.WriteString("q") // what begins as the screen is left
				}
				return false
			}
		})
		if code := <-ended; code != 2 {
			t.Errorf("%s: exit code %d", name, code)
		}
		s.shows(t, "panic: injected into "+name)
		shown := s.shown.String()
		at := strings.Index(shown, "panic: injected into "+name)
		before := shown[:at]
		if in := strings.LastIndex(before, "\x1b[?1049h"); in >= 0 && strings.LastIndex(before, "\x1b[?1049l") < in {
			t.Errorf("%s: the panic is told in the other screen", name)
		}
		if strings.LastIndex(shown, "\x1b[?1002h") > strings.LastIndex(shown, "\x1b[?1002l") {
			t.Errorf("%s: the mouse stays on", name)
		}
		s.isWhole(t)
		s.nothingIsLeft(t)
	}
	for some := range slices.Chunk(names, 4) { // they mostly wait
		var runs []*screenRun
		for _, name := range some {
			runs = append(runs, begin("BENCHTUI_PANIC_IN="+name))
		}
		for i, name := range some {
			ends(name, runs[i])
		}
	}
}
