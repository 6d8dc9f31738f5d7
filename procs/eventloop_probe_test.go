//go:build unix

package procs

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
)

func TestFullPipeNeverHoldsUpTheServer(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT CHECKED with -short: it watches real processes for a while")
	}
	t.Parallel() // it mostly waits
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	probe := &eventLoopProbe{reader: reader, writer: writer, script: filepath.Join(t.TempDir(), "probe.js")}
	if err := os.WriteFile(probe.script, eventLoopScript, 0o600); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(NodeForTest(t), "-e", ListeningNode+`
setTimeout(() => { console.log('turned'); process.exit(0); }, 900);`)
	server.Env = os.Environ()
	probe.give(server)
	var out bytes.Buffer
	server.Stdout, server.Stderr = &out, &out
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	probe.neverWaits()
	raw, err := writer.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	fill := bytes.Repeat([]byte("x"), 1<<16) // what a pipe holds
	_ = raw.Control(func(fd uintptr) { fillUp(int(fd), fill) })
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	select {
	case err := <-ended:
		if err != nil || !strings.Contains(out.String(), "turned") {
			t.Errorf("it ended with %v and said %q", err, out.String())
		}
	case <-time.After(time.Minute):
		_ = server.Process.Kill()
		t.Error("the server waits for somebody to read what the probe writes")
	}
}

func fillUp(fd int, with []byte) {
	for len(with) > 0 {
		n, err := syscall.Write(fd, with)
		if err != nil { // EAGAIN: it is full; then to the last byte
			with = with[:len(with)/2]
			continue
		}
		with = with[n:]
	}
}

func TestLinesThatAreNotTheProbesAreNotTaken(t *testing.T) {
	p := &eventLoopProbe{}
	now := time.Now()
	for _, line := range []string{
		"", "loop", "hello x y", "loop 7 250 0.5 1 2 3", // nobody said hello
		"hello 7 v20.1.0",
		"loop 8 250 0.5 1 2 3", // of another process
		"loop 7 250 0.5 1 2", "loop 7 250 NaN 1 2 3", "loop 7 250 -1 1 2 3", "loop 7 250 0.5 1 2 x", "loop 7 1e300 0.5 1 2 3",
		"loop 7 251.5 1.0001 1.25 2 3",
	} {
		p.take(line, now)
	}
	word := p.since(now.Add(1400 * time.Millisecond))
	want := measure.EventLoop{Over: 251500 * time.Microsecond, Utilization: 1, DelayP50MS: 1.25, DelayP99MS: 2, DelayMaxMS: 3}
	if word.Node != "v20.1.0" || len(word.Loops) != 1 || word.Loops[0] != want || word.Silent != 1400*time.Millisecond {
		t.Errorf("%+v; want only %+v", word, want)
	}
	if again := p.since(now); len(again.Loops) != 0 {
		t.Errorf("told twice: %+v", again)
	}
}

// NodeForTest finds Node, or skips the test and says what that leaves open.
func NodeForTest(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Skip("NOT CHECKED: the event-loop probe; there is no node on this machine")
	}
	return path
}

// ListeningNode is a server that does nothing, and says what it finds in its environment.
const ListeningNode = `
const server = require('http').createServer((q, r) => r.end()).listen(0, '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => server.close());
`
