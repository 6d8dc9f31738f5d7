package procs

import (
	"bytes"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup puts the command into a process group of its own, and has the kernel
// kill it should this process end without doing so.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// left lists the processes that carry the child's mark, zombies and the child
// itself left out.
func (c *Child) left() []int {
	directory, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, err := directory.Readdirnames(-1)
	if err != nil {
		return nil
	}
	var left []int
	mark := []byte(c.mark)
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil || pid == c.PID() {
			continue
		}
		environment, err := os.ReadFile("/proc/" + name + "/environ")
		if err != nil || !hasVariable(environment, mark) {
			continue
		}
		if stat, ok := readStat(pid); ok && stat.state != 'Z' && stat.state != 'X' {
			left = append(left, pid)
		}
	}
	return left
}

// hasVariable looks for NAME=value among variables that end in NUL.
func hasVariable(environment, variable []byte) bool {
	for len(environment) > 0 {
		end := bytes.IndexByte(environment, 0)
		if end < 0 {
			end = len(environment)
		}
		if bytes.Equal(environment[:end], variable) {
			return true
		}
		environment = environment[min(end+1, len(environment)):]
	}
	return false
}
