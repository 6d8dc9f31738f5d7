package system

import "os"

// SharesNetwork says that a process sees the same network as this one: it is in no
// container with one of its own. Where that can't be read, it is taken for granted.
func SharesNetwork(pid int) bool {
	own, err := os.Readlink("/proc/self/ns/net")
	theirs, bad := os.Readlink(Path(pid, "ns/net"))
	return err != nil || bad != nil || own == theirs
}
