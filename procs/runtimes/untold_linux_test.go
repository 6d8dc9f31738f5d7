package runtimes

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

// untoldOf follows a process until what runs in it is known, or it can't be expected any
// more to tell.
func untoldOf(t *testing.T, pid int, known func([]measure.Untold) bool) []measure.Untold {
	t.Helper()
	watch := NewWatch(nil)
	defer watch.Stop()
	for limit := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		watch.Follow([]int{pid}, false)
		told := watch.Since()
		if told.Told() {
			t.Fatalf("it tells: %+v", told)
		}
		if known(told.Untold) || time.Now().After(limit) {
			return told.Untold
		}
	}
}

// Who tells nothing is named: that nothing is known is no zero.
func TestRuntimesThatTellNothingAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		command []string
		want    []measure.Untold
	}{
		"native code": {[]string{"sleep", "60"}, []measure.Untold{{}}},
		"python":      {[]string{"python3", "-c", "input()"}, []measure.Untold{{Name: "Python"}}},
		"node":        {[]string{"node", "-e", "setTimeout(() => {}, 60000)"}, []measure.Untold{{Name: Node}}},
		"perl":        {[]string{"perl", "-e", "sleep 60"}, []measure.Untold{{Name: "Perl"}}},
	} {
		t.Run(name, func(t *testing.T) {
			program, err := exec.LookPath(c.command[0])
			if err != nil {
				t.Skipf("NOT CHECKED: %v", err)
			}
			child := exec.Command(program, c.command[1:]...)
			in, err := child.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
			if got := untoldOf(t, child.Process.Pid, func(got []measure.Untold) bool { return slices.Equal(got, c.want) }); !slices.Equal(got, c.want) {
				t.Errorf("it is %+v, want %+v", got, c.want)
			}
		})
	}
	if got := untoldIn(os.Getpid(), "/tmp/test"); got == nil || got.Name != Go {
		t.Errorf("this program is %+v", got)
	}
	shell, err := filepath.EvalSymlinks("/bin/sh")
	if got := untoldIn(os.Getpid(), shell); err == nil && got != nil {
		t.Errorf("%s, which starts servers, is taken for one: %+v", shell, got)
	}
}
