//go:build !unix

package term

import (
	"os"
	"time"
)

// askTerminal: here a terminal can't be asked without waiting for its answer.
func askTerminal(_, _ *os.File, _ string, _ time.Duration, _ func([]byte) bool) []byte { return nil }
