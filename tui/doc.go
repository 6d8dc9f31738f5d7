// Package tui is what a person sees: it folds a run's events into a state and
// draws that state on a terminal. It starts nothing and measures nothing; what is
// on the screen comes from the events and from nowhere else. Only this room and those
// below it import the charm libraries.
package tui
