package procs

import (
	"os"

	"golang.org/x/sys/unix"
)

// running says whether the process runs; a zombie does not.
func running(pid int) bool {
	stat, ok := readStat(pid)
	return ok && !stat.ended()
}

// setUp gives the process its role's name, and the network that it is in a loopback.
func setUp(role string) {
	_ = os.WriteFile("/proc/self/comm", []byte(role), 0o600)
	if role != "server-in-a-network" {
		return
	}
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
