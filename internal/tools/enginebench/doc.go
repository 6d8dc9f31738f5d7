// Command bench measures the load engine beside its peers: every tool against the
// same cheap server, in turn, several times, by the CPU time that the kernel
// counts for each. It is what `make bench-engine` runs, on Linux.
package main
