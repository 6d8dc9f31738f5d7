//go:build unix

package tui

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/internal/crash"
)

// keeper gives the terminal back whenever the program is paused, or told to end with a
// trace, and notices when there is no terminal any more.
type keeper struct {
	program *tea.Program
	mouse   bool
	tell    func(string) // that the run stood still
	before  *term.State  // of the terminal; nil: stdin is none
	asked   chan struct{}
	done    chan struct{}
	ended   chan struct{}
	gone    bool // after ended
	guard   func()
}

func keep(program *tea.Program, mouse bool, asked chan struct{}, tell func(string)) *keeper {
	k := &keeper{program: program, mouse: mouse, tell: tell, asked: asked, done: make(chan struct{}), ended: make(chan struct{})}
	k.before, _ = term.GetState(int(os.Stdin.Fd()))
	k.guard = crash.Before(k.giveBack)
	crash.Go(k.watch)
	return k
}

func (k *keeper) watch() {
	defer close(k.ended)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, append(traced(), syscall.SIGTSTP)...)
	defer signal.Stop(signals)
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-k.done:
			return
		case <-k.asked:
			k.pause(signals, 0) // with all of the job, as the terminal would
		case got := <-signals:
			if got == syscall.SIGTSTP {
				k.pause(signals, os.Getpid())
				continue
			}
			crash.Begin()
			k.giveBack()
			signal.Reset(got)
			_ = syscall.Kill(os.Getpid(), got.(syscall.Signal))
			select {} // the runtime prints where everything stands, and ends
		case <-look.C:
			// A hang-up that is ignored, as nohup has it, tells nobody that it came.
			if _, err := term.GetState(int(os.Stdin.Fd())); err != nil && k.before != nil {
				k.gone = true
				crash.Go(k.program.Quit) // it may have ended
				return
			}
		}
	}
}

// traced are the signals, sent by somebody, at which the runtime ends the program with a trace.
func traced() []os.Signal {
	return []os.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGTRAP, syscall.SIGILL, syscall.SIGSYS, syscall.SIGSEGV, syscall.SIGBUS, syscall.SIGFPE}
}

// pause gives the terminal back, stops the process, or with 0 its whole job, and takes
// the terminal again once it goes on.
func (k *keeper) pause(signals chan os.Signal, whom int) {
	const patience = 300 * time.Millisecond
	if k.program.ReleaseTerminal() != nil {
		return
	}
	goesOn := make(chan os.Signal, 1)
	signal.Notify(goesOn, syscall.SIGCONT)
	defer signal.Stop(goesOn)
	signal.Reset(syscall.SIGTSTP)
	began := time.Now()
	_ = syscall.Kill(whom, syscall.SIGTSTP)
	select {
	case <-goesOn:
	case <-time.After(patience): // a job that no shell controls is not stopped by that
		_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
		select {
		case <-goesOn:
		case <-time.After(patience): // nor can the first process of a container be
		}
	}
	stood := time.Since(began)
	signal.Notify(signals, syscall.SIGTSTP)
	_ = k.program.RestoreTerminal()
	if k.mouse {
		k.program.Send(tea.EnableMouseCellMotion())
	}
	k.tell(fmt.Sprintf("benchtui was paused for %s, and the load with it: figures of that time tell nothing of the server", stood.Round(100*time.Millisecond)))
}

// end ends the watch; gone says that the terminal is.
func (k *keeper) end() (gone bool) {
	close(k.done)
	<-k.ended
	k.guard()
	return k.gone
}

func (k *keeper) giveBack() { giveBack(k.program, k.before) }
