package procs

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownGroup puts the command into a process group of its own, and has the kernel
// kill it should this process end without doing so.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// adoptOrphans makes this process the parent of descendants that lose theirs, in
// place of the machine's first process. So a daemon is found even if it left the
// group and wiped its environment, as servers do that rewrite their title.
func adoptOrphans() { _ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }

// origin is when a process began, in ticks after boot. With its number it names
// the process for good.
type origin uint64

func originOf(pid int) origin {
	stat, _ := readStat(pid)
	return origin(stat.began)
}

// left lists what is left of the child's tree, zombies and the child itself left
// out: its group, whoever carries its mark, orphans that came to us, and all
// their descendants. It needs the lock.
func (c *Child) left() []int {
	others := processesSince(uint64(c.origin))
	self, session := os.Getpid(), sessionOf(0)
	ours := map[int]bool{c.PID(): true}
	for pid, stat := range others {
		switch {
		case pid == c.PID():
		case stat.ended():
			if stat.parent == self && (stat.group == c.PID() || stat.session != session || c.seen[pid] == stat.began) {
				// An orphan that came to us: nobody else waits for it.
				_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
			}
		case stat.group == c.PID():
			ours[pid] = true
		default:
			mark, any := markOf(pid, c.mark)
			orphan := stat.parent == self && stat.session != session && !any
			if mark || orphan {
				ours[pid] = true
			}
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, stat := range others {
			if !ours[pid] && !stat.ended() && ours[stat.parent] {
				ours[pid], grown = true, true
			}
		}
	}
	delete(ours, c.PID())
	left := make([]int, 0, len(ours))
	c.seen = make(map[int]uint64, len(ours))
	for pid := range ours {
		left = append(left, pid)
		c.seen[pid] = others[pid].began
	}
	return left
}

// processesSince reads all processes of the machine that began at or after the
// time: a descendant is never older.
func processesSince(ticks uint64) map[int]stat {
	directory, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	defer unix.Close(directory)
	files := newProcFiles()
	found := make(map[int]stat)
	for _, pid := range files.numbers(directory) {
		if stat, ok := files.stat(pid); ok && stat.began >= ticks {
			found[pid] = stat
		}
	}
	return found
}

func sessionOf(pid int) int {
	session, err := unix.Getsid(pid)
	if err != nil {
		return -1
	}
	return session
}

// markOf says whether the process carries the mark, and whether it carries any.
func markOf(pid int, mark string) (this, any bool) {
	environment, err := os.ReadFile(procPath(pid, "environ"))
	if err != nil {
		return false, false
	}
	for variable := range bytes.SplitSeq(environment, []byte{0}) {
		name, _, _ := strings.Cut(string(variable), "=")
		any = any || strings.HasPrefix(name, markPrefix)
		this = this || name == mark
	}
	return this, any
}
