package main

import (
	"os"
	"os/signal"
	"syscall"
)

// endingSignals are those that end a run in order. A hang-up that is ignored, as
// nohup has it, stays so: the run is to outlive its terminal.
func endingSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}
