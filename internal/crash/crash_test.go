package crash

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

const roleVariable = "CRASH_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVariable) {
	case "":
		goleak.VerifyTestMain(m) // no test leaves a goroutine behind
	case "panics":
		release := Before(func() { fmt.Fprintln(os.Stderr, "released") })
		release()
		Before(func() { fmt.Fprintln(os.Stderr, "given back") })
		done := make(chan struct{})
		Go(func() {
			defer close(done)
			panic("broken")
		})
		<-done
		Await()
	case "panics twice":
		var group sync.WaitGroup
		for range 8 {
			group.Go(Guarded(func() { panic(errors.New("broken")) }))
		}
		group.Wait()
		select {}
	}
	os.Exit(0)
}

func TestPanicComesAfterWhatIsGivenBack(t *testing.T) {
	for _, role := range []string{"panics", "panics twice"} {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), roleVariable+"="+role)
		out, _ := cmd.CombinedOutput()
		text := string(out)
		if code := cmd.ProcessState.ExitCode(); code != 2 {
			t.Errorf("%s: exit code %d", role, code)
		}
		first, rest, _ := strings.Cut(text, "panic: ")
		if role == "panics" && first != "given back\n" {
			t.Errorf("before the panic: %q", first)
		}
		if !strings.Contains(rest, "broken") || !strings.Contains(rest, "TestMain.func") || strings.Count(text, "goroutine ") < 1 {
			t.Errorf("%s: the trace does not tell where it began:\n%s", role, text)
		}
	}
}

func TestWhatEndsWellEndsWell(t *testing.T) {
	done := make(chan struct{})
	Go(func() { close(done) })
	<-done
	Await()
}
