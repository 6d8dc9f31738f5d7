package plan

import "time"

// DefaultCooldown is the rest between two contenders of a run in several rounds.
const DefaultCooldown = time.Second

// RoundCount is how often each contender is measured.
func (w Workload) RoundCount() int { return max(1, w.Rounds) }

// Rest is how long nothing is done between two contenders.
func (w Workload) Rest() time.Duration {
	switch {
	case w.Cooldown != nil:
		return *w.Cooldown
	case w.Rounds > 1:
		return DefaultCooldown
	}
	return 0
}

// mostRounds is more than anybody waits for, and few enough to keep them all.
const mostRounds = 1000
