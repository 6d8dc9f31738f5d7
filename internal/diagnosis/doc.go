// Package diagnosis turns measures into findings: what is wrong, the figures that
// show it, and what to do. Pure: no I/O and no clock.
package diagnosis
