package system

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ListenerOf finds who listens on a TCP port: the socket's inode in the kernel's tables,
// then the process that has it open. It reads every process's descriptors: only for an
// error message.
func ListenerOf(port int) (owner Owner, found bool) {
	files := NewFiles()
	sockets := map[string]bool{}
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if text, ok := files.Read(unix.AT_FDCWD, table); ok {
			for _, inode := range ListeningInodes(text, port) {
				sockets["socket:["+inode+"]"] = true
			}
		}
	}
	if len(sockets) == 0 {
		return Owner{}, false
	}
	for pid := range Processes(0) {
		directory := Path(pid, "fd")
		open, err := os.ReadDir(directory)
		if err != nil {
			continue // another user's, or ended
		}
		for _, descriptor := range open {
			target, err := os.Readlink(directory + "/" + descriptor.Name())
			if err != nil || !sockets[target] {
				continue
			}
			name := "a process"
			if text, ok := files.Read(unix.AT_FDCWD, Path(pid, "comm")); ok {
				name = string(bytes.TrimSpace(text))
			}
			return Owner{pid, name}, true
		}
	}
	return Owner{}, true
}

// ListeningInodes finds the sockets that listen on the port in a table like
// /proc/net/tcp, whose lines are "0: 0100007F:1F90 00000000:0000 0A …" with the
// port in hex, the state (0A listens), and the inode as the tenth field.
func ListeningInodes(table []byte, port int) (inodes []string) {
	wanted := fmt.Appendf(nil, ":%04X", port)
	var room [32][]byte
	for line := range bytes.Lines(table) {
		all := Fields(line, room[:])
		if len(all) >= 10 && string(all[3]) == "0A" && bytes.HasSuffix(all[1], wanted) {
			inodes = append(inodes, string(all[9]))
		}
	}
	return inodes
}

// ListensOf finds where processes listen, by the sockets that they have open: at unix
// sockets only where they have no port.
func ListensOf(pids ...int) (addresses []Address, known bool) {
	files := NewFiles()
	var unixSockets []Address
	for _, pid := range pids {
		directory := Path(pid, "fd")
		open, err := os.ReadDir(directory)
		if err != nil {
			continue // another user's, or ended
		}
		known = true
		own := map[string]bool{}
		for _, descriptor := range open {
			if target, err := os.Readlink(directory + "/" + descriptor.Name()); err == nil && strings.HasPrefix(target, "socket:[") {
				own[strings.TrimSuffix(strings.TrimPrefix(target, "socket:["), "]")] = true
			}
		}
		for _, table := range []string{"net/tcp", "net/tcp6"} { // of its own network
			if text, ok := files.Read(unix.AT_FDCWD, Path(pid, table)); ok {
				addresses = append(addresses, addressesIn(text, func(_ Address, inode string) bool { return own[inode] })...)
			}
		}
		if text, ok := files.Read(unix.AT_FDCWD, Path(pid, "net/unix")); ok {
			unixSockets = append(unixSockets, unixListeners(text, func(inode string) bool { return own[inode] })...)
		}
	}
	if len(addresses) == 0 {
		addresses = unixSockets
	}
	return sorted(addresses), known
}

// A listening socket of streams that has a name, in a table like /proc/net/unix: flags that
// say so, the type, the state, the inode, the name.
// 000000000a799a7b: 00000002 00000000 00010000 0001 01 4711 /run/app.sock
var unixListener = regexp.MustCompile(`(?m)^\S+: \S+ \S+ 00010000 0001 \S+ +(\d+) (.+)$`)

// unixListeners are those of them that are wanted. What a runtime listens on for its own
// tools serves nobody.
func unixListeners(table []byte, wanted func(inode string) bool) (addresses []Address) {
	for _, found := range unixListener.FindAllSubmatch(table, -1) {
		name := string(found[2])
		if wanted(string(found[1])) && !strings.Contains(name, "/.java_pid") && !strings.Contains(name, "/dotnet-diagnostic-") {
			addresses = append(addresses, Address{Path: name})
		}
	}
	return addresses
}

// ListenersOn are the addresses of this machine on which anybody listens on the port.
func ListenersOn(port int) (addresses []Address) {
	files := NewFiles()
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if text, ok := files.Read(unix.AT_FDCWD, table); ok {
			addresses = append(addresses, addressesIn(text, func(a Address, _ string) bool { return a.Port == port })...)
		}
	}
	return sorted(addresses)
}

// addressesIn are the listening sockets of a table like /proc/net/tcp that are wanted.
func addressesIn(table []byte, wanted func(address Address, inode string) bool) (addresses []Address) {
	var room [32][]byte
	for line := range bytes.Lines(table) {
		all := Fields(line, room[:])
		if len(all) < 10 || string(all[3]) != "0A" {
			continue
		}
		if address, ok := addressOf(string(all[1])); ok && wanted(address, string(all[9])) {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// addressOf reads "0100007F:1F90": the address in words of 32 bits, each in the
// machine's order of bytes, and the port.
func addressOf(text string) (Address, bool) {
	host, port, found := strings.Cut(text, ":")
	words, err := hex.DecodeString(host)
	number, bad := strconv.ParseUint(port, 16, 16)
	if !found || err != nil || bad != nil || len(words) != net.IPv4len && len(words) != net.IPv6len {
		return Address{}, false
	}
	ip := make(net.IP, len(words))
	for at := 0; at < len(words); at += 4 {
		binary.NativeEndian.PutUint32(ip[at:], binary.BigEndian.Uint32(words[at:]))
	}
	return Address{IP: ip, Port: int(number)}, true
}

// OutgoingPorts is the range that the kernel picks ports of outgoing connections from.
func OutgoingPorts() (first, last int, ok bool) {
	text, ok := NewFiles().Read(unix.AT_FDCWD, "/proc/sys/net/ipv4/ip_local_port_range")
	if !ok {
		return 0, 0, false
	}
	all := Fields(text, nil)
	if len(all) != 2 {
		return 0, 0, false
	}
	first, err1 := strconv.Atoi(string(all[0]))
	last, err2 := strconv.Atoi(string(all[1]))
	return first, last, err1 == nil && err2 == nil
}
