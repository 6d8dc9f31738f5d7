package procs

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// asFirstProcess plays benchtui as the first process of a container, to which orphans
// of others come as well: a process of somebody else must live on, the daemon of a
// server must not. It says "ok", or what is wrong.
func asFirstProcess() {
	fail := func(what ...any) { fmt.Println(what...); os.Exit(1) }
	if os.Getpid() != 1 {
		fail("not the first process but", os.Getpid())
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		fail("mount /proc:", err)
	}
	daemon := make(chan string, 1)
	child, err := Start(Command{Path: "/bin/sh", Args: []string{"-c",
		"setsid env -i sh -c 'trap \"\" TERM; echo daemon $$; sleep 0.1; exec sleep 300' </dev/null & sleep 0.6; setsid env -i sleep 301 >/dev/null 2>&1 </dev/null & sleep 0.6; exit 0"},
		OnLine: func(line string) {
			if pid, ok := strings.CutPrefix(line, "daemon "); ok {
				daemon <- pid
			}
		}})
	if err != nil {
		fail(err)
	}
	// What somebody else starts in the container loses its parent, and comes to us.
	out, err := exec.Command("/bin/sh", "-c", "setsid sleep 302 >/dev/null 2>&1 </dev/null & echo $!").Output()
	if err != nil {
		fail(err)
	}
	foreign := strings.TrimSpace(string(out))
	var pid string
	select {
	case pid = <-daemon:
	case <-time.After(patience):
		fail("no daemon began")
	}
	<-child.Done()
	if _, err := os.Stat("/proc/" + pid); err != nil {
		fail("the daemon ended by itself: this shows nothing")
	}
	if err := child.Stop(context.Background(), 100*time.Millisecond); err != nil {
		fail(err)
	}
	if _, err := os.Stat("/proc/" + foreign); err != nil {
		fail("the foreign process was killed")
	}
	for pid, stat := range processesSince(0) {
		if stat.name == "sleep" && !stat.ended() && stat.parent == 1 && fmt.Sprint(pid) != foreign {
			fail("a daemon of the server is left")
		}
	}
	fmt.Println("ok")
	os.Exit(0)
}

func TestForeignProcessesLiveOnWhenWeAreTheFirst(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"=first")
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
	cmd.Env = append(os.Environ(), roleVariable+"=asks-on-terminal")
	cmd.Stdin = line
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	out, err := cmd.Output()
	if err != nil || !strings.Contains(string(out), "no terminal") {
		t.Errorf("%v: %s", err, out)
	}
}
