package build_test

import (
	"testing"

	"github.com/benchtui/benchtui/tui/screen"
	"github.com/benchtui/benchtui/tui/screen/build"
	"github.com/benchtui/benchtui/tui/screen/screentest"
)

func TestScreens(t *testing.T) {
	make := func(screentest.Scene) screen.Screen { return build.New() }
	screentest.Golden(t, make, "preparing", "build", "build-failed")
}
