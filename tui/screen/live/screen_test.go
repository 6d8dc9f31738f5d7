package live_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/live"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return live.New() }
	screentest.Golden(t, make, "live-start", "live-golang", "live-express", "live-silent", "live-log", "live-cursor", "live-enlarged", "live-switched", "round-live", "round-cooldown", "live-pauses", "live-compiling", "live-why", "live-why-taken", "live-why-asked", "live-why-refused")
	for _, name := range []string{"live-express", "live-silent"} { // where the whole screen has no room
		screentest.GoldenIn(t, make, name, [2]int{79, 40}, [2]int{60, 20}, [2]int{59, 20}, [2]int{40, 12}, [2]int{24, 6})
	}
	for _, name := range []string{"live-express", "live-golang"} { // as films are made
		screentest.GoldenIn(t, make, name, [2]int{160, 45})
	}
	screentest.GoldenASCII(t, make, "live-why-taken", [2]int{80, 24}, [2]int{120, 36})
	screentest.GoldenASCII(t, make, "live-express", [2]int{80, 24}, [2]int{120, 36})
}
