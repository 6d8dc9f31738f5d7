//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "profilecost: what a process costs is read from Linux; run it there")
	os.Exit(1)
}
