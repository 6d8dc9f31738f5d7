package system

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// SocketsOf are the inodes of the sockets that a process has open.
func SocketsOf(pid int) map[string]bool {
	directory, err := unix.Open(Path(pid, "fd"), unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil // another user's, or ended
	}
	defer unix.Close(directory)
	found := map[string]bool{}
	var room [64]byte
	for _, descriptor := range NewFiles().Numbers(directory) {
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

// Owners are the processes that have one of the sockets open, ascending.
func Owners(sockets []ListenSocket, all map[int]Stat) (found []int) {
	found, _ = OwnersIn(sockets, all)
	return found
}

// OwnersIn says, too, whether each of the sockets has an owner.
func OwnersIn(sockets []ListenSocket, all map[int]Stat) (found []int, whole bool) {
	owned := map[uint32]bool{}
	for pid := range all {
		open := SocketsOf(pid)
		is := false
		for _, socket := range sockets {
			if open[strconv.FormatUint(uint64(socket.Inode), 10)] {
				is, owned[socket.Inode] = true, true
			}
		}
		if is {
			found = append(found, pid)
		}
	}
	slices.Sort(found)
	for _, socket := range sockets {
		if !owned[socket.Inode] {
			return found, false
		}
	}
	return found, true
}
