//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "torture reads /proc to find who was left behind: it runs on Linux")
	os.Exit(1)
}
