// Package system reads what the operating system tells of processes, of sockets that listen,
// and of CPUs, one thing at a time. It starts nothing, and sums and judges nothing.
package system
