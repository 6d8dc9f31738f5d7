package procs_test

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/benchtui/benchtui/procs/proctest"
	"github.com/creack/pty"
)

func TestForeignProcessesLiveOnWhenWeAreTheFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), proctest.As(proctest.IsFirstProcess))
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr.Unshareflags = syscall.CLONE_NEWNS // and with it our mounts are private
	out, err := cmd.CombinedOutput()
	if cmd.Process == nil {
		t.Skipf("NOT CHECKED: no process namespaces here: %v", err)
	}
	if err != nil || strings.TrimSpace(string(out)) != "ok" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestChildHasNoTerminal(t *testing.T) {
	// A terminal that this process could be asked on: a server must not reach it.
	terminal, line, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	defer line.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), proctest.As(proctest.AsksOnTerminal))
	cmd.Stdin = line
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "no terminal") {
		t.Errorf("%v: %s", err, out)
	}
}
