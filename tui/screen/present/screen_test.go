package present_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/present"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return present.New() }
	screentest.Golden(t, make, "stage", "stage-latency", "stage-race", "stage-finding", "stage-places", "stage-result", "stage-of-18", "stage-race-of-18", "stage-why", "stage-why-at")
	screentest.GoldenIn(t, make, "stage-why", [2]int{160, 45})
}
