package sample

import (
	"bytes"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/benchtui/benchtui/procs/system"
	"golang.org/x/sys/unix"
)

// ServingOn finds who answers on the port that a process was started to serve. What
// was started may be a shell, npm, docker run or systemd-run, and the server its
// descendant or none of its family: the sockets that listen there tell.
func ServingOn(port, started int) Serving {
	sockets, ok := system.ListenSockets(port)
	if !ok || len(sockets) == 0 {
		return Serving{}
	}
	all := system.Processes(0)
	children := childrenIn(all)
	family := familyOf(started, children)
	found := ownersAmong(sockets, all, family)
	serving := Serving{Listens: true, Hidden: len(found) == 0}
	if proxy, ok := onlyProxy(found, all); ok {
		found = containerBehind(proxy, all)
		serving.Hidden = len(found) == 0
	}
	if again, _ := system.ListenSockets(port); serving.Hidden && !shared(sockets, again) {
		return Serving{} // it was closed while its owner was looked for
	}
	if serving.Hidden {
		serving.StarterName = all[started].Name
		return serving
	}
	var outside []int
	inside := false
	for _, pid := range found {
		if family[pid] {
			inside = true
			continue
		}
		outside = append(outside, pid)
	}
	if inside {
		serving.Roots = append(serving.Roots, belowStarters(started, found, children))
	}
	serving.Outside = outside
	serving.Roots = append(serving.Roots, heads(withGroup(outside, all), all)...)
	for _, pid := range serving.Roots {
		if name := all[pid].Name; !slices.Contains(serving.Names, name) {
			serving.Names = append(serving.Names, name)
		}
	}
	serving.StarterName = all[started].Name
	return serving
}

// shared says that one of these sockets is still among those.
func shared(these, those []system.ListenSocket) bool {
	return slices.ContainsFunc(these, func(one system.ListenSocket) bool {
		return slices.ContainsFunc(those, func(other system.ListenSocket) bool { return one.Inode == other.Inode })
	})
}

// ownersAmong looks in the family, and among all others only if a socket is nobody's
// there: to look through everybody's files takes ms.
func ownersAmong(sockets []system.ListenSocket, all map[int]system.Stat, family map[int]bool) []int {
	ours := map[int]system.Stat{}
	for pid := range family {
		if one, ok := all[pid]; ok {
			ours[pid] = one
		}
	}
	if found, whole := system.OwnersIn(sockets, ours); whole {
		return found
	}
	return system.Owners(sockets, all)
}

func childrenIn(all map[int]system.Stat) map[int][]int {
	children := map[int][]int{}
	for pid, stat := range all {
		if !stat.Ended() {
			children[stat.Parent] = append(children[stat.Parent], pid)
		}
	}
	return children
}

func familyOf(root int, children map[int][]int) map[int]bool {
	family := map[int]bool{root: true}
	for rest := []int{root}; len(rest) > 0; rest = rest[1:] {
		for _, child := range children[rest[0]] {
			if !family[child] {
				family[child] = true
				rest = append(rest, child)
			}
		}
	}
	return family
}

// belowStarters goes down from what was started past those that merely wait for their
// only child: a shell, npm, sudo. Who has more than one child, or the socket, serves.
func belowStarters(started int, owners []int, children map[int][]int) int {
	at := started
	for range 64 { // no chain of starters is longer; and no ring is followed
		if slices.Contains(owners, at) || len(children[at]) != 1 {
			return at
		}
		at = children[at][0]
	}
	return started
}

// withGroup adds those that are in the same control group, as the processes of a
// service or of a container are: a front server's workers need not be its children.
// A group that we are in, too, says nothing.
func withGroup(owners []int, all map[int]system.Stat) []int {
	if len(owners) == 0 {
		return nil
	}
	files := system.NewFiles()
	group := func(pid int) string {
		text, _ := files.Read(unix.AT_FDCWD, system.Path(pid, "cgroup"))
		return string(text)
	}
	ours, found := group(os.Getpid()), slices.Clone(owners)
	wanted := map[string]bool{}
	for _, pid := range owners {
		if of := group(pid); of != "" && of != ours && of != group(1) {
			wanted[of] = true
		}
	}
	if len(wanted) == 0 {
		return found
	}
	for pid := range all {
		if wanted[group(pid)] && !slices.Contains(found, pid) {
			found = append(found, pid)
		}
	}
	return found
}

// heads are those whose parent is none of them, ascending: all others descend from them.
func heads(pids []int, all map[int]system.Stat) (found []int) {
	for _, pid := range pids {
		if !slices.Contains(pids, all[pid].Parent) {
			found = append(found, pid)
		}
	}
	slices.Sort(found)
	return found
}

// onlyProxy says whether the port is in the hands of docker's proxy alone: it passes
// on to a container what comes in.
func onlyProxy(owners []int, all map[int]system.Stat) (pid int, ok bool) {
	for _, pid := range owners {
		if all[pid].Name != "docker-proxy" && all[pid].Name != "rootlessport" {
			return 0, false
		}
	}
	if len(owners) == 0 {
		return 0, false
	}
	return owners[0], true
}

// containerBehind finds who listens behind docker's proxy, whose command line names
// the address and the port: in the network of a container that has the address.
func containerBehind(proxy int, all map[int]system.Stat) (found []int) {
	files := system.NewFiles()
	text, _ := files.Read(unix.AT_FDCWD, system.Path(proxy, "cmdline"))
	words := strings.Split(string(text), "\x00")
	address, port := after(words, "-container-ip"), after(words, "-container-port")
	number, err := strconv.Atoi(port)
	if err != nil || address == "" {
		return nil
	}
	own := networkOf(os.Getpid())
	checked := map[string][]system.ListenSocket{}
	for pid := range all {
		network := networkOf(pid)
		if network == "" || network == own {
			continue
		}
		sockets, known := checked[network]
		if !known {
			sockets = listeningIn(files, pid, address, number)
			checked[network] = sockets
		}
		if len(sockets) > 0 {
			found = append(found, system.Owners(sockets, map[int]system.Stat{pid: all[pid]})...)
		}
	}
	slices.Sort(found)
	return found
}

func after(words []string, name string) string {
	if at := slices.Index(words, name); at >= 0 && at+1 < len(words) {
		return words[at+1]
	}
	return ""
}

func networkOf(pid int) string {
	name, err := os.Readlink(system.Path(pid, "ns/net"))
	if err != nil {
		return ""
	}
	return name
}

// listeningIn are the sockets that listen on the port in the process's network, if
// that has the address.
func listeningIn(files *system.Files, pid int, address string, port int) (sockets []system.ListenSocket) {
	addresses, _ := files.Read(unix.AT_FDCWD, system.Path(pid, "net/fib_trie"))
	if !bytes.Contains(addresses, []byte(" "+address+"\n")) {
		return nil
	}
	for _, table := range []string{"net/tcp", "net/tcp6"} {
		text, ok := files.Read(unix.AT_FDCWD, system.Path(pid, table))
		if !ok {
			continue
		}
		for _, inode := range system.ListeningInodes(text, port) {
			if value, err := strconv.ParseUint(inode, 10, 32); err == nil {
				sockets = append(sockets, system.ListenSocket{Inode: uint32(value)})
			}
		}
	}
	return sockets
}
