//go:build !linux

package system

import (
	"net"

	gopsnet "github.com/shirou/gopsutil/v3/net"
	"github.com/shirou/gopsutil/v3/process"
)

// ListenerOf finds who listens on a TCP port. It reads every process's descriptors, which
// takes tens of ms: only for an error message.
func ListenerOf(port int) (owner Owner, found bool) {
	connections, err := gopsnet.Connections("tcp")
	if err != nil {
		return Owner{}, false
	}
	for _, connection := range connections {
		if connection.Status != "LISTEN" || connection.Laddr.Port != uint32(port) {
			continue
		}
		if connection.Pid == 0 {
			return Owner{}, true
		}
		name := "a process"
		if one, err := process.NewProcess(connection.Pid); err == nil {
			if known, err := one.Name(); err == nil {
				name = known
			}
		}
		return Owner{int(connection.Pid), name}, true
	}
	return Owner{}, false
}

// ListensOf finds where processes listen.
func ListensOf(pids ...int) (addresses []Address, known bool) {
	for _, pid := range pids {
		connections, err := (&process.Process{Pid: int32(pid)}).Connections()
		if err != nil {
			continue
		}
		known = true
		addresses = append(addresses, addressesIn(connections)...)
	}
	return sorted(addresses), known
}

// ListenersOn are the addresses of this machine on which anybody listens on the port.
func ListenersOn(port int) (addresses []Address) {
	connections, err := gopsnet.Connections("tcp")
	if err != nil {
		return nil
	}
	for _, address := range addressesIn(connections) {
		if address.Port == port {
			addresses = append(addresses, address)
		}
	}
	return sorted(addresses)
}

func addressesIn(connections []gopsnet.ConnectionStat) (addresses []Address) {
	for _, connection := range connections {
		if connection.Status == "LISTEN" {
			addresses = append(addresses, Address{IP: net.ParseIP(connection.Laddr.IP), Port: int(connection.Laddr.Port)}) // "*" is no address, and so every one
		}
	}
	return addresses
}

// OutgoingPorts is unknown here.
func OutgoingPorts() (first, last int, ok bool) { return 0, 0, false }
