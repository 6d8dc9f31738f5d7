//go:build !linux

package procs

import (
	"fmt"

	gopsnet "github.com/shirou/gopsutil/v3/net"
	"github.com/shirou/gopsutil/v3/process"
)

// listenerOf finds who listens on a TCP port, "" if that can't be seen. It reads
// every process's descriptors, which takes tens of ms: only for an error message.
func listenerOf(port int) (owner string, found bool) {
	connections, err := gopsnet.Connections("tcp")
	if err != nil {
		return "", false
	}
	for _, connection := range connections {
		if connection.Status != "LISTEN" || connection.Laddr.Port != uint32(port) {
			continue
		}
		if connection.Pid == 0 {
			return "", true
		}
		name := "a process"
		if one, err := process.NewProcess(connection.Pid); err == nil {
			if known, err := one.Name(); err == nil {
				name = known
			}
		}
		return fmt.Sprintf("%s (pid %d)", name, connection.Pid), true
	}
	return "", false
}

// outgoingPorts is unknown here.
func outgoingPorts() (first, last int, ok bool) { return 0, 0, false }
