package build

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
)

// process is a short-lived command: a step of a build, a toolchain that is asked
// for its version. Contenders themselves are started elsewhere.
type process struct {
	path   string
	args   []string
	dir    string
	env    []string // the whole environment
	output io.Writer
	long   bool // it may take so long that a guard is worth its start
}

// runProcess runs the command in a process group of its own and waits for it.
// When ctx ends, the whole group is killed; what the command left running is
// killed when it ends by itself.
func runProcess(ctx context.Context, p process) error {
	cmd := exec.CommandContext(ctx, p.path, p.args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = p.dir, p.env, p.output, p.output
	cmd.WaitDelay = 2 * time.Second
	// Of what a build leaves running, a server's clean-up in procs must know that it is not the server's.
	cmd.Env = append(slices.Clip(cmd.Env), "BENCHTUI_BUILD=1")
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process.Pid) }
	done := make(chan error, 1)
	crash.Go(func() {
		// Linux sends the parent-death signal when the starting thread ends, so
		// the thread must live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := cmd.Start(); err != nil {
			done <- err
			return
		}
		dismiss := func() {}
		if p.long {
			dismiss = guardGroup(cmd.Process.Pid)
		}
		err := cmd.Wait()
		sweepGroup(cmd.Process.Pid)
		dismiss()
		done <- err
	})
	err := <-done
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if exit, ok := err.(*exec.ExitError); ok {
		return fmt.Errorf("%s", exit.ProcessState)
	}
	return err
}
