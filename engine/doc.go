// Package engine is the load generator: it sends HTTP requests by a schedule and
// measures what comes back and how late it was itself. It must not know of
// processes, contenders or screens.
package engine
