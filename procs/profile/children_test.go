package profile

import (
	"bufio"
	"os"
	"os/exec"
	"testing"
)

// start starts a child that ends with the test.
func start(t *testing.T, child *exec.Cmd) {
	t.Helper()
	if child.Stderr == nil {
		child.Stderr = os.Stderr
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = child.Process.Kill()
		_ = child.Wait()
	})
}

// firstLineOf starts a child and waits for the first line that it says.
func firstLineOf(t *testing.T, child *exec.Cmd) string {
	t.Helper()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, child)
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("%v said nothing", child.Args)
	}
	return lines.Text()
}
