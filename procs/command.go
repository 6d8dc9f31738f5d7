package procs

import (
	"crypto/rand"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/benchtui/benchtui/internal/crash"
	"github.com/benchtui/benchtui/procs/runtimes"
	"github.com/benchtui/benchtui/procs/system"
)

// Command is what to start and how.
type Command struct {
	Path    string   // absolute, relative to Dir, or looked up in PATH
	Args    []string // without the program's name
	Dir     string   // "" is this process's
	Env     []string // beside this process's environment, NAME=value; later ones win
	LogFile string   // stdout and stderr are appended here; "" keeps only the last lines
	// OnLine gets each line of stdout and stderr as it comes, from one goroutine.
	OnLine func(line string)
	// EventLoop loads a script into the child, if it is a Node server, that tells how
	// its event loop does: see Child.EventLoop. Where a child can't be given a pipe
	// (Windows), it is left out.
	EventLoop bool
	// GoTraces has a Go program tell of its collections in its log, out of which it is taken:
	// see Child.GoTraces; of its scheduler, too, if that can't be read from its memory. Of
	// other programs it changes nothing.
	GoTraces bool
	// Programs keeps what was read of programs in Go; nil: they are read anew.
	Programs *runtimes.Programs
	// CPUs are those that the child and its descendants may run on (Linux); nil: the
	// same as this process.
	CPUs system.CPUSet
}

// outputAfterDeath is how long the end of a child waits for its last lines when a
// descendant holds its log open. That one's are read on: a server in the background
// would break on a log that nobody reads.
const outputAfterDeath = 500 * time.Millisecond

// Start starts the command in a process group of its own, on Unix in a session of its
// own without a terminal: it can neither take the person's keys nor be stopped by them. The error names the
// program and says what to do.
//
// However this process ends, the child and its descendants end too: by Stop; on
// Linux the child by its parent-death signal and its descendants by their marker,
// on other Unixes by their process group, both by a guard; on Windows by a job.
// Out of reach of a SIGKILL of this process are only descendants that left the
// process group (and, on Linux, also wiped their environment).
func Start(command Command) (*Child, error) {
	log, err := openLog(command.LogFile, command.OnLine)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	marker := newEnvMarker()
	cmd := exec.Command(command.Path, command.Args...)
	cmd.Dir = command.Dir
	cmd.Env = append(append(os.Environ(), command.Env...), marker+"=1")
	output, written, err := os.Pipe()
	if err != nil {
		log.close()
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	cmd.Stdout, cmd.Stderr = written, written
	ownGroup(cmd)
	var traces *runtimes.GoTraces
	if path := programOf(cmd); command.GoTraces && isGo(path) {
		scheduler := !command.Programs.TellsInMemory(path)
		traces = runtimes.NewGoTraces(log, scheduler)
		old, _ := lastOf(cmd.Env, goDebugVariable)
		cmd.Env = append(cmd.Env, goDebugVariable+"="+runtimes.WithGoDebug(old, scheduler))
	}
	var probe *eventLoopProbe
	if command.EventLoop && CanProbeEventLoops {
		if probe, err = openEventLoopProbe(); err != nil {
			written.Close()
			output.Close()
			log.close()
			return nil, fmt.Errorf("start %s: %w", command.Path, err)
		}
		probe.give(cmd)
	}
	child := &Child{cmd: cmd, envMarker: marker, log: log, output: output, probe: probe, traces: traces, done: make(chan struct{}), graceSkipped: make(chan struct{}), silent: make(chan struct{})}
	adoptOrphans()
	started := make(chan error, 1)
	crash.Go(func() {
		// Linux sends the parent-death signal when the thread that started the
		// child ends, not the process; so this thread lives as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := child.begin(func() error { return system.StartOn(command.CPUs, cmd.Start) })
		started <- err
		if err == nil {
			crash.Go(child.listen)
			// After the child, so that it does not count into its start-up time.
			child.guard = newGuard(marker, cmd.Process.Pid)
			probe.started()
			child.remember()
			child.wait()
		}
	})
	err = <-started
	written.Close()
	if err != nil {
		output.Close()
		log.close()
		probe.notStarted()
		return nil, startError(command, cmd.Path, err)
	}
	return child, nil
}

// Learn reads what has to be known of a program in Go, which takes a second if it is a large
// one: who measures how long a server takes to start calls it before Start.
func (c Command) Learn() {
	cmd := exec.Command(c.Path)
	cmd.Dir = c.Dir
	c.Programs.TellsInMemory(programOf(cmd))
}

// markPrefix begins the name of a variable that all descendants of a child
// inherit: by it they are found also when they left the process group and lost
// their parent. A name of its own for each child, so that a benchtui started by
// a contender of another benchtui does not hide from it.
const markPrefix = "BENCHTUI_CHILD_"

func newEnvMarker() string {
	var random [8]byte
	_, _ = rand.Read(random[:]) // it never errs: crypto/rand says so
	return markPrefix + hex.EncodeToString(random[:])
}

func startError(command Command, found string, err error) error {
	name := command.Path
	switch {
	case command.Dir != "" && !isDirectory(command.Dir):
		return fmt.Errorf("start %s: its directory %s is not there; is it built?", name, command.Dir)
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("start %s: not found in PATH; install it, or give its path", name)
	case errors.Is(err, fs.ErrNotExist):
		if !filepath.IsAbs(found) {
			found = filepath.Join(command.Dir, found)
		}
		if _, missing := os.Stat(found); missing == nil {
			return fmt.Errorf("start %s: the interpreter or loader that it names is not found; see its first line (head -1) or ldd", name)
		}
		return fmt.Errorf("start %s: not found; is the path right, and is it built?", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("start %s: it may not be executed; chmod +x it, or name its interpreter", name)
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Errorf("start %s: this machine can't execute it; is it built for another one, or a script without a #! line?", name)
	}
	return fmt.Errorf("start %s: %w", name, err)
}

const goDebugVariable = "GODEBUG"

// programOf is the path of the program that a command starts.
func programOf(cmd *exec.Cmd) string {
	if filepath.IsAbs(cmd.Path) {
		return cmd.Path
	}
	return filepath.Join(cmd.Dir, cmd.Path)
}

// isGo says whether a program is written in Go, by what its linker left in it.
func isGo(path string) bool {
	_, err := buildinfo.ReadFile(path)
	return err == nil
}

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
