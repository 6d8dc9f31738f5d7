//go:build !(linux || darwin || dragonfly || freebsd || netbsd || openbsd)

package engine

import (
	"context"
	"time"

	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/traffic"
)

// loopsAvailable says whether this platform has event loops.
const loopsAvailable = false

// loop is the fast client, which this platform does not have.
type loop struct{}

func newLoops(*load, int) []*loop { return nil }

func (l *loop) lastReplyAt() time.Duration { return 0 }

func (l *loop) take(*measure.Measures, traffic.Checks) time.Duration { return 0 }

func (l *load) runLoops(context.Context) error { return nil }
