package procs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"
)

// Command is what to start and how.
type Command struct {
	Path    string   // absolute, or looked up in PATH
	Args    []string // without the program's name
	Dir     string   // "" is this process's
	Env     []string // beside this process's environment, NAME=value; later ones win
	LogFile string   // stdout and stderr are appended here; "" keeps only the last lines
	// OnLine gets each line of stdout and stderr as it comes, from one goroutine.
	OnLine func(line string)
}

// markName is the variable that every descendant of a child inherits: by it they
// are found also when they left the process group and lost their parent.
const markName = "BENCHTUI_CHILD"

var marks atomic.Uint64

// outputAfterDeath is how long the log of an ended child is still read when a
// descendant holds it open.
const outputAfterDeath = 500 * time.Millisecond

// Start starts the command in a process group of its own. The error names the
// program and says what to do.
func Start(command Command) (*Child, error) {
	log, err := openLog(command.LogFile, command.OnLine)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	mark := markName + "=" + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatUint(marks.Add(1), 10)
	cmd := exec.Command(command.Path, command.Args...)
	cmd.Dir = command.Dir
	cmd.Env = append(append(os.Environ(), command.Env...), mark)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.WaitDelay = outputAfterDeath
	ownGroup(cmd)
	child := &Child{cmd: cmd, mark: mark, log: log, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// Linux sends the parent-death signal when the thread that started the
		// child ends, not the process; so this thread lives as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			child.wait()
		}
	}()
	if err := <-started; err != nil {
		log.close()
		return nil, startError(command.Path, err)
	}
	return child, nil
}

func startError(path string, err error) error {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("start %s: no such program in PATH; install it, or give its path", path)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("start %s: no such file; is the path right, and is it built?", path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("start %s: it may not be executed; chmod +x it, or name its interpreter", path)
	}
	return fmt.Errorf("start %s: %w", path, err)
}
