package sample

import "strings"

// Serving is who answers on a port.
type Serving struct {
	Listens     bool     // somebody does
	Hidden      bool     // and can't be seen: another user's, or behind a proxy
	Outside     []int    // those of them that do not descend from what was started
	Roots       []int    // the processes that serve are these and their descendants
	Names       []string // of the roots, each once
	StarterName string   // of what was started
}

// Word names who serves: "node", "nginx and php-fpm".
func (s Serving) Word() string { return strings.Join(s.Names, " and ") }
