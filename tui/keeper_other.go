//go:build !unix

package tui

import (
	"os"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/term"

	"github.com/benchtui/benchtui/internal/crash"
)

// keeper gives the terminal back before a panic; there are no jobs here.
type keeper struct{ guard func() }

func keep(program *tea.Program, _ bool, _ chan struct{}, _ func(string)) *keeper {
	before, _ := term.GetState(int(os.Stdin.Fd()))
	return &keeper{guard: crash.Before(func() { giveBack(program, before) })}
}

func (k *keeper) end() (gone bool) {
	k.guard()
	return false
}
