//go:build unix

package build

import (
	"os/exec"
	"strconv"
	"syscall"
)

// guardScript waits for a word. Where its standard input ends without one, this process
// was killed, and the group is ended for it.
const guardScript = `
trap '' HUP INT QUIT TERM PIPE
read -r word
[ "$word" = over ] || kill -s KILL -- "-$1" 2>/dev/null
`

// guardGroup has the process group of a step end however this process ends: the kernel
// sees to its leader alone, and only on Linux. It is dismissed when the step is over, and
// waits in a read until then. Without a shell there is none.
func guardGroup(pid int) (dismiss func()) {
	cmd := exec.Command("/bin/sh", "-c", guardScript, "benchtui-guard", strconv.Itoa(pid))
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // what is meant for our group is not meant for it
	word, err := cmd.StdinPipe()
	if err != nil || cmd.Start() != nil {
		return func() {}
	}
	return func() {
		_, _ = word.Write([]byte("over\n"))
		word.Close()
		_ = cmd.Wait() // it has nothing to say
	}
}
