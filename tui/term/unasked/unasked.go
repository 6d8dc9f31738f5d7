// Package unasked keeps the charm libraries from asking the terminal for its
// background when a program starts that imports them: a command that draws nothing
// would wait for the answer, for up to 5 s, and swallow the keys that were typed
// meanwhile. Importing it is all there is to it; the screens ask for themselves.
//
// It knows nothing of benchtui. Packages are initialized in the order of their
// import paths as soon as what they import is (Go 1.21 and newer, "Package
// initialization" of the language's specification), and this one's path stands
// before that of the library that asks.
package unasked

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
