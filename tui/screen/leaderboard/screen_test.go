package leaderboard_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/leaderboard"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return leaderboard.New() }
	screentest.Golden(t, make, "leaderboard", "leaderboard-sorted", "leaderboard-of-18", "rounds-leaderboard", "rounds-ties", "rounds-costs", "leaderboard-why")
	screentest.GoldenIn(t, make, "leaderboard", [2]int{59, 20}, [2]int{40, 12}, [2]int{24, 6})
	screentest.GoldenASCII(t, make, "leaderboard", [2]int{80, 24}, [2]int{120, 36})
}
