// Package tuitest holds what the tests of the screens' rooms have in common: made-up
// runs as their events, and checks of frames, against golden files too. Only tests
// import it.
package tuitest
