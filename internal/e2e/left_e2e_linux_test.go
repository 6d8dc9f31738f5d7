package e2e

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/benchtui/benchtui/internal/cli"
	"github.com/benchtui/benchtui/internal/servertest"
)

// A server that became root can't be ended by a person who is not: that is told also
// where nobody reads along, and is no success.
func TestServerThatCannotBeEndedIsTold(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("NOT CHECKED: only root can make a program root's")
	}
	const nobody = 65534
	folder, err := os.MkdirTemp("", "benchtui-left") // t.TempDir is root's alone
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	server := filepath.Join(folder, "server")
	for from, to := range map[string]string{os.Args[0]: server, program: filepath.Join(folder, "benchtui")} {
		if out, err := exec.Command("cp", from, to).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(server, 0o755|os.ModeSetuid); err != nil {
		t.Fatal(err)
	}
	b := newBench(t, "run", "--cmd", "mine="+servertest.Words(servertest.BecomesRoot)+" "+server+" {port}", "--quiet", "--no-record",
		"-w", "steady", "-c", "1", "-z", "200ms", "--warmup", "0s")
	b.Path = filepath.Join(folder, "benchtui")
	b.Env = append(b.Env, "HOME="+folder)
	b.Dir = folder
	b.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	t.Cleanup(func() {
		for _, left := range b.descendants() {
			pid, _ := strconv.Atoi(strings.Fields(left)[0])
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	})
	code := b.run(t)
	left := len(b.descendants())
	if left == 0 && strings.Contains(b.stderr.String(), "not root's") {
		t.Skipf("NOT CHECKED: the set-user-id bit has no effect here: %s", b.stderr.String())
	}
	if told := b.stderr.String(); code != cli.ExitNotMeasured || !strings.Contains(told, "benchtui: mine is not wholly gone") {
		t.Errorf("exit code %d, %q, and %d processes are left", code, told, left)
	}
}

// A reader that has had what it wanted, as head has, hears no complaint.
func TestReaderThatLeavesHearsNothing(t *testing.T) {
	b := newBench(t, "run", "--cmd", serverOf(servertest.Serves), "--plain", "--no-record", "-w", "steady", "-c", "1", "-z", "20s", "--warmup", "0s")
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	b.Stdout = write
	if err := b.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	if _, err := io.ReadFull(read, make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	read.Close()
	b.exitCode(t)
	if bytes.Contains(b.stderr.Bytes(), []byte("benchtui:")) {
		t.Errorf("it complains: %s", b.stderr.String())
	}
}

// Nor from any other command, which does what else was asked of it and ends as it would have.
func TestNoCommandComplainsOfAReaderThatHasLeft(t *testing.T) {
	const small = "../recording/testdata/recording-v1-of-f6d46f3.btr"
	csv := filepath.Join(t.TempDir(), "report.csv")
	for _, args := range [][]string{
		{"completion", "bash"}, {"man", "run"}, {"replay", small, "--plain"}, {"report", small, "--json", "-", "--csv", csv},
	} {
		b := newBench(t, args...)
		b.Stdout = unreadPipe(t)
		if code := b.run(t); code != cli.ExitDone || b.stderr.Len() > 0 {
			t.Errorf("%q: exit code %d; it complains: %s", args, code, b.stderr.String())
		}
	}
	if text, err := os.ReadFile(csv); err != nil || len(text) == 0 {
		t.Errorf("the other report is not there: %v", err)
	}
}

// What completes commands is asked for as all else is: a disk without room is no usage.
func TestCommandOfALibraryTellsOfAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	b := newBench(t, "completion", "bash")
	b.Stdout = full
	if code := b.run(t); code != cli.ExitNotMeasured || !strings.Contains(b.stderr.String(), "is lost") {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
}
