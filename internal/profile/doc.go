// Package profile is what a profiler saw of a server: stacks with the time that was
// spent in them, and what follows from them: the hottest functions, a tree for a flame
// graph, who called whom, what differs between two runs, which habits the stacks show.
// It reads and writes profiles in formats that other tools open. It takes none, knows no
// process and no runtime, and starts and draws nothing.
package profile
