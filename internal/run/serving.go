package run

import (
	"fmt"
	"strings"

	"github.com/benchtui/benchtui/internal/stream"
	"github.com/benchtui/benchtui/procs/sample"
)

// follow finds the processes that serve and has them sampled. What was started may be
// but their starter: a shell, npm, docker run, systemd-run, or a server that went to
// the background.
//
// It is asked for when the server has answered, again before the load, for by then it
// may have more processes, and when those that were followed have ended. It returns
// the roots of what serves.
func (r *Run) follow(s *server, t *tally) (roots []int) {
	started := s.child.PID()
	serving := sample.ServingOn(s.port, started)
	roots = []int{started}
	switch {
	case serving.Hidden:
		whose := fmt.Sprintf("who listens on port %d can't be seen (another user's process, or one behind a proxy): CPU and memory are those of %s (pid %d), which started it",
			s.port, starterName(serving, s), started)
		if t.measuredAs(whose, true) {
			r.stream.emit(s.id, stream.Notice{Text: s.id + ": " + whose})
		}
	case len(serving.Roots) > 0:
		if s.sampling != nil {
			s.sampling.sampler.Follow(serving.Roots)
		}
		roots = serving.Roots
		if len(roots) > 1 || roots[0] != started {
			whose := fmt.Sprintf("%s (pid %s), which listens on port %d and was started through %s", serving.Word(), pids(serving.Roots), s.port, starterName(serving, s))
			if t.measuredAs(whose, false) {
				r.stream.emit(s.id, stream.Notice{Text: s.id + ": CPU and memory are those of " + whose})
			}
		}
	}
	return roots
}

func starterName(serving sample.Serving, s *server) string {
	if serving.StarterName != "" {
		return serving.StarterName
	}
	command := s.contender.Manifest.Run.Command
	if len(command) > 0 {
		return command[0][strings.LastIndexAny(command[0], `/\`)+1:]
	}
	return "what was started"
}

func pids(all []int) string {
	words := make([]string, len(all))
	for i, pid := range all {
		words[i] = fmt.Sprint(pid)
	}
	return strings.Join(words, ", ")
}
