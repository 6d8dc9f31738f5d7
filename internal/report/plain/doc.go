// Package plain writes a run as lines while it goes on, where there is no screen: a
// fold over a run's events.
package plain
