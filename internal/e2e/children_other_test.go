//go:build unix && !linux

package e2e

// inherited is told on Linux alone.
func inherited(int) string { return "" }
