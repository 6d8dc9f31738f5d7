package profile

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/procs/system"
)

// refusalOf says why the kernel did not let a process be profiled; pid 0 is this one.
func refusalOf(err error, pid int) *Refusal {
	paranoid, known := paranoidLevel()
	privileged := capable(capPerfmon) || capable(capSysAdmin)
	switch {
	case errors.Is(err, unix.ESRCH):
		return &Refusal{Reason: Gone, What: fmt.Sprintf("the server with pid %d is no more", pid)}
	case errors.Is(err, unix.ENOSYS), errors.Is(err, unix.ENOENT), errors.Is(err, unix.EOPNOTSUPP):
		return &Refusal{Reason: NotHere, What: "this kernel has no perf events"}
	case errors.Is(err, unix.EMFILE), errors.Is(err, unix.ENFILE):
		return &Refusal{Reason: NoMemory, What: "no more files may be open, and each thread needs one", Fix: "ulimit -n 65536"}
	case errors.Is(err, unix.ENOMEM):
		return &Refusal{Reason: NoMemory, What: "the kernel has no memory for a profile"}
	case !errors.Is(err, unix.EACCES) && !errors.Is(err, unix.EPERM):
		return &Refusal{Reason: NotHere, What: fmt.Sprintf("the kernel answered perf_event_open with %q", err)}
	// Debian's and Ubuntu's kernels know 3 and 4: nobody without privileges, no process.
	case known && paranoid > 2 && !privileged:
		return &Refusal{Reason: Paranoid, What: fmt.Sprintf("the kernel lets only root take profiles (kernel.perf_event_paranoid is %d)", paranoid),
			Fix: "sudo sysctl kernel.perf_event_paranoid=2"}
	case errors.Is(err, unix.EPERM) && filtered():
		return &Refusal{Reason: Seccomp, What: "this container's filter of system calls (seccomp) refuses profiles",
			Fix: "docker run --cap-add PERFMON …"}
	case pid != 0 && !ownUser(pid):
		return &Refusal{Reason: OtherUser, What: fmt.Sprintf("process %d is another user's, or has more privileges than benchtui", pid),
			Fix: "sudo benchtui …"}
	case errors.Is(err, unix.EPERM):
		return &Refusal{Reason: Seccomp, What: "a policy of this system or container refuses profiles", Fix: "docker run --cap-add PERFMON …"}
	case pid != 0:
		return &Refusal{Reason: OtherUser, What: fmt.Sprintf("the kernel does not let process %d be looked into", pid), Fix: "sudo benchtui …"}
	}
	return &Refusal{Reason: Paranoid, What: fmt.Sprintf("the kernel lets only root take profiles (kernel.perf_event_paranoid is %d)", paranoid),
		Fix: "sudo sysctl kernel.perf_event_paranoid=2"}
}

// kernelRefusal is why the kernel's own part is not told, where the program's is.
func kernelRefusal(whole *Refusal) *Refusal {
	if level, known := paranoidLevel(); known && level > 1 {
		return &Refusal{Reason: Paranoid, What: fmt.Sprintf("what the kernel did, and for whom: it tells only root (kernel.perf_event_paranoid is %d), so it is one frame", level),
			Fix: "sudo sysctl kernel.perf_event_paranoid=1"}
	}
	return &Refusal{Reason: whole.Reason, What: "what the kernel did, and for whom, so it is one frame: " + whole.What, Fix: whole.Fix}
}

func paranoidLevel() (int, bool) {
	text, err := os.ReadFile("/proc/sys/kernel/perf_event_paranoid")
	if err != nil {
		return 0, false
	}
	level, err := strconv.Atoi(strings.TrimSpace(string(text)))
	return level, err == nil
}

const (
	capSysAdmin = 21
	capPerfmon  = 38
)

func capable(capability uint) bool {
	set, err := strconv.ParseUint(system.StatusOf(0, "CapEff"), 16, 64)
	return err == nil && set&(1<<capability) != 0
}

// filtered says whether a filter of system calls stands over this process.
func filtered() bool { return system.StatusOf(0, "Seccomp") == "2" }

// ownUser says whether we may look into a process as its user: same user and groups, and
// no privilege that we lack.
func ownUser(pid int) bool {
	if os.Geteuid() == 0 {
		return true
	}
	uids := strings.Fields(system.StatusOf(pid, "Uid"))
	for _, uid := range uids {
		if uid != strconv.Itoa(os.Geteuid()) {
			return false
		}
	}
	// A program with capabilities of its own can't be dumped, nor looked into.
	return len(uids) > 0 && strings.Trim(system.StatusOf(pid, "CapPrm"), "0") == ""
}
