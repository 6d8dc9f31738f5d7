package run

import (
	"fmt"
	"slices"
	"time"

	"github.com/benchtui/benchtui/frameworks"
	"github.com/benchtui/benchtui/internal/figure"
	"github.com/benchtui/benchtui/internal/measure"
	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs"
)

// silence is how long a loop may say nothing before that tells something: it
// reports four times as often, and a loop that only turns slowly still reports.
const silence = time.Second

// probes says whether the contender's event loop is to tell of itself.
func (r *Run) probes(contender frameworks.Contender) bool {
	return !r.plan.NoProbes && slices.Contains(contender.Manifest.Probes, frameworks.NodeEventLoop)
}

// eventLoop follows what the probe in a server tells. A nil one hears nothing.
// It belongs to the sampling's goroutine.
type eventLoop struct {
	child    *procs.Child
	word     procs.EventLoopWord // without its Loops
	last     measure.EventLoop
	reported bool
	told     bool // why nothing is heard
}

// eventLoop is nil if the server was not given a probe.
func (r *Run) eventLoop(s *server) *eventLoop {
	if s.child == nil || !r.probes(s.contender) {
		return nil
	}
	return &eventLoop{child: s.child}
}

// hear returns what is new at a moment of a phase: words, or that there are none.
func (l *eventLoop) hear(phase stream.Phase, into time.Duration) []stream.EventLoopSample {
	if l == nil {
		return nil
	}
	l.word = l.child.EventLoop()
	var samples []stream.EventLoopSample
	for _, loop := range l.word.Loops {
		l.last, l.reported = loop, true
		samples = append(samples, stream.EventLoopSample{Phase: phase, Into: into, Loop: loop})
	}
	if l.reported && len(samples) == 0 && l.word.Silent > silence {
		samples = append(samples, stream.EventLoopSample{Phase: phase, Into: into, Loop: l.last, Silent: l.word.Silent})
	}
	return samples
}

// why says, once and under load, why nothing is heard; "" if there is no need to.
func (l *eventLoop) why(phase stream.Phase, into time.Duration) string {
	if l == nil || l.told || phase != stream.PhaseWarmup && phase != stream.PhaseLoad {
		return ""
	}
	var why string
	switch {
	case !procs.CanProbeEventLoops:
		why = "the probe can't report on this system"
	case l.word.Workers > 0:
		why = fmt.Sprintf("the server is a cluster of %s, and the probe sees the loop of none", figure.Plural(l.word.Workers, "worker", "workers"))
	case l.word.Node == "": // it says hello before the server's own code runs
		why = "the probe was not loaded: this is no Node, or one that takes no NODE_OPTIONS"
	case !l.reported && into > silence:
		why = "the probe is loaded but silent: another process than the one that it is in listens, or the loop has not turned since"
	}
	l.told = why != ""
	return why
}
