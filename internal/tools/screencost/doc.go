// Command bench measures what the screen costs: whole runs of benchtui under a
// load, on a pseudo-terminal and with --plain in turn. It is no part of benchtui;
// make bench-tui runs it.
package main
