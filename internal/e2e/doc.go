// Package e2e holds the end-to-end tests: they build the program and run it as a person
// does, in a terminal where it needs one, against servers that this test binary plays.
package e2e
