package procs

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Child is a started process, the leader of its own process group.
type Child struct {
	cmd  *exec.Cmd
	mark string // its own environment variable, which its descendants inherit
	log  *log
	done chan struct{}
	exit Exit // after done

	stopping sync.Mutex
}

// PID is the process's id.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Done is closed when the process has ended.
func (c *Child) Done() <-chan struct{} { return c.done }

// Exit says how it ended; only after Done.
func (c *Child) Exit() Exit { return c.exit }

// LastLines returns up to n of the last lines it logged, oldest first.
func (c *Child) LastLines(n int) []string { return c.log.last(n) }

func (c *Child) wait() {
	_ = c.cmd.Wait() // how it ended is in ProcessState
	c.log.close()
	c.exit = exitOf(c.cmd.ProcessState)
	close(c.done)
}

// killPatience is how long processes that were killed may take to vanish.
const killPatience = 5 * time.Second

// lookAgain is the time between two looks at what is left.
const lookAgain = 2 * time.Millisecond

// Stop ends the child and all its descendants, those that left the group
// included: SIGTERM, the grace time, SIGKILL. It returns when the whole tree is
// verified gone, or says what is left. It is safe to call more than once and
// after the child has ended by itself. A cancelled ctx skips the grace time.
func (c *Child) Stop(ctx context.Context, grace time.Duration) error {
	c.stopping.Lock()
	defer c.stopping.Unlock()
	if ctx.Err() == nil {
		c.terminate()
		if c.goneWithin(ctx, grace) {
			return nil
		}
	}
	c.kill()
	limit := time.Now().Add(killPatience)
	for !c.gone() {
		if time.Now().After(limit) {
			return fmt.Errorf("process %d and %s still run after SIGKILL; end them by hand", c.PID(), c.leftWords())
		}
		c.kill() // a fork may have slipped through the first look
		time.Sleep(lookAgain)
	}
	return nil
}

func (c *Child) goneWithin(ctx context.Context, grace time.Duration) bool {
	limit := time.NewTimer(grace)
	defer limit.Stop()
	select {
	case <-c.done:
	case <-ctx.Done():
		return false
	case <-limit.C:
		return c.gone()
	}
	// The leader is gone; its descendants have the rest of the time.
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for !c.gone() {
		select {
		case <-ctx.Done():
			return false
		case <-limit.C:
			return c.gone()
		case <-look.C:
		}
	}
	return true
}

// gone says whether the child has ended and nothing that came from it is left.
func (c *Child) gone() bool {
	select {
	case <-c.done:
		return len(c.left()) == 0
	default:
		return false
	}
}

func (c *Child) leftWords() string {
	left := c.left()
	if len(left) == 0 {
		return "none of its descendants"
	}
	var words []string
	for _, pid := range left {
		words = append(words, fmt.Sprint(pid))
	}
	return "its descendants " + strings.Join(words, ", ")
}

// Exit is how a process ended.
type Exit struct {
	Code   int    // -1 if a signal ended it
	Signal string // "SIGKILL", or ""
}

// String says it as a person would: "exit code 3", "killed by SIGSEGV".
func (e Exit) String() string {
	if e.Signal != "" {
		return "killed by " + e.Signal
	}
	return fmt.Sprintf("exit code %d", e.Code)
}
