package sample

import (
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// markBackends marks the other processes that the server talks to: a database's workers, a
// cache. Who holds the other end of a connection that the server has, over TCP on this
// machine or a Unix socket, works for it; but not who has connected to the port that
// it serves on, for that is a client. It takes some ms, and only where there are busy
// processes.
func markBackends(others []measure.OtherProcess, server []int, port int) {
	if len(others) == 0 {
		return
	}
	servers := map[string]bool{}
	for _, pid := range server {
		for inode := range system.SocketsOf(pid) {
			servers[inode] = true
		}
	}
	tcp, pipes := connectedTCP(), system.UnixPeers()
	for i := range others {
		for inode := range system.SocketsOf(others[i].PID) {
			if peer := pipes[inode]; peer != "" && servers[peer] {
				others[i].Backend = true
			}
			own, ok := tcp.ends[inode]
			if !ok || portOf(own.remote) == port {
				continue
			}
			if servers[tcp.inodes[tcpEnds{own.remote, own.local}]] {
				others[i].Backend = true
			}
		}
	}
}

// tcpEnds are a connection's addresses as the kernel's tables write them: "0100007F:1F90".
type tcpEnds struct{ local, remote string }

// tcpTable is who has which end of the machine's connections.
type tcpTable struct {
	ends   map[string]tcpEnds // by inode
	inodes map[tcpEnds]string
}

func connectedTCP() tcpTable {
	table := tcpTable{ends: map[string]tcpEnds{}, inodes: map[tcpEnds]string{}}
	files := system.NewFiles()
	var room [32][]byte
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, ok := files.Read(unix.AT_FDCWD, name)
		if !ok {
			continue
		}
		for line := range strings.Lines(string(text)) {
			all := system.Fields([]byte(line), room[:])
			if len(all) < 10 || string(all[3]) != "01" { // established
				continue
			}
			ends := tcpEnds{asIPv4(string(all[1])), asIPv4(string(all[2]))}
			table.ends[string(all[9])], table.inodes[ends] = ends, string(all[9])
		}
	}
	return table
}

// asIPv4 shortens an IPv4 address that is written as one of IPv6: the two ends of a connection may
// be of different families.
func asIPv4(address string) string {
	return strings.TrimPrefix(address, "0000000000000000FFFF0000")
}

func portOf(address string) int {
	_, digits, _ := strings.Cut(address, ":")
	port, err := strconv.ParseUint(digits, 16, 16)
	if err != nil {
		return 0
	}
	return int(port)
}
