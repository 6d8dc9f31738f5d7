//go:build unix && !linux

package procs

import "testing"

const marksAreSeen = false

func guarded(*testing.T, int) {}
