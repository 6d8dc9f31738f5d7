// Package runtimes reads what language runtimes tell of themselves: the pauses in which
// they let none of the server's code run, their heap against its limit, what their
// compiler takes, what waits in their queues. Each in its own file: HotSpot's counters
// in shared memory and its compilers' threads, Go's trace lines and its scheduler's memory.
// What a runtime does not tell is missing, never 0. It reads and changes nothing, and starts
// nothing.
package runtimes
