// Package measure is what is measured of a load, a server and its machine, and sums of
// it over time. It measures nothing itself: the engine and procs do, and whoever reads a
// run needs neither.
package measure
