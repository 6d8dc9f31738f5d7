package system

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestUnixSocketsAreNamedByWhoListensThere(t *testing.T) {
	const table = `Num       RefCount Protocol Flags    Type St Inode Path
000000004bf9dea7: 00000003 00000000 00000000 0001 03  1057 /run/connected.sock
000000000a799a7b: 00000002 00000000 00010000 0001 01 24723227 /tmp/a b  c.sock
000000000a799a7c: 00000002 00000000 00010000 0001 01  4711 @abstract
000000000a799a7d: 00000002 00000000 00010000 0001 01  4712
000000000a799a7e: 00000002 00000000 00010000 0001 01  4713 /tmp/.java_pid99
000000000a799a7f: 00000002 00000000 00010000 0001 01  4714 /tmp/dotnet-diagnostic-99-1-socket
000000000a799a80: 00000002 00000000 00000000 0002 01  4715 /run/datagrams
000000000a799a81: 00000002 00000000 00010000 0001 01  4716 /run/others.sock
`
	got := unixListeners([]byte(table), func(inode string) bool { return inode != "4716" })
	want := []Address{{Path: "/tmp/a b  c.sock"}, {Path: "@abstract"}}
	if !slices.EqualFunc(got, want, func(a, b Address) bool { return a.String() == b.String() }) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestUnixSocketIsToldOnlyOfWhoHasNoPort(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.sock")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if got, known := ListensOf(os.Getpid()); !known || len(got) != 1 || got[0].String() != "the unix socket "+path {
		t.Errorf("it listens on %v (%t)", got, known)
	}
	if got := (Address{Path: path}); got.Serves(net.IPv4(127, 0, 0, 1)) {
		t.Errorf("%v takes connections of TCP", got)
	}
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer port.Close()
	if got, known := ListensOf(os.Getpid()); !known || len(got) != 1 || got[0].String() != port.Addr().String() {
		t.Errorf("with a port it listens on %v (%t)", got, known)
	}
}
