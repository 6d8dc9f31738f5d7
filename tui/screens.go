package tui

import (
	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/build"
	"github.com/benchtui/benchtui/tui/screen/choose"
	"github.com/benchtui/benchtui/tui/screen/detail"
	"github.com/benchtui/benchtui/tui/screen/flame"
	"github.com/benchtui/benchtui/tui/screen/leaderboard"
	"github.com/benchtui/benchtui/tui/screen/live"
	"github.com/benchtui/benchtui/tui/screen/present"
	"github.com/benchtui/benchtui/tui/screen/race"
)

// allScreens are all there are. Where several are opened from one, their keys stand in
// its last line in this order.
func allScreens(options Options) []screen.Screen {
	return []screen.Screen{
		choose.New(options.Choices, options.Begin),
		build.New(),
		live.New(),
		leaderboard.New(),
		detail.New(),
		flame.New(),
		race.New(),
		present.New(),
	}
}

// What the command line needs of the choose screen.
type (
	Choices        = choose.Choices
	Selection      = choose.Selection
	FoundContender = choose.FoundContender
	Warning        = choose.Warning
)

// Looking is the state of a contender whose tools are still being looked for.
const Looking = choose.Looking

// LiveRun is a run as the screens see it.
type LiveRun = screen.Run
