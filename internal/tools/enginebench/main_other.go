//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: it measures the event loops and counts CPU time as Linux does; run it there")
	os.Exit(1)
}
