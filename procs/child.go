package procs

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/procs/runtimes"
)

// Child is a started process, the leader of its own process group.
type Child struct {
	cmd       *exec.Cmd
	envMarker string // the name of a variable that its descendants inherit
	origin    origin // as the platform names a process for good
	guard     *guard // after done; nil where there is none
	log       *log
	probe     *eventLoopProbe    // nil without one
	traces    *runtimes.GoTraces // nil without them
	output    *os.File           // where what it writes is read
	silent    chan struct{}      // closed when nobody can write to the log any more
	done      chan struct{}
	exit      Exit // after done

	skipGrace    sync.Once
	graceSkipped chan struct{} // closed when no grace is given any more

	stopping sync.Mutex
	kin      kin  // how what left the group is known again
	over     bool // the tree was seen gone; nothing that has its numbers now is its
}

// PID is the process's id.
func (c *Child) PID() int { return c.cmd.Process.Pid }

// Done is closed when the process has ended.
func (c *Child) Done() <-chan struct{} { return c.done }

// Exit says how it ended; only after Done.
func (c *Child) Exit() Exit { return c.exit }

// LastLines returns up to n of the last lines it logged, oldest first.
func (c *Child) LastLines(n int) []string { return c.log.last(n) }

// EventLoop is what the child's event loop told since the call before; nothing
// without Command.EventLoop.
func (c *Child) EventLoop() EventLoopWord { return c.probe.since(time.Now()) }

// GoTraces is what the child's Go runtime told in its log since the call before; nothing
// without Command.GoTraces, or if it is no Go program. serves says that one is among those
// that serve.
func (c *Child) GoTraces(serves bool) measure.Runtime { return c.traces.Since(time.Now(), serves) }

// TracesScheduler says that what the child's Go runtime tells in its log has the run queues
// of all processes in it.
func (c *Child) TracesScheduler() bool { return c.traces.TellsOfScheduler() }

// listen takes what the child and its descendants write until none of them is left.
func (c *Child) listen() {
	defer close(c.silent)
	defer c.log.close()
	defer c.output.Close()
	if c.traces == nil {
		_, _ = io.Copy(c.log, c.output)
		return
	}
	defer c.traces.Flush()
	_, _ = io.Copy(c.traces, c.output)
}

// deafen ends that, also if somebody is left who could write.
func (c *Child) deafen() {
	if !closedWithin(c.silent, outputAfterDeath) {
		c.output.Close()
		<-c.silent
	}
}

// closedWithin waits for a channel's end, at most for so long. Where the machine stands
// still, that takes one of many steps, and who is to close it has the others.
func closedWithin(over <-chan struct{}, most time.Duration) bool {
	const steps = 20
	for range steps {
		select {
		case <-over:
			return true
		case <-time.After(most / steps):
		}
	}
	return false
}

func (c *Child) wait() {
	_ = c.cmd.Wait() // how it ended is in ProcessState
	closedWithin(c.silent, outputAfterDeath)
	c.probe.ended()
	c.exit = exitOf(c.cmd.ProcessState)
	close(c.done)
	// The common case is that it leaves nothing behind. If it did, its group's
	// Number stays taken, and Stop ends the rest.
	c.stopping.Lock()
	defer c.stopping.Unlock()
	c.gone()
}

// killPatience is how long processes that were killed may take to vanish; and so often
// they are looked for at least, for the machine may stand still that long.
const (
	killPatience = 5 * time.Second
	killLooks    = 50
)

// Stop ends the child and all its descendants, those that left the group
// included: SIGTERM, the grace time, SIGKILL. It returns when the whole tree is
// verified gone, or says what is left. It is safe to call more than once, at the
// same time, and after the child has ended by itself. Once the ctx of any call is
// cancelled, all of them skip what is left of the grace time.
func (c *Child) Stop(ctx context.Context, grace time.Duration) error {
	if ctx.Err() != nil {
		c.noGrace()
	}
	defer context.AfterFunc(ctx, crash.Guarded(c.noGrace))()
	c.stopping.Lock()
	defer c.stopping.Unlock()
	defer c.deafen()
	if c.gone() {
		return nil
	}
	select {
	case <-c.graceSkipped:
	default:
		c.terminate()
		if c.goneWithin(grace, c.graceSkipped) {
			return nil
		}
	}
	limit := time.Now().Add(killPatience)
	for looks := 0; looks < killLooks || time.Now().Before(limit); looks++ {
		c.kill() // again and again: a fork may slip through a look
		if c.goneWithin(lookAtMost, nil) {
			return nil
		}
	}
	return fmt.Errorf("%s still there %s after SIGKILL; end by hand what can be ended", c.restInWords(), killPatience)
}

func (c *Child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

func (c *Child) noGrace() { c.skipGrace.Do(func() { close(c.graceSkipped) }) }

// The time between two looks at what is left doubles from the one to the other:
// a look reads all processes of the machine.
const (
	lookAtLeast = time.Millisecond
	lookAtMost  = 20 * time.Millisecond
)

// goneWithin waits for the end of the tree, at most for the time, and not after
// enough is closed.
func (c *Child) goneWithin(most time.Duration, enough <-chan struct{}) bool {
	limit := time.NewTimer(most)
	defer limit.Stop()
	select {
	case <-c.done:
	case <-enough:
		return false
	case <-limit.C:
		return c.gone()
	}
	// The leader is gone; its descendants have the rest of the time.
	for pause := lookAtLeast; !c.gone(); pause = min(2*pause, lookAtMost) {
		look := time.NewTimer(pause)
		select {
		case <-enough:
			look.Stop()
			return false
		case <-limit.C:
			look.Stop()
			return c.gone()
		case <-look.C:
		}
	}
	return true
}

// gone says whether the child has ended and nothing that came from it is left.
// It needs the lock.
func (c *Child) gone() bool {
	if !c.ended() {
		return false
	}
	if c.over {
		return true
	}
	// Two looks: a process that forks and ends between two entries of the
	// process table hides from one.
	for range 2 {
		if len(c.left()) > 0 || len(c.kin.unsure) > 0 {
			return false
		}
	}
	c.over = true
	c.guard.dismiss()
	return true
}

func (c *Child) restInWords() string {
	var rest []string
	if !c.ended() {
		rest = append(rest, fmt.Sprintf("process %d", c.PID()))
	}
	for _, pid := range c.left() {
		rest = append(rest, fmt.Sprintf("its descendant %d", pid))
	}
	for _, pid := range c.kin.unsure {
		rest = append(rest, fmt.Sprintf("process %d, which may be its,", pid))
	}
	if len(rest) == 1 {
		return rest[0] + " is"
	}
	return strings.Join(rest, ", ") + " are"
}
