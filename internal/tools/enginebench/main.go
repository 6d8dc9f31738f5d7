//go:build linux

package main

import (
	"fmt"
	"os"
)

func main() {
	role, args := "", os.Args[1:]
	if len(args) > 0 {
		role = args[0]
	}
	var err error
	switch role {
	case "serve":
		err = serve(portArgument(args[1:]), nil)
	case "witness":
		err = serve(portArgument(args[1:]), newWitness())
	case "meter":
		err = meter(args[1:])
	case "crosscheck":
		err = crosscheck(args[1:])
	case "pool":
		err = pool(args[1:])
	case "ours":
		err = ours(args[1:])
	default:
		err = compare(args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}
