//go:build unix

package proctest

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/benchtui/benchtui/procs"
)

// Patience is how long a test waits for what must come; no test waits for it to pass.
const Patience = time.Minute

// Child is a child of a test, with what it said.
type Child struct {
	*procs.Child
	mu    sync.Mutex
	said  []string
	spoke chan struct{}
}

// Start starts a role; it is stopped, and verified gone, as the test ends.
func Start(t testing.TB, role Role, options ...Options) *Child {
	t.Helper()
	return StartCommand(t, procs.Command{Path: os.Args[0], Env: []string{As(role, options...)}})
}

// StartCommand starts anything; it is stopped, and verified gone, as the test ends.
func StartCommand(t testing.TB, command procs.Command) *Child {
	t.Helper()
	c := &Child{spoke: make(chan struct{}, 1)}
	command.Env = append(command.Env, "GORACE=atexit_sleep_ms=0") // the race detector's leave-taking
	command.OnLine = func(line string) {
		c.mu.Lock()
		c.said = append(c.said, line)
		c.mu.Unlock()
		select {
		case c.spoke <- struct{}{}:
		default:
		}
	}
	child, err := procs.Start(command)
	if err != nil {
		t.Fatal(err)
	}
	c.Child = child
	t.Cleanup(func() {
		now, cancel := context.WithCancel(context.Background())
		cancel()
		if err := c.Stop(now, 0); err != nil {
			t.Error(err)
		}
		for _, pid := range c.PIDs() {
			if Running(pid) {
				t.Errorf("process %d outlived the test", pid)
			}
		}
	})
	return c
}

// Await waits until the child says the line.
func (c *Child) Await(t testing.TB, line string) {
	t.Helper()
	limit := time.NewTimer(Patience)
	defer limit.Stop()
	for !slices.Contains(c.Lines(), line) {
		select {
		case <-c.spoke:
		case <-limit.C:
			t.Fatalf("the child never said %q, but %q", line, c.Lines())
		}
	}
}

// AwaitEnd waits until the child has ended.
func (c *Child) AwaitEnd(t testing.TB) {
	t.Helper()
	select {
	case <-c.Done():
	case <-time.After(Patience):
		t.Fatal("the child did not end")
	}
}

// Lines is what it said until now.
func (c *Child) Lines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string{}, c.said...)
}

// PIDs are the child and the processes that it told of.
func (c *Child) PIDs() []int {
	pids := []int{c.PID()}
	for _, line := range c.Lines() {
		if number, ok := strings.CutPrefix(line, "pid "); ok {
			pid, _ := strconv.Atoi(number)
			pids = append(pids, pid)
		}
	}
	return pids
}

// Until waits for a condition.
func Until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for limit := time.Now().Add(Patience); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("in %s there was never: %s", Patience, what)
		}
	}
}
