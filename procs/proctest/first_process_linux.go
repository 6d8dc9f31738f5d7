package proctest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/procs"
	"github.com/benchtui/benchtui/procs/system"
)

// beFirstProcess plays benchtui as the first process of a container, to which orphans
// of others come as well: a process of somebody else must live on, the daemon of a
// server must not. It says "ok", or what is wrong.
func beFirstProcess() {
	if os.Getpid() != 1 {
		fail("not the first process but", os.Getpid())
	}
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		fail("mount /proc:", err)
	}
	daemon := make(chan string, 1)
	child, err := procs.Start(procs.Command{Path: "/bin/sh", Args: []string{"-c",
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
	case <-time.After(Patience):
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
	for pid, stat := range system.Processes(0) {
		if stat.Name == "sleep" && !stat.Ended() && stat.Parent == 1 && fmt.Sprint(pid) != foreign {
			fail("a daemon of the server is left")
		}
	}
	fmt.Println("ok")
	os.Exit(0)
}
