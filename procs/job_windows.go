package procs

import (
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"github.com/benchtui/benchtui/procs/system"
	"github.com/shirou/gopsutil/v3/process"
	"golang.org/x/sys/windows"
)

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// adoptOrphans does nothing: the job keeps them together.
func adoptOrphans() {}

// origin has no use here.
type origin struct{}

// kin has no use here either.
type kin struct{ unsure []int }

func (c *Child) begin(start func() error) error { return start() }

func (c *Child) remember() {}

// guard is a job object that the child and all its descendants belong to. The
// System ends what is in it when its last handle closes, which this process
// holds: so they end with us, however we end.
type guard struct{ job windows.Handle }

// newGuard puts the process into a job; nil where that is not allowed, and then
// descendants are found by their parents.
func newGuard(_ string, pid int) *guard {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		_ = windows.CloseHandle(job)
		return nil
	}
	handle, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(pid))
	if err != nil {
		_ = windows.CloseHandle(job)
		return nil
	}
	defer windows.CloseHandle(handle)
	if windows.AssignProcessToJobObject(job, handle) != nil {
		_ = windows.CloseHandle(job)
		return nil
	}
	return &guard{job: job}
}

// dismiss closes the job, which is empty by now.
func (g *guard) dismiss() {
	if g != nil {
		_ = windows.CloseHandle(g.job)
	}
}

// terminate does what kill does: Windows has no signal that every server heeds.
func (c *Child) terminate() { c.kill() }

// kill ends the descendants that are found, then the child. What lost its parent
// ends with the job.
func (c *Child) kill() {
	for _, pid := range c.left() {
		if other, err := os.FindProcess(pid); err == nil {
			_ = other.Kill()
		}
	}
	_ = c.cmd.Process.Kill()
}

// left lists the child's descendants as far as their parents live.
func (c *Child) left() []int {
	root, err := process.NewProcess(int32(c.PID()))
	if err != nil {
		return nil
	}
	var left []int
	for _, one := range system.Family(root)[1:] {
		left = append(left, int(one.Pid))
	}
	return left
}

func exitOf(state *os.ProcessState) Exit { return Exit{Code: state.ExitCode()} }
