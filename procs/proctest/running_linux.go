package proctest

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/procs/system"
)

// Running says whether the process runs; a zombie does not.
func Running(pid int) bool {
	stat, ok := system.ReadStat(pid)
	return ok && !stat.Ended()
}

// nameProcess gives the process its role's name.
func nameProcess(role Role) { _ = os.WriteFile("/proc/self/comm", []byte(role), 0o600) }

// loopbackUp gives the network that the process is in a loopback.
func loopbackUp() {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(socket)
	if loopback, err := unix.NewIfreq("lo"); err == nil {
		loopback.SetUint16(unix.IFF_UP)
		_ = unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, loopback)
	}
}
