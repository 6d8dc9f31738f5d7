// Package procs starts child processes and stops them for certain, with all that descends
// from them: it keeps their logs, hears what a script in them tells, and follows a server
// that goes to the background. It knows the operating system; it must not know of HTTP,
// load, contenders or screens. What can be read of processes is below it, in system.
package procs
