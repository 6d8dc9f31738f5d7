//go:build !linux

package system

// SharesNetwork says that a process sees the same network as this one.
func SharesNetwork(int) bool { return true }
