// Package tuitest holds what the screens' tests have in common: made-up runs as their
// events, and checks of frames, against golden files too. Only tests import it.
package tuitest
