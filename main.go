// Command benchtui benchmarks web frameworks live: it starts each one's server,
// loads it, shows what happens while it happens, and ends with a leaderboard.
package main

import (
	"os"

	"github.com/benchtui/benchtui/internal/cli"
)

// version is set by the release build.
var version = "dev"

func main() {
	os.Exit(cli.Main(version, os.Args[1:]))
}
