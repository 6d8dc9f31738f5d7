// Command profilecost measures what profilers cost the server that they look at: the CPU
// per request of one server under a constant rate, with and without the profiler in turn;
// and, by runs of benchtui itself, whether figures are the same with --why and without. It
// is no part of benchtui; make bench-why runs it.
package main
