// Command torture tries faults on the real benchtui: servers that misbehave, signals in
// every phase, machines that lack something, files that somebody spoiled. After each, the
// program must have ended in time with a code of its own, no trace of a panic and no
// escape sequence in what it printed, little memory used, nobody left behind, and nothing
// written outside of its folder. -list names what is promised to be survived and the
// faults that are tried for it.
//
// It also is the soak: a constant rate for as long as asked, with a recording, through
// which memory and descriptors stay level and of which every interval is there.
package main
