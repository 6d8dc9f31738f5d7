package race_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/race"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return race.New() }
	screentest.Golden(t, make, "race-why", "race", "race-of-18", "race-of-18-first", "race-of-18-ended")
}
