package tuitest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// border is what a box is drawn with: along, down, and its corners.
type border struct{ along, down, topLeft, topRight, bottomLeft, bottomRight rune }

var borders = []border{{'─', '│', '╭', '╮', '╰', '╯'}, {'━', '┃', '┏', '┓', '┗', '┛'}}

// CheckFrame checks that a frame fits its terminal and that every border is whole.
// Blanks at a line's end are left out of a frame, so a line may be shorter.
func CheckFrame(t testing.TB, frame string, w, h int) {
	t.Helper()
	rows := strings.Split(frame, "\n")
	if len(rows) != h {
		t.Fatalf("%d lines on a screen of %d", len(rows), h)
	}
	grid := make([][]string, h)
	for y, line := range rows {
		if got := ansi.StringWidth(line); got > w {
			t.Fatalf("line %d is %d columns wide on a screen of %d: %q", y, got, w, line)
		}
		for line != "" {
			cluster, width := ansi.FirstGraphemeCluster(line, ansi.GraphemeWidth)
			line = line[len(cluster):]
			grid[y] = append(grid[y], cluster)
			for range width - 1 {
				grid[y] = append(grid[y], "")
			}
		}
	}
	at := func(x, y int) string {
		if y < h && x < len(grid[y]) {
			return grid[y][x]
		}
		return " "
	}
	for y := range grid {
		for x, c := range grid[y] {
			for _, with := range borders {
				if c == string(with.topLeft) {
					checkBox(t, at, x, y, w, h, with, frame)
				}
			}
		}
	}
}

// checkBox checks that the border that begins at x, y is whole; in its top and
// its sides there may be a title and a scroll bar.
func checkBox(t testing.TB, at func(x, y int) string, x, y, w, h int, with border, frame string) {
	t.Helper()
	along, down := string(with.along), string(with.down)
	right := x + 1
	for right < w && at(right, y) != string(with.topRight) && at(right, y) != "╭" && at(right, y) != "┏" {
		right++
	}
	bottom := y + 1
	for bottom < h && at(x, bottom) == down {
		bottom++
	}
	if at(right, y) != string(with.topRight) || at(x, bottom) != string(with.bottomLeft) || at(right, bottom) != string(with.bottomRight) {
		t.Fatalf("the box at %d,%d is not whole (right %d, bottom %d):\n%s", x, y, right, bottom, frame)
	}
	for row := y + 1; row < bottom; row++ {
		if c := at(right, row); c != down && c != "┃" {
			t.Fatalf("the box at %d,%d has a hole in line %d:\n%s", x, y, row, frame)
		}
	}
	for column := x + 1; column < right; column++ {
		if at(column, bottom) != along {
			t.Fatalf("the box at %d,%d has a hole in its bottom:\n%s", x, y, frame)
		}
	}
}
