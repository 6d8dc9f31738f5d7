//go:build unix

package procs

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guard is a shell that outlives this process for a moment: when its standard
// input ends without a word, because this process was killed, it kills what is
// left of the child's tree. The parent-death signal alone reaches only the child
// itself, and only on Linux. It waits in a read and costs nothing meanwhile.
type guard struct {
	cmd   *exec.Cmd
	words io.WriteCloser
}

// guardScript kills the group first, then (where /proc tells) whoever carries the
// marker, until nobody does: a fork may slip through one look. The guard's own
// environment is without the marker.
const guardScript = `
trap '' HUP INT QUIT TERM PIPE
while read -r word; do
	[ "$word" = over ] && exit 0
	group=$word
done
[ -n "$group" ] && kill -s KILL -- "-$group" 2>/dev/null
look=0
while [ "$look" -lt 50 ]; do
	found=$(grep -lsF -e "$1=" /proc/[0-9]*/environ)
	[ -n "$found" ] || exit 0
	for environment in $found; do
		pid=${environment#/proc/}
		kill -s KILL "${pid%/environ}" 2>/dev/null
	done
	look=$((look + 1))
done
`

// newGuard starts a guard of the process group; nil where there is no shell, and
// then the tree of a killed benchtui ends as far as the kernel sees to it.
func newGuard(marker string, group int) *guard {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "benchtui-guard", marker)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"}
	cmd.Dir = "/"
	// Not in our group, so that what is meant for us does not end it as well; but
	// in our session, which tells it from servers that left theirs.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	words, err := cmd.StdinPipe()
	if err != nil {
		return nil
	}
	if cmd.Start() != nil {
		return nil
	}
	fmt.Fprintln(words, group)
	return &guard{cmd: cmd, words: words}
}

// dismiss ends the guard: there is nothing left to kill.
func (g *guard) dismiss() {
	if g == nil {
		return
	}
	fmt.Fprintln(g.words, "over")
	g.words.Close()
	_ = g.cmd.Wait() // it has nothing to say
}
