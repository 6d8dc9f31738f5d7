package procs

import (
	"encoding/binary"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/benchtui/benchtui/internal/measure"
)

// markBackends marks the neighbours that the server talks to: a database's workers, a
// cache. Who holds the other end of a connection that the server has, over TCP on this
// machine or a Unix socket, works for it; but not who has connected to the port that
// it serves on, for that is a client. It takes some ms, and only where there are busy
// neighbours.
func markBackends(neighbours []measure.Neighbour, server []int, port int) {
	if len(neighbours) == 0 {
		return
	}
	servers := map[string]bool{}
	for _, pid := range server {
		for inode := range socketsOf(pid) {
			servers[inode] = true
		}
	}
	tcp, pipes := connectedTCP(), connectedUnix()
	for i := range neighbours {
		for inode := range socketsOf(neighbours[i].PID) {
			if peer := pipes[inode]; peer != "" && servers[peer] {
				neighbours[i].Backend = true
			}
			own, ok := tcp.ends[inode]
			if !ok || portOf(own.remote) == port {
				continue
			}
			if servers[tcp.inodes[tcpEnds{own.remote, own.local}]] {
				neighbours[i].Backend = true
			}
		}
	}
}

// socketsOf are the inodes of the sockets that a process has open.
func socketsOf(pid int) map[string]bool {
	directory, err := unix.Open(procPath(pid, "fd"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // another user's, or ended
	}
	defer unix.Close(directory)
	found := map[string]bool{}
	var room [64]byte
	for _, descriptor := range newProcFiles().numbers(directory) {
		n, err := unix.Readlinkat(directory, strconv.Itoa(descriptor), room[:])
		if err != nil {
			continue
		}
		if inode, ok := strings.CutPrefix(string(room[:n]), "socket:["); ok {
			found[strings.TrimSuffix(inode, "]")] = true
		}
	}
	return found
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
	files := newProcFiles()
	var room [32][]byte
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, ok := files.read(unix.AT_FDCWD, name)
		if !ok {
			continue
		}
		for line := range strings.Lines(string(text)) {
			all := fields([]byte(line), room[:])
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

// connectedUnix is the other end's inode, by a Unix socket's own; linux/unix_diag.h.
func connectedUnix() map[string]string {
	const (
		requestLength, messageLength = 24, 16
		inodeOffset                  = 4
		showPeer, peer               = 4, 2 // UDIAG_SHOW_PEER, UNIX_DIAG_PEER
	)
	diag, ok := openSocketDiag()
	if !ok {
		return nil
	}
	defer diag.close()
	body := make([]byte, requestLength)
	body[0] = unix.AF_UNIX
	binary.NativeEndian.PutUint32(body[4:], ^uint32(0)) // every state
	binary.NativeEndian.PutUint32(body[12:], showPeer)
	found := map[string]string{}
	diag.dump(body, func(message []byte) {
		if len(message) < messageLength {
			return
		}
		inode := binary.NativeEndian.Uint32(message[inodeOffset:])
		for rest := message[messageLength:]; len(rest) >= unix.SizeofRtAttr; {
			length := int(binary.NativeEndian.Uint16(rest))
			if length < unix.SizeofRtAttr || length > len(rest) {
				return
			}
			if binary.NativeEndian.Uint16(rest[2:]) == peer && length >= unix.SizeofRtAttr+int(unsafe.Sizeof(inode)) {
				other := binary.NativeEndian.Uint32(rest[unix.SizeofRtAttr:])
				found[strconv.FormatUint(uint64(inode), 10)] = strconv.FormatUint(uint64(other), 10)
			}
			rest = rest[min((length+3)&^3, len(rest)):]
		}
	})
	return found
}
