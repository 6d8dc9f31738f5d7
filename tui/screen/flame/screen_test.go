package flame_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/flame"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return flame.New() }
	for _, name := range []string{"flame", "flame-zoomed", "flame-search", "flame-typing"} {
		screentest.GoldenIn(t, make, name, [2]int{80, 24}, [2]int{160, 45})
	}
	screentest.GoldenIn(t, make, "flame", [2]int{40, 12}, [2]int{24, 6})
	screentest.GoldenASCII(t, make, "flame-search", [2]int{80, 24})
}
