//go:build !linux

package procs

import (
	"context"
	"time"
)

// look finds nobody: who listens can't be told here.
func (s *Service) look() inheritance { return nobodyServes }

func endProcesses(context.Context, []heir, time.Duration) (left int) { return 0 }
