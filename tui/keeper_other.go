//go:build !unix

package tui

import tea "github.com/charmbracelet/bubbletea"

// keeper is nothing where there are no jobs.
type keeper struct{}

func keep(*tea.Program, bool, chan struct{}, func(string)) *keeper { return &keeper{} }

func (*keeper) end() (gone bool) { return false }
