package tui

import (
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/internal/crash"
)

// giveBack leaves the terminal as it was before, also when the program hangs, or is just
// about to begin. It ends the program, which must not take the terminal again. before is
// nil where stdin is none.
func giveBack(program *tea.Program, before *term.State) {
	const patience = time.Second
	ended := make(chan struct{})
	crash.Go(func() {
		program.Kill()
		program.Wait()
		close(ended)
	})
	select {
	case <-ended:
	case <-time.After(patience):
		dropOutput(int(os.Stdout.Fd())) // else a terminal that takes nothing keeps us here, too
		_, _ = os.Stdout.WriteString(leaveScreen)
	}
	if before != nil {
		_ = term.Restore(int(os.Stdin.Fd()), before)
	}
}
