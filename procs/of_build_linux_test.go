package procs

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs/system"
)

// What a build left running may come to us as an orphan, while a server is stopped: it is
// not the server's.
func TestDaemonOfABuildIsNoServersOrphan(t *testing.T) {
	for _, c := range []struct {
		env  []string
		held bool
	}{{nil, true}, {[]string{buildMark}, false}} {
		cmd := exec.Command("sleep", "60")
		cmd.Env = append(os.Environ(), c.env...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Start returns a moment before the kernel has set up what environ shows.
		var environment []byte
		for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			shown, beginning := system.Environment(cmd.Process.Pid)
			if environment = shown; beginning == system.Begun {
				break
			}
		}
		others := adoption.others
		adoption.others = false
		if held := (kin{sessions: map[int]bool{}}).holds(cmd.Process.Pid, system.Stat{Session: -1}, environment); held != c.held {
			t.Errorf("with %v: taken for a server's %v, want %v", c.env, held, c.held)
		}
		adoption.others = others
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
}
