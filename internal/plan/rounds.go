package plan

import (
	"time"

	"github.com/benchtui/benchtui/internal/field"
	"github.com/benchtui/benchtui/internal/leaderboard"
)

// DefaultCooldown is the rest between two contenders of a run in several rounds.
const DefaultCooldown = time.Second

// RoundCount is how often each contender is measured.
func (w Workload) RoundCount() int { return max(1, w.Rounds) }

// mostRounds is more than anybody waits for, and few enough to keep them all.
const mostRounds = 1000

func (w Workload) CheckRounds() error {
	switch {
	case w.Rounds < 0 || w.Rounds > mostRounds:
		return field.Errorf("rounds", "%d: pass 1 to %d; %d is the least that tells ties", w.Rounds, mostRounds, leaderboard.LeastRounds)
	case w.Cooldown < 0:
		return field.Errorf("cooldown", "%s: a time can't be negative; 0 leaves it out", w.Cooldown)
	}
	return nil
}
