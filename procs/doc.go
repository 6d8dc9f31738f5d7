// Package procs starts child processes, samples the whole tree of each, and stops
// them for certain. It knows the operating system; it must not know of HTTP,
// load, contenders or screens. It is the only room that imports gopsutil.
package procs
