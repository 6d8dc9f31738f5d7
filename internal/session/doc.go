// Package session runs contender after contender, phase after phase, and tells
// what happens as one ordered stream of events; everything that is shown, written
// or kept is a fold over that stream. It is the only room that knows engine,
// procs and frameworks together, and it must not know who consumes its events.
package session
